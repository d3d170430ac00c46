"""What the robot can still do: the health of the parts, as the degraded regions of the statechart.

A fault (something broke) is told apart from a choice (a part not asked for, or muted by a person): only a fault is
shown in the light of the whole body and comes with a sound.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from robot.messages import BROKEN, UNMISSED

CHOSEN: frozenset[str] = frozenset({"off", "muted"})

FAULTS: frozenset[str] = frozenset({"blind", "deaf", "unreading", "limp", "voiceless", "degraded"})
"""The states of the degraded regions that mean something broke."""

MENDED: dict[str, str] = {
    "blind": "seeing",
    "deaf": "hearing",
    "unreading": "reading",
    "limp": "able",
    "voiceless": "vocal",
    "degraded": "whole",
}
"""Each fault and the state that ends it."""

PASSING: dict[str, str] = {"muted": "unmuted", "hot": "cool", "updating": "settled"}
"""What is no fault and yet must be known to whoever is there, and the state that ends it."""

HEALTHY: frozenset[str] = frozenset(MENDED.values()) | frozenset(PASSING.values())
"""What a robot can do when nothing is wrong."""

EVENTS: dict[str, str] = {
    "seeing": "see",
    "blind": "go_blind",
    "shut": "shut_eyes",
    "hearing": "hear",
    "deaf": "go_deaf",
    "plugged": "plug",
    "reading": "read",
    "unreading": "stop_reading",
    "private": "keep_private",
    "able": "stand_up",
    "limp": "go_limp",
    "vocal": "find_voice",
    "voiceless": "lose_voice",
    "cool": "cool_down",
    "hot": "heat_up",
    "settled": "settle",
    "updating": "update",
    "whole": "mend",
    "degraded": "degrade",
    "unmuted": "unhush",
    "muted": "hush",
}
"""The event that leads to each state, whatever the region's state was."""


class Change(NamedTuple):
    """One region that moved: from a state to a state."""

    before: str
    after: str


def faculties(parts: Mapping[str, str]) -> frozenset[str]:
    """One state for each degraded region, from part names and their health. A part not named is taken to work."""
    return frozenset(
        (
            _sense(parts.get("camera", "ok"), "seeing", "blind", "shut"),
            _sense(parts.get("microphone", "ok"), "hearing", "deaf", "plugged"),
            _feelings([parts[name] for name in ("face_expression", "voice_tone") if name in parts]),
            "limp" if parts.get("servos", "ok") in BROKEN else "able",
            "voiceless" if parts.get("speaker", "ok") in BROKEN else "vocal",
            "hot" if "hot" in parts.values() else "cool",
            "updating" if "updating" in parts.values() else "settled",
            "degraded" if any(parts[name] in BROKEN for name in parts.keys() - OWN_REGION - UNMISSED) else "whole",
            "muted" if "muted" in parts.values() else "unmuted",
        )
    )


def describe_part(part: str, health: str) -> str:
    """`My camera is lost`."""
    verb = "are" if part.endswith("s") and part not in PART_NAMES else "is"
    return f"My {PART_NAMES.get(part, part.replace('_', ' '))} {verb} {HEALTH_WORDS.get(health, health)}"


def changes(before: frozenset[str], after: frozenset[str]) -> Iterator[Change]:
    """The regions that differ, in a fixed order."""
    for region in REGIONS:
        old, new = next(iter(before & region)), next(iter(after & region))
        if old != new:
            yield Change(old, new)


REGIONS: tuple[frozenset[str], ...] = (
    frozenset({"seeing", "blind", "shut"}),
    frozenset({"hearing", "deaf", "plugged"}),
    frozenset({"reading", "unreading", "private"}),
    frozenset({"able", "limp"}),
    frozenset({"vocal", "voiceless"}),
    frozenset({"cool", "hot"}),
    frozenset({"settled", "updating"}),
    frozenset({"whole", "degraded"}),
    frozenset({"unmuted", "muted"}),
)
"""The states of each degraded region."""

OWN_REGION: frozenset[str] = frozenset({"camera", "microphone", "speaker", "servos", "face_expression", "voice_tone"})
"""The parts that have a region of their own; if any other that is missed breaks, the robot is `degraded`."""

PART_NAMES: dict[str, str] = {
    "face_expression": "model of faces",
    "voice_tone": "model of voices",
    "voice_tone_deep": "second model of voices",
    "words": "understanding of words",
}
"""Parts whose name in `Health` is not what one would call them; the others are called by their name."""

HEALTH_WORDS: dict[str, str] = {
    "ok": "working",
    "off": "switched off",
    "lost": "lost",
    "muted": "muted",
    "missing": "not installed",
    "refused": "refused because it broke its contract",
    "hot": "too warm",
    "updating": "being updated",
    "weak": "too weak to move by",
    "read_only": "read-only: nothing can be written any more, look at the memory card",
}
"""The health of a part, in a sentence."""

SAYS: dict[str, str] = {
    "blind": "I cannot see",
    "shut": "I keep my eyes shut",
    "seeing": "I can see again",
    "deaf": "I cannot hear",
    "plugged": "I do not listen",
    "hearing": "I can hear again",
    "unreading": "I cannot read feelings",
    "private": "I do not read feelings here",
    "reading": "I can read feelings again",
    "limp": "I cannot move my face",
    "able": "I can move my face again",
    "voiceless": "I cannot speak",
    "vocal": "I can speak again",
    "hot": "I am too warm",
    "cool": "I have cooled down",
    "updating": "I am being updated",
    "settled": "I am up to date",
    "degraded": "a part of me does not work",
    "whole": "all of me works again",
    "muted": "somebody has muted me",
    "unmuted": "nobody mutes me any more",
}
"""Each state of the degraded regions as the start of a reason."""


def _sense(health: str, works: str, broken: str, chosen: str) -> str:
    if health in BROKEN:
        return broken
    return chosen if health in CHOSEN else works


def _feelings(models: list[str]) -> str:
    """Feelings are read while one model works; with all off it is private; otherwise something broke."""
    if not models or any(model not in BROKEN | CHOSEN for model in models):
        return "reading"
    return "unreading" if BROKEN & set(models) else "private"
