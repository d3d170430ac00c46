"""Which senses may exist at all: the consent rung and the place of use decide, before anything is opened or loaded.

Consent is a ladder (off, presence, feelings, remember): each rung allows what the one below does and one thing more.
The place can only take away. In workplaces and schools feelings are never read: Regulation (EU) 2024/1689 (AI Act),
article 5(1)(f) forbids it there, and nobody there is free to say no.

Where somebody looks and the signs that they give with head and hands are no feelings: they belong to presence, as
docs/decisions/0007-gaze-and-gestures.md explains. A smile and lowered brows are feelings, however they are read.
"""

from dataclasses import dataclass

from robot.config import RobotSettings
from robot.messages import Rung

NO_FEELINGS_PLACES = frozenset({"workplace", "school"})


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be built. Without `camera` or `microphone` the device is never opened.

    `expression` and `tone` are the models that read feelings from faces and voices: without them the files are not
    even read. `commands` is listening for the phrases of the spoken commands and for no other words. `words` is
    understanding what is said and what it feels like: without it nothing that is said is written down, not even in
    memory. `memory` is knowing a person again on another day.
    """

    camera: bool
    microphone: bool
    attention: bool
    expression: bool
    tone: bool
    memory: bool
    commands: bool
    words: bool


def permission_for(settings: RobotSettings, rung: Rung | None = None) -> Permission:
    """What the rung allows and the place does not forbid; `rung` where it has moved since the start."""
    rung = settings.consent if rung is None else rung
    senses = rung != "off"
    feelings = rung in ("feelings", "remember") and settings.place not in NO_FEELINGS_PLACES
    # What is remembered of a person is how they felt and what they said: it goes where feelings go.
    memory = rung == "remember" and feelings
    return Permission(
        camera=senses,
        microphone=senses,
        attention=senses,
        expression=feelings,
        tone=feelings,
        memory=memory,
        commands=senses,
        words=feelings,
    )
