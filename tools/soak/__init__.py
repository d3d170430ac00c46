"""Lets the whole robot live for long with random faults: stepped days and real minutes."""
