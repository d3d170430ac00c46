"""Judges a played scenario: what was expected and came, what was expected and did not, what should never have come."""

from collections.abc import Sequence
from dataclasses import dataclass

from robot.scenario.play import Moment, Played
from robot.scenario.script import ANYTHING, EVENTS, Clause, Expect, Scenario

EDGE_S = 1e-6
"""Times in a file and times of ticks are both decimal fractions; they meet within this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One clause of a scenario after the play: `text` says in a sentence what had to be, `saw` what was instead."""

    kind: str
    value: str
    between: tuple[float, float]
    held: bool
    text: str
    saw: str


def judge(scenario: Scenario, played: Played) -> list[Finding]:
    """A finding for every clause of the scenario, in the order of the file."""
    findings = []
    clauses: tuple[tuple[Clause, ...], ...] = (scenario.expect, scenario.never)
    for group in clauses:
        for clause in group:
            window = in_window(played.moments, clause.between)
            findings += [_judge(clause, kind, value, window) for kind, value in clause.wanted()]
    return findings


def in_window(moments: Sequence[Moment], between: tuple[float, float]) -> list[Moment]:
    """The moments from the first to the second time, both included."""
    first_s, last_s = between
    return [moment for moment in moments if first_s - EDGE_S <= moment.t_s <= last_s + EDGE_S]


def shows(moment: Moment, kind: str, value: str) -> bool:
    """True if `value` holds or happens at this moment. `why` and `words` need only be a part of what is there."""
    found = getattr(moment, kind)
    if kind in ("why", "words"):
        return any(value in text for text in found)
    if kind in EVENTS:
        return bool(found) if value == ANYTHING else value in found
    return value in found if kind == "faculty" else value == found


def _judge(clause: Clause, kind: str, value: str, window: list[Moment]) -> Finding:
    shown = [shows(moment, kind, value) for moment in window]
    times = _times(shown, kind)
    expected = isinstance(clause, Expect)
    if isinstance(clause, Expect) and clause.throughout:
        held, manner = bool(shown) and all(shown), "all the time"
    elif isinstance(clause, Expect) and (clause.at_least is not None or clause.at_most is not None):
        low, high = clause.at_least or 0, clause.at_most if clause.at_most is not None else len(window)
        held, manner = bool(shown) and low <= times <= high, _count_words(clause)
    elif expected:
        held, manner = any(shown), "at some moment"
    else:
        held, manner = bool(shown) and not any(shown), "at any moment"
    first_s, last_s = clause.between
    text = f"{'must' if expected else 'must not'} {VERBS[kind].format(value)} {manner} from {first_s:g} to {last_s:g} s"
    return Finding(kind, value, clause.between, held, text, "" if held else _saw(window, kind))


def _count_words(clause: Expect) -> str:
    if clause.at_least is not None and clause.at_least == clause.at_most:
        return f"{clause.at_least} times"
    words = [f"at least {clause.at_least}"] if clause.at_least is not None else []
    words += [f"at most {clause.at_most}"] if clause.at_most is not None else []
    return " and ".join(words) + " times"


def _times(shown: list[bool], kind: str) -> int:
    """How often it happened, or how often it began."""
    if kind in EVENTS:
        return sum(shown)
    return sum(now and not before for before, now in zip([False, *shown], shown, strict=False))


def _saw(window: list[Moment], kind: str) -> str:
    """What was there instead, each with its first time."""
    if not window:
        return "there is no moment in that time"
    found: list[str] = []
    last = None
    for moment in window:
        value = getattr(moment, kind)
        if kind in EVENTS:
            found += [f"{word} at {moment.t_s:g} s" for word in value]
        elif value != last:
            last = value
            found.append(f"{' '.join(sorted(value)) if kind == 'faculty' else value} from {moment.t_s:g} s")
    return ", ".join(found) if found else "nothing of the kind"


VERBS: dict[str, str] = {
    "state": "be {}",
    "mood": "think that the person is {}",
    "light": "shine {}",
    "look": "look {}",
    "faculty": "be {}",
    "gaze": "look {}",
    "hand_off": "have a person {}",
    "rung": "stand on the rung {}",
    "says": "say {}",
    "words": "say “{}”",
    "chirp": "chirp {}",
    "why": "give the reason “{}”",
}
"""What each kind of clause demands, as the verb of a sentence."""
