import threading

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.body import RecordingSpeaker
from robot.body.lipsync import WIDEST_DEG
from robot.body.sounds import PEAK, chirp
from robot.body.voice.voice import Voice
from robot.errors import DeviceLost, SpeechError
from robot.messages import Utterance

TICK_S = 0.02


class Hum:
    """An engine that hums a tenth of a second for each character, and remembers what it was asked."""

    name = "hum"

    def __init__(self):
        self.asked = []
        self.broken = False
        self.closed = False

    def synthesise(self, text, language, prosody):
        if self.broken:
            raise SpeechError("the hum is broken; mend it")
        self.asked.append((text, language, prosody))
        count = len(text) * SAMPLE_RATE_HZ // 10
        return Sound(0, 0.0, (0.5 * np.sin(np.arange(count) * 0.1)).astype(np.float32))

    def close(self):
        self.closed = True


class Stage:
    """A voice on a recording speaker, with a clock to step."""

    def __init__(self, engine=None, **options):
        self.clock = SteppedClock()
        self.speaker = RecordingSpeaker(self.clock)
        self.engine = engine
        self.voice = Voice(self.speaker, engine, **options)

    def step(self, seconds):
        jaws = []
        for _ in range(round(seconds / TICK_S)):
            self.voice.step(self.clock.now_s())
            jaws.append(self.voice.jaw_deg)
            self.clock.wait_s(TICK_S)
        return jaws

    @property
    def sounds(self):
        return [played.sound for played in self.speaker.played]


def words(text="hello", valence=0.0, arousal=0.0):
    return Utterance(text=text, language="de", valence=valence, arousal=arousal)


def test_what_is_said_is_played_with_its_language_and_feeling():
    stage = Stage(Hum())
    stage.voice.say(words("hello", valence=-0.7, arousal=-0.5))
    stage.step(0.1)
    ((text, language, prosody),) = stage.engine.asked
    assert (text, language) == ("hello", "de")
    assert prosody.pitch < 1.0
    assert stage.sounds[0].duration_s == pytest.approx(0.5)


def test_it_knows_when_it_speaks():
    stage = Stage(Hum())
    stage.step(0.1)
    assert not stage.voice.speaking
    stage.voice.say(words())
    assert not stage.voice.speaking
    stage.step(0.4)
    assert stage.voice.speaking
    stage.step(0.2)
    assert not stage.voice.speaking


def test_the_jaw_moves_while_it_speaks_and_only_then():
    stage = Stage(Hum())
    stage.voice.say(words())
    speaking, after = stage.step(0.4), stage.step(0.4)
    assert max(speaking) > 0.8 * WIDEST_DEG
    assert max(after[6:]) == 0.0


def test_one_utterance_follows_the_other_and_so_does_the_mouth():
    stage = Stage(Hum())
    stage.voice.say(words("one"))
    stage.voice.say(words("two"))
    jaws = stage.step(1.0)
    first, second = stage.speaker.played
    assert second.t_s == pytest.approx(first.t_s + 0.3)
    assert second.sound.t_s == second.t_s
    assert [sound.seq for sound in stage.sounds] == [0, 1]
    assert min(jaws[2:28]) > 0.0
    assert max(jaws) <= 1.001 * WIDEST_DEG


def test_hush_stops_at_once_and_forgets_the_rest():
    stage = Stage(Hum())
    stage.voice.say(words("a long speech"))
    stage.voice.say(words("and more"))
    stage.step(0.2)
    stage.voice.hush()
    stage.step(0.1)
    assert not stage.voice.speaking
    assert not stage.speaker.playing
    assert stage.voice.jaw_deg == 0.0
    stage.voice.say(words("next"))
    stage.step(0.1)
    assert stage.voice.speaking


def test_what_is_still_being_made_when_it_is_hushed_is_never_heard():
    stage = Stage(Hum())
    stage.voice.say(words())
    stage.voice.hush()
    stage.step(1.0)
    assert stage.sounds == []


def test_the_volume_scales_words_and_chirps():
    loud, soft = Stage(Hum(), volume=1.0), Stage(Hum(), volume=0.2)
    for stage in (loud, soft):
        stage.voice.say(words())
        stage.voice.chirp("hello", 0.0, 0.0)
        stage.step(0.1)
    for louder, softer in zip(loud.sounds, soft.sounds, strict=True):
        assert softer.samples == pytest.approx(0.2 * louder.samples, abs=1e-6)
        assert softer.samples.dtype == np.float32


