import csv
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.ports import Sound
from hardware.virtual.sound_file import read_sound_file
from robot.config import HearingSettings
from robot.errors import InferenceError, MediaError
from robot.messages import Hearing, OwnMotion, Percept
from robot.senses.hearing.hearing import HOP_S, Ear
from robot.senses.hearing.logmel import Floats, LogMelParameters
from robot.senses.hearing.tone import ToneListener
from robot.senses.hearing.voice_activity import SileroVoiceActivity

RATE = 16_000


class LevelJudge:
    """A judge whose verdict follows from every number of the window, so that a wrong window shows in the messages."""

    parameters = LogMelParameters()
    frames = 198
    knows_events = True

    def judge(self, window: Floats, quality: float) -> Percept:
        valence = float(np.tanh(window.astype(np.float64).mean() / 20))
        return Percept("neutral", 1.0, False, valence, 0.0, quality, {"neutral": 1.0})


class BrokenJudge(LevelJudge):
    def judge(self, window: Floats, quality: float) -> Percept:
        raise InferenceError("voice_tone: the output holds NaN or infinity; this result is dropped")


def new_ear(judge: LevelJudge | None = None, heard: HearingSettings | None = None) -> Ear:
    asked = heard or HearingSettings()
    listener = ToneListener(judge or LevelJudge(), asked.tone_every_s, asked.min_speech_s)
    return Ear(SileroVoiceActivity(), listener, asked)


def hear_all(ear: Ear, samples: np.ndarray, own: OwnMotion | None = None, block: int = 1600) -> list[Hearing]:
    heard: list[Hearing] = []
    for seq, start in enumerate(range(0, len(samples), block)):
        heard += ear.hear(Sound(seq, start / RATE, samples[start : start + block]), own)
    return heard


def test_speech_in_a_quiet_room_is_noticed_and_its_end_too(speech_in_a_quiet_room):
    heard = hear_all(new_ear(), speech_in_a_quiet_room)
    before = [h for h in heard if h.t_s <= 1.0]
    during = [h for h in heard if 1.6 <= h.t_s <= 7.6]
    after = [h for h in heard if h.t_s >= 9.0]
    assert not any(h.speaking for h in before + after)
    assert all(h.speaking for h in during)
    assert any(h.tone for h in during)
    assert not any(h.tone for h in before + after)


def test_messages_are_counted_evenly_spaced_and_carry_the_level(speech_in_a_quiet_room):
    heard = hear_all(new_ear(), speech_in_a_quiet_room)
    assert [h.id for h in heard] == [f"h{i}" for i in range(len(heard))]
    assert [h.t_s for h in heard] == [round((i + 1) * HOP_S, 6) for i in range(len(heard))]
    assert all(h.duration_s == HOP_S for h in heard)
    assert heard[3].level_dbfs == pytest.approx(-60, abs=1)
    assert max(h.level_dbfs for h in heard) > -25


def test_tone_comes_every_half_second_with_full_quality_in_a_quiet_room(speech_in_a_quiet_room):
    tones = [h for h in hear_all(new_ear(), speech_in_a_quiet_room) if h.tone]
    assert 9 <= len(tones) <= 14
    assert all(b.t_s - a.t_s >= 0.5 for a, b in pairwise(tones))
    assert all(h.tone.quality > 0.9 for h in tones)


def test_noise_around_the_speech_lowers_the_quality(speech_in_a_quiet_room):
    rng = np.random.default_rng(8)
    noisy = speech_in_a_quiet_room + rng.normal(0, 0.04, len(speech_in_a_quiet_room)).astype(np.float32)
    qualities = [h.tone.quality for h in hear_all(new_ear(), noisy) if h.tone]
    assert qualities
    assert max(qualities) < 0.6


def test_silence_noise_hum_and_clicks_are_not_speaking_and_have_no_tone(noises):
    for name, sound in noises.items():
        heard = hear_all(new_ear(), sound)
        assert len(heard) == 93, name
        assert not any(h.speaking or h.tone for h in heard), name


def test_silence_is_minus_100_dbfs(noises):
    assert {h.level_dbfs for h in hear_all(new_ear(), noises["silence"])} == {-100.0}


def test_the_robots_own_voice_is_nobody_speaking(speech_in_a_quiet_room):
    own = OwnMotion(t_s=0.0, servo_speed=0.0, speaking=True)
    heard = hear_all(new_ear(), speech_in_a_quiet_room, own)
    assert not any(h.speaking or h.tone for h in heard)
    assert {h.own_noise for h in heard} == {1.0}
    assert max(h.speech_probability for h in heard) > 0.9  # the detector did hear it


def test_a_microphone_that_takes_the_robots_voice_out_hears_people_while_it_talks(speech_in_a_quiet_room):
    talking = OwnMotion(t_s=0.0, servo_speed=0.0, speaking=True)
    ear = new_ear(heard=HearingSettings(echo_cancelled=True))
    heard = hear_all(ear, speech_in_a_quiet_room, talking)
    assert heard == hear_all(new_ear(), speech_in_a_quiet_room)
    assert all(h.own_noise == 0.0 for h in heard)


