"""Health of the parts and the process."""
