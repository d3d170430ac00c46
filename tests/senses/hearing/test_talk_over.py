"""Somebody talks over the robot's own voice: told from the echo of that voice by level alone."""

import numpy as np
import pytest

from hardware.ports import Sound
from robot.body.voice.voice import LEVEL_STRETCH_S, levels_of
from robot.config import HearingSettings
from robot.messages import OwnMotion
from robot.senses.hearing.hearing import Ear
from robot.senses.hearing.talk_over import LEARN_S, TALKING_S, TalkOver
from robot.senses.hearing.voice_activity import SileroVoiceActivity

CHUNK_S = 0.032
OWN_DBFS = -20.0


def hear(detector, seconds, echo_db, own_dbfs=OWN_DBFS, speech=True):
    """Chunks at `own_dbfs + echo_db`; how many of them were somebody else's."""
    return sum(
        detector.hear(own_dbfs + echo_db, own_dbfs, CHUNK_S, speech=speech) for _ in range(round(seconds / CHUNK_S))
    )


def test_its_own_echo_is_nobody_however_long_and_in_whatever_room():
    detector = TalkOver()
    for echo_db in (-12.0, -9.0, -30.0):
        assert hear(detector, 20.0, echo_db) == 0


def test_a_robot_that_is_carried_into_a_smaller_room_learns_its_echo_anew():
    detector = TalkOver()
    hear(detector, 20.0, -30.0)
    assert hear(detector, 3.0, -12.0) > 0, "it cannot tell this from a person"
    assert hear(detector, 20.0, -12.0) == 0


def test_somebody_louder_than_the_echo_is_heard_after_a_quarter_of_a_second():
    detector = TalkOver()
    hear(detector, 5.0, -15.0)
    hear(detector, TALKING_S - CHUNK_S, -5.0)
    assert not detector.talking
    hear(detector, 2 * CHUNK_S, -5.0)
    assert detector.talking


def test_before_it_knows_its_echo_it_takes_nothing_for_a_person():
    assert hear(TalkOver(), LEARN_S / 2, 0.0) == 0


@pytest.mark.parametrize(("length_s", "speech"), [(0.15, True), (3.0, False)], ids=["a cough", "a loud machine"])
def test_what_is_short_or_no_speech_does_not_count(length_s, speech):
    detector = TalkOver()
    hear(detector, 5.0, -15.0)
    hear(detector, length_s, 0.0, speech=speech)
    assert not detector.talking


def test_a_voice_that_played_and_stopped_leaves_no_verdict_behind():
    detector = TalkOver()
    hear(detector, 5.0, -15.0)
    hear(detector, 1.0, 0.0)
    detector.hear(-20.0, -100.0, CHUNK_S, speech=True)
    assert not detector.talking


class Room:
    """An ear in a room where the robot speaks: what the microphone hears is its echo and whoever else is there."""

    def __init__(self, echo_db):
        self.ear = Ear(SileroVoiceActivity(), None, HearingSettings())
        self.gain = 10 ** (echo_db / 20)

    def over_own_s(self, own, other):
        """When somebody was first heard to talk over the robot, in s; None if never. Arrays (m,) of the same length."""
        levels = levels_of(own)
        heard_sound = (own * self.gain + other).astype(np.float32)
        for seq, start in enumerate(range(0, len(own) - 320, 320)):
            t_s = start / 16_000
            level = levels[int(t_s / LEVEL_STRETCH_S)]
            motion = OwnMotion(t_s, 0.0, speaking=True, voice_dbfs=level)
            for heard in self.ear.hear(Sound(seq, t_s, heard_sound[start : start + 320]), motion):
                if heard.over_own:
                    return heard.t_s
        return None


@pytest.fixture(scope="module")
def own_voice(speech_in_a_quiet_room):
    """Seven seconds of real speech, again and again, as the robot's own voice."""
    return np.tile(speech_in_a_quiet_room[16_000:128_000], 3)


@pytest.mark.parametrize("echo_db", [-9.0, -20.0, -40.0])
def test_the_real_ear_does_not_hear_itself_and_hears_who_talks_as_loud_as_it_does(
    own_voice, speech_in_a_quiet_room, echo_db
):
    nobody = np.zeros_like(own_voice)
    assert Room(echo_db).over_own_s(own_voice, nobody) is None
    other = nobody.copy()
    speech = speech_in_a_quiet_room[24_000:88_000]
    other[160_000 : 160_000 + len(speech)] = speech
    found_s = Room(echo_db).over_own_s(own_voice, other)
    assert found_s is not None
    assert 10.0 < found_s < 12.5
