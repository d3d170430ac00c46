import ctypes
import subprocess
import sys

import pytest

from robot.care.heap import ARENAS, give_back_freed
from tools.soak.memory import private_mb


def test_what_was_freed_between_what_is_still_held_goes_back_to_the_system():
    blocks = [bytearray(16_000) for _ in range(4000)]
    held = blocks[::400]
    full_mb = private_mb()
    del blocks
    give_back_freed()
    assert full_mb - private_mb() > 30.0
    assert len(held) == 10


COUNT = """
import ctypes, sys, threading
from robot.care.heap import share_arenas

libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.malloc.restype = ctypes.c_void_p
if sys.argv[1] == "shared":
    share_arenas()
together = threading.Barrier(12)

def allocate():
    libc.malloc(1000)
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def heaps(way: str, path) -> int:
    """How many heaps a process has of which twelve threads allocate at the same time."""
    subprocess.run([sys.executable, "-c", COUNT, way, str(path)], check=True, timeout=60)
    return path.read_text(encoding="utf-8").count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="malloc_info is glibc's")
def test_threads_share_their_heaps(tmp_path):
    assert heaps("shared", tmp_path / "shared.xml") <= ARENAS
    assert heaps("each its own", tmp_path / "own.xml") > ARENAS
