"""Runs TFLite models. Knows nothing of faces or voices."""
