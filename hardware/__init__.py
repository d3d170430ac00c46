"""The robot's parts and the ports they plug into. Imports nothing from `robot`."""

import os

# NumPy's OpenBLAS reads this once, when it is first imported. The robot multiplies matrices of a few hundred rows, one
# at a time in each thread: helper threads only get in the way (a face crop took 85 ms instead of 0.2, two busy cores).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
