"""The second opinion on a turn: asked once it is over, and only where tones may be heard."""

import numpy as np
import pytest

from robot.errors import InferenceError, ListeningError
from robot.messages import Percept
from robot.senses.hearing.words.turn_tones import LEAST_S, TurnTones
from robot.senses.hearing.words.turns import Judged, Offer

ROOM_DBFS = -60.0
SPEECH = (0.1 * np.sin(np.arange(24_000) * 0.2)).astype(np.float32)
NONE = np.empty(0, np.float32)
CHUNK = 512


class Judge:
    def __init__(self) -> None:
        self.qualities: list[float] = []
        self.fails = False
        self.events = {"none": 0.2, "laugh": 0.8}

    def judge(self, statistics: np.ndarray, quality: float) -> Percept:
        if self.fails:
            raise InferenceError("the output holds NaN")
        self.qualities.append(quality)
        return Percept("sad", float(statistics[0]), False, -0.6, -0.3, quality, {"sad": 1.0}, self.events)


class Heard:
    """Turn tones at once; `asked` are the sounds that statistics were asked of."""

    def __init__(self) -> None:
        self.asked: list[np.ndarray] = []
        self.answer = np.full(768, 0.5, np.float32)
        self.judge = Judge()
        self.tones = TurnTones(self._statistics, threaded=False)
        self.tones.judge_with(lambda: self.judge)
        self.tones.permit(allowed=True)

    def _statistics(self, samples: np.ndarray) -> np.ndarray:
        if not len(self.answer):
            self.asked.append(samples)
            raise ListeningError("the recogniser of words went away")
        self.asked.append(samples)
        return self.answer

    def sound(self, samples: np.ndarray, *, is_event: bool, wordless: bool = True) -> None:
        """Something loud and no speech, then quiet; chunk by chunk."""
        quiet = np.zeros(16_000, np.float32)
        for number, start in enumerate(range(0, len(samples) + len(quiet), CHUNK)):
            loud = wordless and start < len(samples)
            chunk = np.concatenate([samples, quiet])[start : start + CHUNK]
            end_s = (number + 1) * CHUNK / 16_000
            self.tones.hear_sound(
                Judged(chunk, end_s, speaking=False, voiced=False, wordless=loud, floor_dbfs=ROOM_DBFS)
            )
            if is_event and start == 10 * CHUNK:
                self.tones.note_event()

    def hear(self, number: int, samples: np.ndarray, *, over: bool, length_s: float = 1.5) -> None:
        self.tones.hear(Offer(number, 1.0, 1.0 + length_s, samples, over), ROOM_DBFS)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_turn_is_judged_once_when_it_is_over_whatever_was_offered_before(heard: Heard) -> None:
    heard.hear(1, SPEECH[:8000], over=False)
    heard.hear(2, SPEECH, over=False)
    assert heard.tones.said(3.0) == ()
    heard.hear(2, NONE, over=True)
    (tone,) = heard.tones.said(3.2)
    assert (tone.t_s, tone.began_s, tone.ended_s, tone.tone.label) == (3.2, 1.0, 2.5, "sad")
    assert len(heard.asked) == 1
    np.testing.assert_array_equal(heard.asked[0], SPEECH)
    assert heard.tones.said(3.4) == ()


def test_a_turn_that_comes_over_with_its_sound_is_judged_too(heard: Heard) -> None:
    heard.hear(1, SPEECH, over=True)
    assert [each.id for each in heard.tones.said(2.0)] == ["t1"]


def test_a_turn_with_too_little_speech_is_not_asked_about(heard: Heard) -> None:
    heard.hear(1, SPEECH[:6000], over=True, length_s=LEAST_S - 0.05)
    assert heard.asked == []


def test_the_quality_is_that_of_the_sound_in_its_room(heard: Heard) -> None:
    heard.hear(1, SPEECH, over=True)
    heard.hear(2, SPEECH * np.float32(0.012), over=True)
    heard.tones.said(2.0)
    good, poor = heard.judge.qualities
    assert good == 1.0
    assert poor < 0.3


def test_without_leave_nothing_is_asked_and_what_was_under_way_is_forgotten(heard: Heard) -> None:
    heard.hear(1, SPEECH, over=True)
    heard.tones.permit(allowed=False)
    assert heard.tones.said(2.0) == ()
    heard.hear(2, SPEECH, over=True)
    assert len(heard.asked) == 1
    heard.tones.permit(allowed=True)
    assert heard.tones.said(3.0) == ()


def test_without_a_model_nothing_is_asked(heard: Heard) -> None:
    heard.tones.judge_with(None)
    assert not heard.tones.wanted
    heard.hear(1, SPEECH, over=True)
    assert heard.asked == []


def test_an_engine_that_is_missing_or_fails_and_a_model_that_fails_leave_the_turn_out(heard: Heard) -> None:
    heard.answer = NONE
    heard.hear(1, SPEECH, over=True)
    heard.answer = np.full(768, 0.5, np.float32)
    heard.hear(2, SPEECH, over=True)
    heard.judge.fails = True
    assert heard.tones.said(2.0) == ()
    assert heard.tones.faults == 1
    heard.judge.fails = False
    heard.hear(3, SPEECH, over=True)
    assert len(heard.tones.said(3.0)) == 1


def test_a_turn_is_told_with_its_events_and_a_sound_without_words_by_them_alone(heard: Heard) -> None:
    heard.hear(1, SPEECH, over=True)
    heard.sound(SPEECH, is_event=True)
    spoken, laughed = heard.tones.said(4.0)
    assert (spoken.tone.label, spoken.tone.probabilities, spoken.tone.events) == (
        "sad",
        {"sad": 1.0},
        heard.judge.events,
    )
    assert laughed.tone.label == "laugh"
    assert laughed.tone.probabilities == laughed.tone.events == {"none": 0.2, "laugh": 0.8}
    assert laughed.ended_s - laughed.began_s == pytest.approx(1.5, abs=0.05)
    assert len(heard.asked) == 2


def test_a_sound_that_the_first_opinion_lets_pass_is_not_asked_about(heard: Heard) -> None:
    heard.sound(SPEECH, is_event=False)
    heard.sound(SPEECH, is_event=True, wordless=False)
    assert heard.asked == []


def test_a_sound_that_the_second_opinion_takes_for_none_is_not_told(heard: Heard) -> None:
    heard.judge.events = {"none": 0.7, "laugh": 0.3}
    heard.sound(SPEECH, is_event=True)
    assert len(heard.asked) == 1
    assert heard.tones.said(4.0) == ()


def test_after_a_break_in_the_sound_an_event_from_before_it_is_forgotten(heard: Heard) -> None:
    heard.tones.note_event()
    heard.tones.reset()
    heard.sound(SPEECH, is_event=False)
    assert heard.asked == []
