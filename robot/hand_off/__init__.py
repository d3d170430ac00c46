"""Calls a person on every channel that is configured, until one answers. What is said meanwhile is the mind's."""
