"""A real end of memory: processes in a group that may have little of it, killed by the kernel when they want more."""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest

VERSION_1 = (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.oom_control")
VERSION_2 = (Path("/sys/fs/cgroup"), "memory.max", "memory.events")


class LittleMemory:
    """A control group with a limit. `kills` counts what the kernel has killed in it."""

    def __init__(self, folder: Path, events: str) -> None:
        self._folder = folder
        self._events = events

    def take_in(self, pid: int) -> None:
        """Put a process into it: what it wants from now on counts."""
        (self._folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    def command(self, *command: str) -> tuple[str, ...]:
        """A command that runs within it."""
        return "/bin/sh", "-c", f'echo $$ >{self._folder}/cgroup.procs && exec "$@"', "sh", *command

    @property
    def kills(self) -> int:
        """How often the kernel has killed a process of it for want of memory."""
        lines = (self._folder / self._events).read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


@contextmanager
def little_memory(limit_mb: float, *, moved: bool = False):
    """A group with `limit_mb` for everything in it. `moved`: for processes that something else counts as its own."""
    root, limit, events = VERSION_1 if (VERSION_1[0] / VERSION_1[1]).exists() else VERSION_2
    folder = root / f"rapport-test-{os.getpid()}"
    if moved and root == VERSION_2[0]:
        pytest.skip("memory is limited by the unified hierarchy here: a service's process cannot be moved in it")
    try:
        folder.mkdir()
        (folder / limit).write_text(str(round(limit_mb * 2**20)), encoding="ascii")
        LittleMemory(folder, events).kills  # noqa: B018  it can be counted here
    except OSError as error:
        if folder.exists():
            folder.rmdir()
        pytest.skip(f"no control group for memory can be made here: {error.strerror}")
    try:
        yield LittleMemory(folder, events)
    finally:
        folder.rmdir()
