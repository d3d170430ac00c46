"""Why the robot did what a report tells: the last decisions, each with its chain back to what was seen and heard."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from robot.grounds import Grounds
from robot.messages import Heard, Hearing, Intent, Mood, Reason, Request, Sighting
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import LOOKS
from robot.mind.reasons import face_clue, signal_clue, voice_clue
from robot.recording import Recording

Change = Mood | Intent | Reason
"""What the robot makes of percepts: messages that say what is behind them."""

Percept = Sighting | Hearing | Heard | Request
"""Where chains end."""

PERCEIVED = frozenset({"sight", "hearing", "words", "command", "tone", "request"})

SAME_MOMENT_S = 1e-6
"""Reasons of one step belong to one decision."""


class Link(NamedTuple):
    """One link of a chain: what it was, in plain words, and the links behind it.

    `grounds` are the lines and thresholds of persona and configuration that a reason rests on (`robot.grounds`).
    `kind` is that of a reason, or `mood`, `intent`, `sight`, `hearing`, `words`, `command` or `request` for the other
    messages. A message that is not in the report has no text.
    """

    id: str
    t_s: float | None
    kind: str
    text: str
    behind: tuple["Link", ...]
    grounds: tuple[str, ...] = ()


class Decision(NamedTuple):
    """Everything the robot decided in one step."""

    t_s: float
    links: tuple[Link, ...]


def last_decisions(recording: Recording, last: int) -> list[Decision]:
    """The last `last` decisions of a report, oldest first.

    The report is read twice, so that only what the chains need is held: percepts are many, changes are few.

    Raises:
        ReportError: the report is damaged or cut off.
    """
    changes: dict[str, Change] = {}
    states: dict[str, str] = {}
    state = ""
    steps: deque[list[Reason]] = deque(maxlen=last)
    for line in recording.lines():
        message = line.message
        if isinstance(message, Mood | Intent | Reason):
            changes[message.id] = message
        if isinstance(message, Reason):
            if not steps or message.t_s - steps[-1][0].t_s > SAME_MOMENT_S:
                steps.append([])
            steps[-1].append(message)
            state = message.what if message.kind == "state" else state
            states[message.id] = state
    wanted = _behind([reason.id for step in steps for reason in step], changes)
    percepts: dict[str, Percept] = {}
    for line in recording.lines():
        if isinstance(line.message, Percept) and line.message.id in wanted:
            percepts[line.message.id] = line.message
    grounds = Grounds(recording.run.config)
    return [
        Decision(
            step[0].t_s,
            tuple(
                _link(reason.id, changes, percepts)._replace(grounds=grounds.of(reason, states[reason.id]))
                for reason in step
            ),
        )
        for step in steps
    ]


def in_words(decision: Decision) -> Iterator[str]:
    """A decision as indented lines: each cause below what it explains, and nothing explained twice."""
    said: set[str] = set()
    own = {link.id for link in decision.links}
    yield f"{decision.t_s:.2f} s"
    for link in decision.links:
        yield from _tell(link, 1, said, own - {link.id})


def _tell(link: Link, depth: int, said: set[str], elsewhere: set[str]) -> Iterator[str]:
    indent = "  " * depth
    if link.id in said or (depth > 1 and link.id in elsewhere):
        return  # it stands in this decision as a line of its own
    said.add(link.id)
    if link.t_s is None:
        yield f"{indent}what {link.id} was is not in this report"
        return
    when = f" ({link.t_s:.2f} s)" if link.kind in PERCEIVED else ""
    yield f"{indent}{link.text}{when}"
    for ground in link.grounds:
        yield f"{indent}  by {ground}"
    for cause in link.behind:
        yield from _tell(cause, depth + 1, said, elsewhere)


def _behind(ids: list[str], changes: dict[str, Change]) -> set[str]:
    """Everything that the chains from these ids lead to."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        link = waiting.pop()
        if link not in found:
            found.add(link)
            waiting += changes[link].because if link in changes else ()
    return found


def _link(
    link: str,
    changes: dict[str, Change],
    percepts: dict[str, Percept],
    above: frozenset[str] = frozenset(),
) -> Link:
    """The chain from one message. A message that names itself, as only a damaged report could, is not followed."""
    message = changes.get(link) or percepts.get(link)
    if message is None:
        return Link(link, None, "", "", ())
    because = () if isinstance(message, Percept) else message.because
    above = above | {link}
    behind = tuple(_link(cause, changes, percepts, above) for cause in because if cause not in above)
    return Link(link, message.t_s, _kind(message), plain_words(message), behind)


def _kind(message: Change | Percept) -> str:
    if isinstance(message, Reason):
        return message.kind
    kinds = {
        "Sighting": "sight",
        "Hearing": "hearing",
        "HeardWords": "words",
        "HeardCommand": "command",
        "HeardTone": "tone",
    }
    return kinds.get(type(message).__name__, type(message).__name__.lower())


def plain_words(message: Change | Percept) -> str:
    """A message as one sentence."""
    match message:
        case Reason():
            return message.text
        case Mood():
            return _mood_words(message)
        case Intent():
            said = f", say “{message.say.text}”" if message.say is not None else ""
            return f"I mean to be {message.state.replace('_', ' ')} with my light {message.light}{said}"
        case Sighting():
            return _sight_words(message)
    return _sound_words(message)


def _sound_words(message: Hearing | Heard | Request) -> str:
    if not isinstance(message, Hearing):
        return signal_clue(message).text
    return voice_clue(message).text if message.speaking else f"I heard no voice ({message.level_dbfs:.0f} dBFS)"


def _mood_words(mood: Mood) -> str:
    rests = [
        f"{weight:.0%} {sense}"
        for sense, weight in (
            ("my eyes", mood.face_weight),
            ("my ears", mood.voice_weight),
            ("your words", mood.words_weight),
        )
        if weight >= 0.005
    ]
    on = f", going by {' and '.join(rests)}" if rests else ""
    if mood.label == UNSURE:
        return f"I was not sure how you feel (best guess {mood.confidence:.2f} sure{on})"
    return f"You seemed {LOOKS[mood.label]} ({mood.confidence:.2f} sure{on})"


def _sight_words(sighting: Sighting) -> str:
    if not sighting.faces:
        return "I saw nobody"
    clues = [face_clue(sighting.id, face).text for face in sighting.faces]
    if len(clues) == 1:
        return clues[0]
    return f"I saw {len(clues)} faces: " + ", ".join(clue.removeprefix("I saw ") for clue in clues)
