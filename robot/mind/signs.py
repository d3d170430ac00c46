"""What a sign of head or hand asks of the robot: a nod says yes to a question, a raised palm says stop.

A sign asks for nothing that cannot be asked another way: the same `Request` comes from the page, and the spoken command
of that name is answered by the same rooms.
"""

from robot.messages import Gesture, Request, Sighting, What

LEAST_SURE = 0.5
LEAST_QUALITY = 0.2
"""A sign that is hardly to be seen asks for nothing."""

KEEP_S = 2.0
"""How long a sign is remembered, so that the sightings that repeat it do not count again."""

ANSWERS: dict[str, What] = {"nod": "yes", "shake": "no"}
"""Signs that mean something only after a question."""

ASKS: dict[str, What] = {"open_palm": "stop", "thumb_up": "like", "thumb_down": "dislike"}

DOES: dict[str, str] = {
    "nod": "you nodded",
    "shake": "you shook your head",
    "tilt": "you tilted your head",
    "lean_in": "you leaned in",
    "lean_away": "you leaned away",
    "wave": "you waved",
    "open_palm": "you held up your palm",
    "thumb_up": "you held your thumb up",
    "thumb_down": "you held your thumb down",
    "pointing": "you pointed",
    "victory": "you made a victory sign",
    "fist": "you made a fist",
}
"""Each sign in plain words, for reasons."""


class Signs:
    """Turns the signs of each sighting into requests, each sign once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int | None, float], float] = {}
        self.fresh: tuple[Gesture, ...] = ()

    def step(self, t_s: float, sighting: Sighting | None, asked: bool) -> tuple[Request, ...]:
        """What the signs that came since the last step ask; `asked` says whether the robot waits for a yes or no.

        `fresh` are the signs themselves. A request has the id of the sighting that shows it.
        """
        self.fresh = ()
        if sighting is None:
            return ()
        self._seen = {sign: seen_s for sign, seen_s in self._seen.items() if t_s - seen_s <= KEEP_S}
        new = [gesture for gesture in sighting.gestures if self._is_new(t_s, gesture)]
        self.fresh = tuple(new)
        wanted = (
            (gesture, ASKS.get(gesture.kind) or (ANSWERS.get(gesture.kind) if asked else None)) for gesture in new
        )
        return tuple(
            Request(sighting.id, round(t_s, 6), what, gesture.kind, "gesture")
            for gesture, what in wanted
            if what is not None
        )

    def _is_new(self, t_s: float, gesture: Gesture) -> bool:
        name = (gesture.kind, gesture.track, gesture.t_s)
        if name in self._seen or gesture.confidence < LEAST_SURE or gesture.quality < LEAST_QUALITY:
            return False
        self._seen[name] = t_s
        return True


def why_asked(request: Request) -> str:
    """The request as the end of a reason: `you nodded`, or `you asked me to` where it was no sign."""
    return DOES.get(request.value, "you asked me to") if request.by == "gesture" else "you asked me to"
