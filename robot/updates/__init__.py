"""Models over the air: a signed repository, a store that survives power cuts, a trial before trust, and a way back."""
