"""Rapport: a companion robot that reads the room, on the device, and can say why."""

import hardware  # noqa: F401  before NumPy: it keeps OpenBLAS to one thread
