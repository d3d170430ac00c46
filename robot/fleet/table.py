"""What a dashboard knows of a whole fleet, from the messages on the broker. Pure."""

import json
from dataclasses import dataclass, field

from robot.fleet.topics import HAND_OFF, HEALTH, ONLINE, STATE, STATUS

WELL = frozenset({"ok", "off", "muted"})
LONGEST_NAME = 24


@dataclass(slots=True)
class Robot:
    """One robot as it last said it was. `changed_s` is the watcher's clock at the last news of it."""

    online: bool = False
    activity: str = "-"
    hand_off: str = "unneeded"
    reason: str = ""
    broken: tuple[str, ...] = ()
    t_s: float = 0.0
    changed_s: float = 0.0


@dataclass
class Table:
    """Every robot seen. Bad payloads are counted, never followed."""

    prefix: str = "rapport"
    robots: dict[str, Robot] = field(default_factory=dict)
    bad: int = 0

    def note(self, now_s: float, topic: str, payload: bytes) -> Robot | None:
        """Take in one message; the robot that it changed, or None."""
        prefix, _, rest = topic.partition("/")
        name, _, kind = rest.partition("/")
        if prefix != self.prefix or kind not in (STATUS, STATE, HEALTH, HAND_OFF):
            return None
        robot = self.robots.setdefault(name, Robot())
        if kind == STATUS:
            robot.online = payload == ONLINE
        elif not _take(robot, kind, payload):
            self.bad += 1
            return None
        robot.changed_s = now_s
        return robot

    def lines(self, now_s: float) -> list[str]:
        """The table in plain text: those that want a person first, then those that are ill or gone."""
        rows = [f"{'robot':<{LONGEST_NAME}} {'status':<8} {'activity':<14} {'hand-off':<11} {'news':>6}  what is wrong"]
        for name, robot in sorted(self.robots.items(), key=lambda entry: (_calm(entry[1]), entry[0])):
            wrong = "; ".join([*([robot.reason] if robot.hand_off != "unneeded" else []), *robot.broken])
            rows.append(
                f"{name[:LONGEST_NAME]:<{LONGEST_NAME}} {'online' if robot.online else 'OFFLINE':<8} "
                f"{robot.activity:<14} {robot.hand_off:<11} {now_s - robot.changed_s:5.0f}s  {wrong}".rstrip()
            )
        return rows


def _calm(robot: Robot) -> int:
    if robot.online and robot.hand_off in ("calling", "unanswered"):
        return 0
    if not robot.online or robot.broken:
        return 1
    return 2


def _take(robot: Robot, kind: str, payload: bytes) -> bool:
    try:
        table = json.loads(payload)
        if kind == STATE:
            robot.activity, robot.hand_off = str(table["activity"]), str(table["hand_off"])
            robot.t_s = float(table["t_s"])
        elif kind == HEALTH:
            parts: dict[str, str] = table["parts"]
            robot.broken = tuple(f"{part} {value}" for part, value in sorted(parts.items()) if value not in WELL)
        else:
            robot.reason = str(table["reason"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return True
