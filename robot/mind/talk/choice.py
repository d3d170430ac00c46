"""Which set reply answers what was said: by its intent, its feeling, and the situation. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from robot.config import RobotSettings
from robot.messages import HeardWords
from robot.mind.talk.context import Context
from robot.mind.talk.intents import TELLS
from robot.mind.talk.phrases import Replybook

MORNING, EVENING = range(300, 660), range(1080, 1440)
"""Minutes of the day in which people say good morning and good evening."""

Reply = tuple[str, dict[str, object]]
"""The key of the phrases, and what is filled into them."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a reply depends on beside the words.

    `people` are in view; `contradicted` is true where face or tone speak against the feeling of the words.
    """

    t_s: float
    robot: RobotSettings
    state: str
    people: int
    contradicted: bool
    context: Context
    book: Replybook


def choose_reply(scene: Scene, words: HeardWords) -> Reply:
    """The reply to `words`; an intent without a rule of its own is answered by the phrases of its name."""
    rule = RULES.get(words.intent)
    return (words.intent, {}) if rule is None else rule(scene, words)


def _greeting(_: Scene, words: HeardWords) -> Reply:
    for time, minutes in (("morning", MORNING), ("evening", EVENING)):
        if words.minute is not None and words.minute in minutes:
            return f"greeting_{time}", {}
    return "greeting", {}


def _name(scene: Scene, _: HeardWords) -> Reply:
    return "name", {"name": scene.robot.name}


def _time(scene: Scene, words: HeardWords) -> Reply:
    return ("time_unknown", {}) if words.minute is None else ("time", {"time": scene.book.clock(words.minute)})


def _doing(scene: Scene, _: HeardWords) -> Reply:
    return f"doing_{scene.state}", {}


def _who(scene: Scene, _: HeardWords) -> Reply:
    key = {0: "who_none", 1: "who_one"}.get(scene.people, "who_many")
    return key, {"count": scene.people}


def _since(scene: Scene, _: HeardWords) -> Reply:
    return "since", {"minutes": scene.book.minutes(scene.t_s - scene.context.met_s)}


def _place(scene: Scene, _: HeardWords) -> Reply:
    return "place", {"place": scene.book.places[scene.robot.place]}


def _earlier(scene: Scene, _: HeardWords) -> Reply:
    topic = scene.context.newest()
    return ("earlier_none", {}) if topic is None else ("earlier", {"topic": scene.book.topics[topic]})


def _tells(scene: Scene, words: HeardWords) -> Reply:
    if words.feeling is not None:
        doubtful = scene.contradicted or words.feeling.unsure
        return f"tells_{'unsure' if doubtful else words.feeling.label}", {}
    if words.topic is not None:
        return "tells_topic", {"topic": scene.book.topics[words.topic]}
    topic = scene.context.to_ask_after(scene.t_s)
    return (TELLS, {}) if topic is None else ("back", {"topic": scene.book.topics[topic]})


RULES: dict[str, Callable[[Scene, HeardWords], Reply]] = {
    "greeting": _greeting,
    "name": _name,
    "time": _time,
    "doing": _doing,
    "who": _who,
    "since": _since,
    "place": _place,
    "earlier": _earlier,
    TELLS: _tells,
}