@pytest.mark.parametrize("volume", [-1.0, 0.0])
def test_no_volume_is_silence(volume):
    stage = Stage(Hum(), volume=volume)
    stage.voice.say(words())
    stage.step(0.1)
    assert np.abs(stage.sounds[0].samples).max() == 0.0


@pytest.mark.parametrize(("valence", "name"), [(0.8, "happy"), (-0.8, "soothe"), (0.0, "curious")])
def test_without_an_engine_it_chirps_in_the_same_feeling(valence, name):
    stage = Stage(None, volume=1.0)
    assert stage.voice.engine_name == "chirps"
    stage.voice.say(words(valence=valence))
    stage.step(0.1)
    assert np.array_equal(stage.sounds[0].samples, chirp(name, valence, 0.0).samples)


def test_an_engine_that_fails_is_replaced_by_a_chirp_until_it_works_again():
    stage = Stage(Hum())
    stage.engine.broken = True
    stage.voice.say(words())
    stage.step(1.0)
    assert len(stage.sounds) == 1
    assert stage.voice.fault == "the hum is broken; mend it"
    stage.engine.broken = False
    stage.voice.say(words())
    stage.step(1.0)
    assert stage.sounds[1].duration_s == pytest.approx(0.5)
    assert stage.voice.fault == ""


def test_a_chirp_of_an_unknown_name_is_a_question():
    stage = Stage(None, volume=1.0)
    stage.voice.chirp("boing", 0.0, 0.0)
    stage.step(0.1)
    assert np.array_equal(stage.sounds[0].samples, chirp("curious", 0.0, 0.0).samples)
    assert np.abs(stage.sounds[0].samples).max() <= PEAK


def test_nothing_to_say_plays_nothing():
    stage = Stage(Hum())
    stage.voice.say(words(""))
    stage.step(0.1)
    assert stage.sounds == []


def test_a_speaker_that_has_gone_is_told_and_what_was_said_then_is_not_said_later():
    stage = Stage(Hum())
    play, lost = stage.speaker.play, True

    def fail(sound):
        if lost:
            raise DeviceLost("the speaker has gone; plug it in")
        play(sound)

    stage.speaker.play = fail
    stage.voice.say(words())
    stage.step(0.1)
    assert stage.voice.speaker_lost
    assert not stage.voice.speaking
    lost = False
    stage.step(0.1)
    assert stage.sounds == []
    assert stage.voice.speaker_lost
    stage.voice.say(words())
    stage.step(0.1)
    assert len(stage.sounds) == 1
    assert not stage.voice.speaker_lost


def test_with_a_thread_saying_never_waits_and_the_sound_comes_later():
    go = threading.Event()

    class Slow(Hum):
        def synthesise(self, text, language, prosody):
            go.wait()
            return super().synthesise(text, language, prosody)

    stage = Stage(Slow(), threaded=True)
    stage.voice.say(words())
    stage.step(0.2)
    assert stage.sounds == []
    go.set()
    while not stage.sounds:
        stage.step(0.02)
    assert stage.speaker.played[0].t_s > 0.1
    stage.voice.close()


def test_with_a_thread_what_was_being_made_when_it_is_hushed_is_never_heard():
    started, go = threading.Event(), threading.Event()

    class Slow(Hum):
        def synthesise(self, text, language, prosody):
            started.set()
            go.wait()
            return super().synthesise(text, language, prosody)

    stage = Stage(Slow(), threaded=True)
    stage.voice.say(words("not this"))
    started.wait()
    stage.voice.hush()
    stage.voice.say(words("but this!!"))
    go.set()
    while not stage.sounds:
        stage.step(0.02)
    assert [sound.duration_s for sound in stage.sounds] == [pytest.approx(1.0)]
    stage.voice.close()


@pytest.mark.parametrize("threaded", [False, True])
def test_closing_ends_the_engine(threaded):
    stage = Stage(Hum(), threaded=threaded)
    stage.voice.close()
    assert stage.engine.closed
    assert not stage.voice.speaking


def test_the_same_words_with_the_real_engine_give_the_same_sounds_and_the_same_mouth(espeak):
    def run():
        stage = Stage(espeak)
        stage.voice.say(Utterance("Hello, how are you?", "en", 0.4, 0.2))
        stage.voice.chirp("happy", 0.4, 0.2)
        return stage.step(3.0), [sound.samples.tobytes() for sound in stage.sounds]

    assert run() == run()
