"""A day's visitors, made up from a seed: who comes when, how they look, and when they talk."""

from dataclasses import dataclass

from robot.scenario.percepts import face, hearing, sighting

VISITS = 24
DAY_S = 24 * 3600.0
OPENS_S, CLOSES_S = 8 * 3600.0, 20 * 3600.0
EXPRESSIONS = ("neutral", "neutral", "neutral", "happiness", "happiness", "sadness", "anger", "fear", "surprise")
TONES = {"neutral": "neutral", "happiness": "happy", "sadness": "sad", "anger": "angry", "fear": "sad"}
FRAME_S, HOP_S = 0.2, 0.1


@dataclass(frozen=True)
class Stretch:
    """Some seconds of something: an expression, or a sentence with its tone."""

    from_s: float
    to_s: float
    what: str


@dataclass(frozen=True)
class Visit:
    """Somebody in view from the first to the last second, with a second person beside them perhaps."""

    from_s: float
    to_s: float
    looks: tuple[Stretch, ...]
    sentences: tuple[Stretch, ...]
    companion_s: tuple[float, float] | None
    x: float


def visits_of_a_day(rng, count=VISITS):
    """Visits of eight seconds to five minutes, from the morning to the evening, in order and apart."""
    starts = sorted(rng.uniform(OPENS_S, CLOSES_S) for _ in range(count))
    visits = []
    for start_s in starts:
        from_s = max(start_s, visits[-1].to_s + 8.0) if visits else start_s
        visits.append(_visit(rng, from_s, from_s + min(300.0, 8.0 + rng.expovariate(1 / 80.0))))
    return visits


def _visit(rng, from_s, to_s):
    looks, sentences = [], []
    t_s = from_s
    while t_s < to_s:
        until_s = min(to_s, t_s + rng.uniform(8.0, 40.0))
        looks.append(Stretch(t_s, until_s, rng.choice(EXPRESSIONS)))
        t_s = until_s
    t_s = from_s + rng.uniform(1.0, 5.0)
    while t_s < to_s:
        look = next(look for look in looks if look.from_s <= t_s <= look.to_s)
        sentences.append(Stretch(t_s, min(to_s, t_s + rng.uniform(1.0, 6.0)), TONES.get(look.what, "neutral")))
        t_s = sentences[-1].to_s + rng.uniform(2.0, 20.0)
    length_s = to_s - from_s
    with_friend = length_s > 30 and rng.random() < 0.3
    friend_s = (from_s + 0.3 * length_s, from_s + 0.7 * length_s) if with_friend else None
    return Visit(from_s, to_s, tuple(looks), tuple(sentences), friend_s, rng.uniform(0.3, 0.7))


class Senses:
    """What eyes and ears deliver over the day, asked for at any rate that time goes on at."""

    def __init__(self, visits):
        self._waiting = list(visits)
        self._visit = None
        self._seen = self._heard = 0
        self._frame_s = self._hop_s = 0.0

    @property
    def next_s(self):
        """When the next visitor comes; infinite after the last."""
        return self._waiting[0].from_s if self._waiting else float("inf")

    def visit_at(self, t_s):
        """The visit going on, or None."""
        if self._visit is not None and t_s >= self._visit.to_s:
            self._visit = None
        if self._visit is None and self._waiting and t_s >= self._waiting[0].from_s:
            self._visit = self._waiting.pop(0)
        return self._visit

    def look(self, t_s):
        """The picture that is due, or None."""
        if t_s < self._frame_s:
            return None
        self._frame_s = t_s + FRAME_S - 0.001
        self._seen += 1
        visit = self._visit
        faces = []
        if visit is not None:
            faces.append(face(_at(visit.looks, t_s), x=visit.x, track=1))
            if visit.companion_s and visit.companion_s[0] <= t_s < visit.companion_s[1]:
                faces.append(face("neutral", x=visit.x - 0.25, size=0.22, track=2))
        return sighting(self._seen, t_s, *faces)

    def listen(self, t_s, own):
        """The hop of sound that is due, as a list; while the robot itself sounds it is masked."""
        if t_s < self._hop_s:
            return []
        self._hop_s = t_s + HOP_S - 0.001
        self._heard += 1
        tone = _at(self._visit.sentences, t_s) if self._visit is not None else None
        masked = 1.0 if own is not None and own.speaking else 0.0
        toned = tone if tone is not None and self._heard % 5 == 0 and not masked else None
        return [hearing(self._heard, t_s, toned, speaking=tone is not None, own_noise=masked)]


def _at(stretches, t_s):
    return next((stretch.what for stretch in stretches if stretch.from_s <= t_s < stretch.to_s), None)
