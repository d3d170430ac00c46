"""What the fleet may know of a robot, made from its messages. Pure: no clock but the messages', no network.

Presence, not people: whether it is asleep, alone or with somebody, which parts work, whether a person is fetched. The
behaviour's own states would tell feelings, so they stay here. Moods go out only where consent, place and configuration
all say so, and then only as counts of the whole run, a few times an hour: too coarse to tell who felt what when.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from robot.config import Config
from robot.fleet.topics import EVENT, HAND_OFF, HEALTH, MOODS, STATE
from robot.messages import Consent, Health, Intent, Message, Mood, Rung
from robot.mind.mood import UNSURE
from robot.policy import permission_for

ACTIVITY: dict[str, str] = {"asleep": "asleep", "alone": "alone"}
"""The behaviour's states that say nothing of a person; all others are `with_somebody`."""


class Post(NamedTuple):
    """Something to publish: the last part of the topic, the payload, and whether the broker keeps it."""

    name: str
    payload: bytes
    retained: bool = True


class Bulletin:
    """Takes in every message of the robot and gives what is new for the fleet."""

    def __init__(self, config: Config) -> None:
        self._robot, self._share_moods = config.robot, config.fleet.share_moods
        self._moods = Counter[str]() if self._may_count(config.robot.consent) else None
        self._moods_every_s = config.fleet.moods_every_s
        self._moods_s = 0.0
        self._mood = UNSURE
        self._activity = self._hand_off = ""
        self._parts: dict[str, str] = {}

    def note(self, message: Message) -> Iterator[Post]:
        """What this message changes for the fleet; mostly nothing."""
        match message:
            case Intent():
                yield from self._note_intent(message)
            case Health():
                yield from self._note_health(message)
            case Consent(rung=rung):
                yield from self._permit(rung)
            case Mood() if self._moods is not None:
                yield from self._count(message, self._moods)

    def _note_intent(self, intent: Intent) -> Iterator[Post]:
        activity = ACTIVITY.get(intent.state, "with_somebody")
        hand_off = self._hand_off if intent.hand_off is None else intent.hand_off.state
        hand_off = "unneeded" if hand_off in ("", "offered") else hand_off  # an offer concerns nobody outside
        if (activity, hand_off) == (self._activity, self._hand_off):
            return
        if hand_off != self._hand_off and self._hand_off:
            yield _event(intent.t_s, f"hand-off {hand_off}")
        self._activity, self._hand_off = activity, hand_off
        yield Post(STATE, _json({"activity": activity, "hand_off": hand_off, "t_s": intent.t_s}))

    def _note_health(self, health: Health) -> Iterator[Post]:
        for part, value in health.parts.items():
            if self._parts.get(part, "ok") != value and value != "off":
                yield _event(health.t_s, f"{part} {value}")
        self._parts = dict(health.parts)
        yield Post(HEALTH, _json({"parts": self._parts, "t_s": health.t_s}))

    def _permit(self, rung: Rung) -> Iterator[Post]:
        """The rung has moved: below feelings nothing is counted, and what was counted is gone, from the broker, too."""
        if not self._may_count(rung):
            self._moods = None
            if self._share_moods:
                yield Post(MOODS, _json({}))
        elif self._moods is None:
            self._moods = Counter()

    def _may_count(self, rung: Rung) -> bool:
        allowed = permission_for(self._robot, rung)
        return self._share_moods and allowed.expression and allowed.tone

    def _count(self, mood: Mood, moods: "Counter[str]") -> Iterator[Post]:
        if mood.label not in (self._mood, UNSURE):
            moods[mood.label] += 1
        self._mood = mood.label
        if mood.t_s - self._moods_s >= self._moods_every_s:
            self._moods_s = mood.t_s
            yield Post(MOODS, _json(dict(sorted(moods.items()))))


def hand_off_post(packet: bytes) -> Post:
    """A hand-off's packet (`robot.hand_off.packet`), kept by the broker until the next."""
    return Post(HAND_OFF, packet)


def _event(t_s: float, text: str) -> Post:
    return Post(EVENT, _json({"t_s": t_s, "text": text}), retained=False)


def _json(table: dict[str, object]) -> bytes:
    return msgspec.json.encode(table)
