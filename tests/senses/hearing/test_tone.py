import numpy as np
import pytest

from robot.errors import ConfigError, InferenceError
from robot.messages import Percept
from robot.senses.hearing.logmel import Floats, LogMel, LogMelParameters
from robot.senses.hearing.tone import ToneListener

PARAMETERS = LogMelParameters()
FRAMES = 198
CHUNK = 512
FLOOR = np.float32(np.log(PARAMETERS.floor))


class Notebook:
    """Writes down what it is asked to judge. Stands for the model, whose verdict does not matter here."""

    parameters = PARAMETERS
    frames = FRAMES
    knows_events = True

    def __init__(self) -> None:
        self.windows: list[Floats] = []

    def judge(self, window: Floats, quality: float) -> Percept:
        self.windows.append(window.copy())
        return Percept("neutral", 1.0, False, 0.0, 0.0, quality, {"neutral": 1.0})


def chunks(sound: np.ndarray) -> list[np.ndarray]:
    return [sound[i : i + CHUNK] for i in range(0, len(sound) - CHUNK + 1, CHUNK)]


def judged(
    listener: ToneListener, sound: np.ndarray, *, voiced: bool = True, masked: bool = False, loud: bool = False
) -> list[Percept]:
    verdicts = []
    for chunk in chunks(sound):
        listener.hear(chunk, voiced=voiced, masked=masked, loud=loud)
        if listener.due and (verdict := listener.judge(-60.0)) is not None:
            verdicts.append(verdict)
    return verdicts


class Laughter(Notebook):
    """Hears a laugh in everything, this surely; as speech it would be sad."""

    def __init__(self, sure: float = 0.8) -> None:
        super().__init__()
        self.sure = sure

    def judge(self, window: Floats, quality: float) -> Percept:
        super().judge(window, quality)
        events = {"none": 1 - self.sure, "laugh": self.sure * 0.75, "cry": self.sure * 0.25}
        return Percept("sad", 0.9, False, -0.7, -0.3, quality, {"neutral": 0.1, "sad": 0.9}, events)


def test_a_loud_sound_that_is_no_speech_is_judged_for_events_alone(reading):
    verdicts = judged(ToneListener(Laughter(), 0.5, 1.0), reading[:32_000], voiced=False, loud=True)
    assert len(verdicts) == 4, "one each half second"
    laugh = verdicts[0]
    assert (laugh.label, laugh.confidence) == ("laugh", pytest.approx(0.6))
    assert laugh.probabilities == laugh.events == pytest.approx({"none": 0.2, "laugh": 0.6, "cry": 0.2})
    assert (laugh.valence, laugh.arousal) == (0.0, 0.0)
    assert not laugh.unsure
    assert laugh.quality > 0.9


def test_a_model_that_knows_no_events_is_not_asked_about_sounds_without_words(reading):
    judge = Laughter()
    judge.knows_events = False
    assert judged(ToneListener(judge, 0.5, 1.0), reading[:32_000], voiced=False, loud=True) == []
    assert judge.windows == []


def test_a_sound_that_is_rather_no_event_is_let_pass(reading):
    notebook = Laughter(sure=0.4)
    assert judged(ToneListener(notebook, 0.5, 1.0), reading[:32_000], voiced=False, loud=True) == []
    assert notebook.windows, "it was asked"


def test_an_event_that_only_leads_is_unsure(reading):
    (verdict, *_) = judged(ToneListener(Laughter(sure=0.6), 0.5, 1.0), reading[:32_000], voiced=False, loud=True)
    assert verdict.confidence < 0.5
    assert verdict.unsure


def test_a_click_and_the_robots_own_noise_are_not_asked_about(reading):
    notebook = Laughter()
    listener = ToneListener(notebook, 0.5, 1.0)
    judged(listener, reading[:4_000], voiced=False, loud=True)
    judged(listener, np.zeros(16_000, np.float32), voiced=False)
    judged(listener, reading[:32_000], voiced=False, loud=True, masked=True)
    assert notebook.windows == []


def test_speech_keeps_its_tone_however_loud_it_is(reading):
    (verdict, *_) = judged(ToneListener(Laughter(), 0.5, 1.0), reading[:32_000], loud=True)
    assert verdict.label == "sad"
    assert verdict.events["laugh"] == pytest.approx(0.6)


def test_nothing_is_judged_before_enough_speech(reading):
    listener = ToneListener(Notebook(), every_s=0.5, min_speech_s=1.0)
    assert judged(listener, reading[:16_000]) == []
    assert len(judged(listener, reading[16_000:20_000])) == 1


def test_a_verdict_comes_every_half_second_of_speech(reading):
    listener = ToneListener(Notebook(), every_s=0.5, min_speech_s=1.0)
    # 0.512 s apart, the first after 1.0 s: at 1.024, 1.536 ... 6.656.
    assert len(judged(listener, reading[: 7 * 16_000])) == 12


def test_sound_that_is_no_speech_is_never_judged(reading):
    listener = ToneListener(Notebook(), every_s=0.5, min_speech_s=1.0)
    assert judged(listener, reading, voiced=False) == []


