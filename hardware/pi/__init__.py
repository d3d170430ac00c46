"""Raspberry Pi parts. Each module imports its library only when its part is built."""
