"""How each turn was said as a whole: a second, slower opinion, asked for once the turn, or a laugh or sob, is over.

The tone model of `robot.senses.hearing.tone` hears two seconds at a time, at once. What recognises words has an encoder
that has heard far more speech, and takes the whole turn: a head on that (`turn_tone_model`) errs differently, so that
both together know more than either. It costs one more pass of the encoder, after the words.

What is loud and no speech is asked about, for its events alone, where the tone model has taken it for one.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from robot.errors import InferenceError
from robot.messages import HeardTone, Percept
from robot.senses.hearing.events import events_alone
from robot.senses.hearing.level import clipped_share, mean_square, sound_quality
from robot.senses.hearing.words.desk import InlineDesk, ThreadedDesk
from robot.senses.hearing.words.statistics import trimmed
from robot.senses.hearing.words.turns import Judged, Offer, Turns

LEAST_S = 0.8
"""A shorter turn, with the 0.3 s before its first sound, has too little speech for a tone."""

LULL_S = 0.4
"""A sound without words is over after so much quiet: laughs have gaps of 0.1 to 0.3 s."""

Floats = NDArray[np.float32]
NOTHING: Floats = np.empty(0, np.float32)


class TurnJudge(Protocol):
    """Tells how a whole turn or sound was."""

    def judge(self, statistics: Floats, quality: float) -> Percept:
        """The tone and events of a sound from `statistics` (768,) of it. `quality` is 0..1.

        Raises:
            InferenceError: the model failed, or its output is not finite.
        """
        ...


class _Asked(NamedTuple):
    began_s: float
    ended_s: float
    quality: float
    speech: bool


class TurnTones:
    """`hear` is called by the thread of hearing, `said` and `permit` by the loop's.

    `statistics` gives those of a sound, (0,) where there is no engine. Nothing is asked for before there is a judge.
    """

    def __init__(self, statistics: Callable[[Floats], Floats], *, threaded: bool) -> None:
        self._desk: InlineDesk[Floats] | ThreadedDesk[Floats] = (
            ThreadedDesk("tones of turns", statistics) if threaded else InlineDesk(statistics)
        )
        self._judge: Callable[[], TurnJudge] | None = None
        self._allowed = self._begun = False
        self._turn, self._sound = NOTHING, NOTHING
        self._sounds = Turns()
        self._quiet_s = LULL_S
        self._is_event = False
        self._asked: dict[int, _Asked] = {}
        self._number = self._count = 0
        self.faults = 0

    @property
    def wanted(self) -> bool:
        """Whether turns are worth cutting out for this alone."""
        return self._allowed and self._judge is not None

    def judge_with(self, judge: Callable[[], TurnJudge] | None) -> None:
        """What gives the version of the model to judge the next turn with; None for no opinion."""
        self._judge = judge

    def permit(self, *, allowed: bool) -> None:
        """Whether tones may be heard from now on; without leave nothing that was heard is kept."""
        self._allowed = allowed
        if not allowed:
            self._turn, self._asked = NOTHING, {}
            self.reset()
        elif self._judge is not None and not self._begun:
            self._begun = True
            self._desk.begin()

    def reset(self) -> None:
        """Sound was lost: what comes does not continue what was."""
        self._sounds.reset()
        self._sound, self._is_event = NOTHING, False

    def hear(self, offer: Offer, floor_dbfs: float) -> None:
        """Take in what there is of a turn; `floor_dbfs` is the noise around."""
        if not self.wanted:
            return
        if len(offer.samples):
            self._turn = offer.samples
        if offer.over:
            sound, self._turn = self._turn, NOTHING
            if offer.ended_s - offer.began_s >= LEAST_S:
                self._ask(offer, sound, floor_dbfs, speech=True)

    def hear_sound(self, chunk: Judged) -> None:
        """Take in a chunk of what may be a laugh or a sob."""
        if not self.wanted:
            return
        self._quiet_s = 0.0 if chunk.wordless else self._quiet_s + len(chunk.samples) / SAMPLE_RATE_HZ
        offer = self._sounds.hear(chunk._replace(speaking=self._quiet_s < LULL_S, voiced=chunk.wordless))
        if offer is None:
            return
        if len(offer.samples):
            self._sound = offer.samples
        if offer.over:
            sound, self._sound = self._sound, NOTHING
            if self._is_event:
                self._ask(offer, sound, chunk.floor_dbfs, speech=False)
            self._is_event = False

    def note_event(self) -> None:
        """The tone model takes what sounds now, and is no speech, for an event."""
        self._is_event = True

    def said(self, t_s: float) -> tuple[HeardTone, ...]:
        """The tones of the turns that were judged since the last call, oldest first, stamped `t_s`."""
        found = [self._told(t_s, number, statistics) for number, statistics in self._desk.finished()]
        return tuple(each for each in found if each is not None)

    def close(self) -> None:
        """End the thread."""
        self._desk.close()

    def _ask(self, offer: Offer, sound: Floats, floor_dbfs: float, *, speech: bool) -> None:
        quality = sound_quality(mean_square(trimmed(sound)), floor_dbfs, clipped_share(sound), 0.0)
        self._number += 1
        self._asked[self._number] = _Asked(offer.began_s, offer.ended_s, quality.overall, speech)
        self._desk.put(self._number, sound)

    def _told(self, t_s: float, number: int, statistics: Floats | None) -> HeardTone | None:
        asked = self._asked.pop(number, None)
        if asked is None or self._judge is None or statistics is None or not len(statistics):
            return None
        try:
            told = self._judge().judge(statistics, asked.quality)
        except InferenceError:
            self.faults += 1
            return None
        tone = told if asked.speech else events_alone(told)
        if tone is None:
            return None
        self._count += 1
        return HeardTone(f"t{self._count}", round(t_s, 6), round(asked.began_s, 6), round(asked.ended_s, 6), tone)