def test_speech_under_the_robots_own_noise_is_never_judged(reading):
    listener = ToneListener(Notebook(), every_s=0.5, min_speech_s=1.0)
    assert judged(listener, reading, masked=True) == []


def test_no_verdict_is_given_twice_on_the_same_speech(reading):
    listener = ToneListener(Notebook(), every_s=0.5, min_speech_s=1.0)
    assert judged(listener, reading[:32_000])
    judged(listener, np.zeros(6_000, np.float32), voiced=False)
    assert judged(listener, np.zeros(16_000, np.float32), voiced=False) == []


def test_the_window_is_the_newest_two_seconds_as_they_were(reading):
    notebook = Notebook()
    listener = ToneListener(notebook, every_s=0.5, min_speech_s=1.0)
    for i, chunk in enumerate(chunks(reading)):
        listener.hear(chunk, voiced=True, masked=False)
        if listener.due:
            listener.judge(-60.0)
            heard = LogMel(PARAMETERS).frames(reading[: (i + 1) * CHUNK])[-FRAMES:]
            assert np.allclose(notebook.windows[-1][-len(heard) :], heard, atol=1e-4)
    assert len(notebook.windows) > 5


def test_before_the_window_is_full_its_start_is_silence(reading):
    notebook = Notebook()
    listener = ToneListener(notebook, every_s=0.5, min_speech_s=1.0)
    judged(listener, reading[16_000:34_000])
    assert (notebook.windows[0][:90] == FLOOR).all()
    assert (notebook.windows[0][-90:] > FLOOR).all()


def test_what_the_robot_said_itself_is_blanked(reading):
    notebook = Notebook()
    listener = ToneListener(notebook, every_s=0.5, min_speech_s=1.0)
    own = reading[:8_192]
    for chunk in chunks(own):
        listener.hear(chunk, voiced=False, masked=True)
    (verdict, *_) = judged(listener, reading[16_000:36_000])
    blanked = int((notebook.windows[0] == FLOOR).all(axis=1).sum())
    assert blanked >= 90  # half a second of own voice, and what was not yet heard
    assert verdict.quality < 1.0


def test_quality_falls_with_noise_and_with_clipping(reading):
    rng = np.random.default_rng(1)
    noisy = reading + rng.normal(0, 0.05, len(reading)).astype(np.float32)
    clipped = np.clip(reading * 20, -1, 1)
    clean = judged(ToneListener(Notebook(), 0.5, 1.0), reading)[0].quality
    assert clean == 1.0
    listener = ToneListener(Notebook(), 0.5, 1.0)
    for chunk in chunks(noisy[:32_000]):
        listener.hear(chunk, voiced=True, masked=False)
    assert listener.judge(-26.0).quality < 0.4
    assert judged(ToneListener(Notebook(), 0.5, 1.0), clipped)[0].quality < 0.2


def test_after_a_reset_speech_has_to_gather_anew(reading):
    listener = ToneListener(Notebook(), every_s=0.5, min_speech_s=1.0)
    judged(listener, reading[:32_000])
    listener.reset()
    assert judged(listener, reading[32_000:46_000]) == []
    assert judged(listener, reading[46_000:52_000])


def test_a_failed_judgement_is_not_tried_again_at_once(reading):
    class Broken(Notebook):
        def judge(self, window: Floats, quality: float) -> Percept:
            raise InferenceError("voice_tone: the output holds NaN or infinity; this result is dropped")

    listener = ToneListener(Broken(), every_s=0.5, min_speech_s=1.0)
    for chunk in chunks(reading[:32_000]):
        listener.hear(chunk, voiced=True, masked=False)
    with pytest.raises(InferenceError):
        listener.judge(-60.0)
    assert not listener.due


def test_a_setting_that_can_never_be_met_is_refused_with_the_fix():
    with pytest.raises(ConfigError, match=r"hearing\.min_speech_s = 5\.0.*set it to 1\.995 or less"):
        ToneListener(Notebook(), every_s=0.5, min_speech_s=5.0)


def test_a_new_version_that_takes_the_same_frames_goes_on_with_the_window(reading):
    first, second = Notebook(), Notebook()
    in_use = [first]
    listener = ToneListener(first, every_s=0.5, min_speech_s=1.0, latest=lambda: in_use[0])
    judged(listener, reading[:20_000])
    in_use[0] = second
    assert len(judged(listener, reading[20_000:30_000])) == 1
    assert (len(first.windows), len(second.windows)) == (1, 1)
    # More than the second half of the window is sound, though the second version has heard 0.6 s of it itself.
    assert float(np.mean(second.windows[0][FRAMES // 2 :] > FLOOR)) > 0.9


def test_a_new_version_that_takes_other_frames_begins_with_an_empty_window_and_never_sees_the_old_one(reading):
    class Coarser(Notebook):
        parameters = LogMelParameters(bands=20)

    first, second = Notebook(), Coarser()
    in_use = [first]
    listener = ToneListener(first, every_s=0.5, min_speech_s=1.0, latest=lambda: in_use[0])
    judged(listener, reading[:20_000])
    in_use[0] = second
    assert judged(listener, reading[20_000:34_000]) == []
    assert len(judged(listener, reading[34_000:42_000])) == 1
    assert second.windows[0].shape == (FRAMES, 20)
