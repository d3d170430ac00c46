"""Whether somebody is there: by face, by voice, and for how long. One frame or one hop of sound is nobody yet."""

from collections.abc import Sequence

from robot.messages import Hearing
from robot.mind.attention import Focus
from robot.mind.eye_contact import EyeContact
from robot.mind.mood import LOUDEST_OWN_NOISE
from robot.mind.reasons import Clue, face_clue, voice_clue
from robot.mind.vocal_events import is_event

FORMING_GAP_S = 1.0
"""A face or voice that comes and goes with longer gaps than this does not add up to a person."""

SENTENCE_S = 2.0
"""A sentence not heard through the robot's own noise for this long is over."""

HAIL_S = 1.5
"""A wave is answered within this time, or not at all."""

CALLED_S = 8.0
"""Who called the robot is waited for this long: they may be on their way, or look for words."""

SIGHTINGS_TO_NOTICE = 2
SIGHTINGS_TO_MEET = 3
"""Frames with a face, or hops with speech, before the robot turns to somebody, and before it greets."""


def _laughs(hearing: Hearing) -> bool:
    """Whether it is surely a laugh, a sob or another sound that only a person makes."""
    return hearing.tone is not None and is_event(hearing.tone) and not hearing.tone.unsure


class Trail:
    """One kind of sign of a person: since when, when last, how often, and for how long in all."""

    def __init__(self) -> None:
        self.since_s = 0.0
        self.last_s = float("-inf")
        self.count = 0
        self.length_s = 0.0
        self.last: Clue | None = None

    def add(self, t_s: float, clue: Clue, gap_s: float, duration_s: float | None = None) -> None:
        """Add a sign that lasted `duration_s` (None: since the one before). A gap longer than `gap_s` starts anew."""
        if self.count == 0 or t_s - self.last_s > gap_s:
            self.since_s, self.count, self.length_s = t_s, 0, 0.0
        elif duration_s is None:
            self.length_s = t_s - self.since_s
        self.length_s += duration_s or 0.0
        self.last_s, self.last = t_s, clue
        self.count += 1

    def keep(self, t_s: float, clue: Clue) -> None:
        """Add a sign that is too weak to begin with: it only keeps what is there."""
        if self.count:
            self.last_s, self.last = t_s, clue

    def fresh(self, t_s: float, within_s: float) -> bool:
        """True if the last sign is no older than `within_s`."""
        return self.count > 0 and t_s - self.last_s <= within_s


class Presence:
    """Follows face and voice. `face_gap_s` is how long a face may be missing and still be the same presence.

    `eyes` follows where the attended person looks, `hailed_s` is when somebody last waved. `let_be` is set when
    somebody was taken leave of who is still in view but does not attend: their face is nobody to greet until they look,
    wave, speak or come anew.
    """

    def __init__(self, face_gap_s: float) -> None:
        self._face_gap_s = face_gap_s
        self.face = Trail()
        self.voice = Trail()
        self.eyes = EyeContact()
        self.let_be = False
        self.hailed_s = self.called_s = float("-inf")
        self._face_s = float("-inf")
        self._paused = True

    def step(self, t_s: float, focus: Focus, hearings: Sequence[Hearing], engaged: bool) -> None:
        """Take in what came since the last step. While `engaged`, a face may be missing for longer."""
        self.eyes.step(t_s, focus)
        if self.eyes.met_s(t_s) is not None or t_s - self._face_s > FORMING_GAP_S:
            self._attends_again()
        if focus.face is not None and focus.sighting_id is not None:
            self._face_s = t_s
            gap_s = max(self._face_gap_s, FORMING_GAP_S) if engaged else FORMING_GAP_S
            self.face.add(t_s, face_clue(focus.sighting_id, focus.face), gap_s)
        self.listen(t_s, hearings)

    def listen(self, t_s: float, hearings: Sequence[Hearing]) -> None:
        """Take in sound only: for a robot that cannot see."""
        for hearing in hearings:
            if hearing.own_noise > LOUDEST_OWN_NOISE and not hearing.over_own:
                continue
            self._paused = not hearing.speaking
            if hearing.speaking:
                self.voice.add(t_s, voice_clue(hearing), FORMING_GAP_S, hearing.duration_s)
            elif _laughs(hearing):
                # Of loud noise a few windows sound like a laugh, too: nobody is greeted for that.
                self.voice.keep(t_s, voice_clue(hearing))

    def forget_feelings(self) -> None:
        """Keep that somebody is there, and no longer how they looked or sounded."""
        if self.face.last is not None:
            self.face.last = Clue(self.face.last.id, "I saw a face")
        if self.voice.last is not None:
            self.voice.last = Clue(self.voice.last.id, "I heard a voice")

    def forget_face(self) -> None:
        """Start anew with faces: the last one went, or sight did."""
        self.face = Trail()

    def forget_voice(self) -> None:
        """Start anew with voices."""
        self.voice = Trail()
        self._paused = True

    def hail(self, t_s: float) -> None:
        """Somebody waves."""
        self.hailed_s = t_s
        self._attends_again()

    def _attends_again(self) -> None:
        """Whoever was let be is somebody to greet again, from now on: they were in view all along."""
        if self.let_be:
            self.let_be = False
            self.forget_face()

    def call(self, t_s: float) -> None:
        """Somebody called the robot, by its name or with a button."""
        self.called_s = t_s

    def called(self, t_s: float) -> bool:
        """Whether the robot was called so lately that whoever did is still to be met."""
        return t_s - self.called_s <= CALLED_S

    def hailed(self, t_s: float) -> bool:
        """Whether somebody waved just now."""
        return t_s - self.hailed_s <= HAIL_S

    def speaking(self, t_s: float) -> bool:
        """True while the person speaks, as far as can be told.

        The robot's own motion and voice hide a pause as well as a word: until silence has really been heard, a sentence
        is taken to go on, for `SENTENCE_S` at most.
        """
        return not self._paused and self.voice.fresh(t_s, SENTENCE_S)

    def noticed(self, t_s: float) -> Trail | None:
        """The sign by which somebody seems to be there, a face before a voice; None if there is none."""
        return next((trail for trail in self._fresh(t_s) if trail.count >= SIGHTINGS_TO_NOTICE), None)

    def met(self, t_s: float, notice_s: float) -> Trail | None:
        """The sign by which somebody has been there for `notice_s`, a face before a voice; None if there is none."""
        trails = self._fresh(t_s)
        enough_s = notice_s - 1e-6  # the clock counts microseconds
        return next(
            (trail for trail in trails if trail.count >= SIGHTINGS_TO_MEET and trail.length_s >= enough_s), None
        )

    def _fresh(self, t_s: float) -> list[Trail]:
        signs = (self.voice,) if self.let_be else (self.face, self.voice)
        return [trail for trail in signs if trail.fresh(t_s, FORMING_GAP_S)]
