"""The topics of one robot, and its name there. docs/reference/fleet.md is the reference."""

import hashlib
import re
import unicodedata
from pathlib import Path

from robot.config import FleetSettings, RobotSettings

STATUS, STATE, HEALTH, MOODS, HAND_OFF = "status", "state", "health", "moods", "hand_off"
EVENT, SESSION, COMMAND, ANSWER = "event", "session", "command", "answer"
ONLINE, OFFLINE = b"online", b"offline"
MACHINE_ID = Path("/etc/machine-id")


def robot_id(fleet: FleetSettings, robot: RobotSettings, machine_id: Path = MACHINE_ID) -> str:
    """The robot's name on the broker: as configured, else its name with six digits that tell machines apart.

    The machine's id itself never leaves it (machine-id(5)); what does is a hash that nothing leads back from.
    """
    if fleet.id:
        return fleet.id
    plain = unicodedata.normalize("NFKD", robot.name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "robot"
    try:
        machine = machine_id.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return slug[:40]
    mark = hashlib.sha256(f"rapport fleet {machine}".encode()).hexdigest()[:6]
    return f"{slug[:33]}-{mark}"


def topic(fleet: FleetSettings, robot: str, name: str) -> str:
    """`rapport/ada-3f9a01/state`."""
    return f"{fleet.prefix}/{robot}/{name}"
