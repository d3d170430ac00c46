"""What the figures were measured on."""

import os
import platform
from importlib import metadata
from pathlib import Path

import msgspec

CORES_TAKEN = 0.5
"""More than this load a core before the start, and something else was running."""


class Machine(msgspec.Struct, frozen=True):
    """Processor, cores and versions, and how busy the computer was with other things before the start."""

    processor: str
    cores: int
    system: str
    python: str
    rapport: str
    interpreter: str
    load_before: float

    @property
    def quiet(self) -> bool:
        """Whether little else ran: figures taken on a busy computer say nothing about the robot."""
        return self.load_before <= CORES_TAKEN * self.cores


def this_machine() -> Machine:
    """The computer that this runs on."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        rapport=_version("rapport-robot"),
        interpreter=f"ai-edge-litert {_version('ai-edge-litert')}",
        load_before=round(os.getloadavg()[0], 2),
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith(("model name", "Model"))]
    return named[0] if named else platform.processor() or "unknown"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