def test_a_person_who_goes_on_after_the_robot_is_heard_again(speech_in_a_quiet_room):
    ear, heard = new_ear(), []
    for seq, start in enumerate(range(0, len(speech_in_a_quiet_room), 1600)):
        t_s = start / RATE
        own = OwnMotion(t_s=t_s, servo_speed=0.0, speaking=t_s < 3.0)
        heard += ear.hear(Sound(seq, t_s, speech_in_a_quiet_room[start : start + 1600]), own)
    assert not any(h.speaking for h in heard if h.t_s < 3.3)
    assert all(h.speaking for h in heard if 3.5 < h.t_s < 7.5)
    assert not any(h.tone for h in heard if h.t_s < 4.3)
    assert any(h.tone for h in heard if h.t_s > 4.3)


def test_fast_servos_leave_speaking_but_take_the_tone(speech_in_a_quiet_room):
    own = OwnMotion(t_s=0.0, servo_speed=0.9, speaking=False)
    heard = hear_all(new_ear(), speech_in_a_quiet_room, own)
    assert any(h.speaking for h in heard)
    assert not any(h.tone for h in heard)
    assert {h.own_noise for h in heard} == {1.0}


def test_without_a_tone_model_the_ear_still_hears(speech_in_a_quiet_room):
    heard = hear_all(Ear(SileroVoiceActivity(), None, HearingSettings()), speech_in_a_quiet_room)
    assert any(h.speaking for h in heard)
    assert not any(h.tone for h in heard)


def test_a_model_that_fails_costs_the_tone_and_nothing_else(speech_in_a_quiet_room):
    ear = new_ear(BrokenJudge())
    heard = hear_all(ear, speech_in_a_quiet_room)
    sound = hear_all(new_ear(), speech_in_a_quiet_room)
    assert not any(h.tone for h in heard)
    assert [h.speaking for h in heard] == [h.speaking for h in sound]
    assert ear.faults == sum(h.tone is not None for h in sound)


def test_a_higher_threshold_hears_no_more_than_a_lower_one(speech_in_a_quiet_room):
    quiet = speech_in_a_quiet_room * np.float32(0.01)
    easy, strict = (
        sum(h.speaking for h in hear_all(new_ear(heard=HearingSettings(speech_threshold=at)), quiet))
        for at in (0.3, 1.0)
    )
    assert strict < easy


def test_lost_sound_is_counted_and_ends_what_listened_over_time(speech_in_a_quiet_room):
    ear = new_ear()
    first = hear_all(ear, speech_in_a_quiet_room[: 3 * RATE])
    assert first[-1].speaking
    after = ear.hear(Sound(99, 60.0, np.zeros(RATE, np.float32)), None)
    assert ear.gaps == 1
    assert not any(h.speaking for h in after)
    assert after[0].t_s == 60.064
    assert after[0].id == f"h{len(first)}"


def test_garbage_blocks_do_not_stop_the_ear(speech_in_a_quiet_room):
    ear = new_ear()
    with pytest.raises(MediaError):
        ear.hear(Sound(0, 0.0, np.zeros((4, 2), np.float32)), None)
    for i, bad in enumerate((np.nan, np.inf, 1e38)):
        heard = ear.hear(Sound(i, i * 0.064, np.full(1024, bad, np.float32)), None)
        assert len(heard) == 1
        assert np.isfinite(heard[0].level_dbfs)
    assert ear.faults == 4


def messages(heard: list[Hearing]) -> bytes:
    return msgspec.json.encode(heard)


@pytest.fixture(scope="module")
def short_scene(speech_in_a_quiet_room) -> np.ndarray:
    """2.6 s: half a second of room, then speech, long enough for a tone."""
    return speech_in_a_quiet_room[8_000:49_600]


OWN = OwnMotion(t_s=0.4, servo_speed=0.0, speaking=False)


@pytest.fixture(scope="module")
def heard_whole(short_scene) -> list[Hearing]:
    return list(new_ear().hear(Sound(0, 7.25, short_scene), OWN))


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(0, 41_600), max_size=60))
def test_the_same_sound_gives_the_same_messages_however_it_is_cut(short_scene, heard_whole, cuts):
    assert any(h.tone for h in heard_whole)
    ear, heard = new_ear(), []
    for seq, (start, end) in enumerate(pairwise([0, *sorted(cuts), len(short_scene)])):
        heard += ear.hear(Sound(seq, 7.25 + start / RATE, short_scene[start:end]), OWN)
    assert messages(heard) == messages(heard_whole)


@pytest.mark.data
def test_acted_speech_of_every_corpus_is_heard_as_speech(labelled_data: Path):
    with (labelled_data / "voice" / "voice.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "speech" and float(row["duration_s"]) > 1.5]
    corpora = {row["dataset"] for row in rows} & {"ravdess", "emodb", "nemo", "tess"}
    assert len(corpora) == 4
    for corpus in sorted(corpora):
        chosen = [row for row in rows if row["dataset"] == corpus][::97][:5]
        for row in chosen:
            clip = read_sound_file(labelled_data / "voice" / row["file"]).samples
            heard = hear_all(new_ear(), clip)
            assert any(h.speaking for h in heard), row["file"]


@pytest.mark.data
def test_everyday_noises_are_mostly_not_speech(labelled_data: Path):
    paths = sorted((labelled_data / "voice" / "noise_esc10").rglob("*.opus"))[::32]
    assert len(paths) >= 10
    shares = []
    for path in paths:
        heard = hear_all(new_ear(), read_sound_file(path).samples)
        shares.append(sum(h.speaking for h in heard) / len(heard))
    assert sum(share > 0.2 for share in shares) <= len(shares) * 0.15
