"""Rapport: a companion robot that reads the room, on the device, and can say why."""

import hardware  # noqa: F401  before NumPy: it keeps OpenBLAS to one thread

__version__ = "0.1.0"
"""setup.cfg takes it from here; to look it up among the installed packages takes a twentieth of the robot's start."""
