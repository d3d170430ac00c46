"""What the robot knows of the conversation that it is in: topics and times, no words. Forgotten with the person."""

from dataclasses import dataclass, field

from robot.messages import HeardWords

BACK_AFTER_S = 60.0
"""A topic is asked after again only when it has rested this long, and once."""


@dataclass(slots=True)
class Context:
    """Since when somebody is here, and what they spoke about, newest last: topic to when, and what was asked after."""

    met_s: float = 0.0
    topics: dict[str, float] = field(default_factory=dict)
    asked_after: set[str] = field(default_factory=set)

    def meet(self, t_s: float) -> None:
        """Somebody else is here now."""
        self.met_s = t_s
        self.topics.clear()
        self.asked_after.clear()

    def hear(self, t_s: float, words: HeardWords) -> None:
        """Take in what they spoke about."""
        if words.topic is not None:
            self.topics.pop(words.topic, None)
            self.topics[words.topic] = t_s

    def newest(self) -> str | None:
        """The last topic."""
        return next(reversed(self.topics), None)

    def to_ask_after(self, t_s: float) -> str | None:
        """A topic that has rested for long enough and was not asked after yet; it is then."""
        for topic, said_s in self.topics.items():
            if topic not in self.asked_after and t_s - said_s >= BACK_AFTER_S:
                self.asked_after.add(topic)
                return topic
        return None
