"""Spoken to while it talks, the whole robot falls silent: real speech, real detector of speech, real voice."""

from functools import partial

import numpy as np
import pytest
import soundfile

from hardware.clock import SteppedClock
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.config import Config, HearingSettings, MotionSettings, SightSettings
from robot.messages import OwnMotion, Reason
from robot.simulator.sample_scene import SAMPLE_FOLDER
from tests.life.portrait import Portrait

TICK_S, BLOCK = 0.02, 512
ASKED_S, SPOKEN_S = 8.0, 9.0


class Speakerphone:
    """Hears a person from `SPOKEN_S` on, if one is `spoken`, and nothing of the robot: the device takes it out."""

    dropped, finished = 0, False

    def __init__(self, clock, spoken):
        speech, rate = soundfile.read(SAMPLE_FOLDER / "speech.ogg", dtype="float32")
        assert rate == SAMPLE_RATE_HZ
        start = int(np.argmax(np.abs(speech) > 0.05))
        self._samples = np.concatenate(
            [np.zeros(round(SPOKEN_S * rate), np.float32), speech[start : start + 2 * rate] * spoken]
        )
        self._clock, self._at = clock, 0

    def read(self, timeout_s):
        if self._clock.now_s() < (self._at + BLOCK) / SAMPLE_RATE_HZ:
            return None
        block = self._samples[self._at : self._at + BLOCK]
        block = np.pad(block, (0, BLOCK - len(block)))
        self._at += BLOCK
        return Sound(self._at // BLOCK, (self._at - BLOCK) / SAMPLE_RATE_HZ, block)

    def close(self):
        pass


def silent_s(echo_cancelled, spoken=True):
    """When the robot fell silent that was asked something and then spoken to, and its reasons."""
    clock, told = SteppedClock(), []
    config = Config(
        motion=MotionSettings(liveliness=0.0),
        sight=SightSettings(frames_per_s=5.0, attention_per_s=0.0, hands_per_s=0.0),
        hearing=HearingSettings(words="off", echo_cancelled=echo_cancelled),
    )
    speaker, heard = RecordingSpeaker(clock), partial(Speakerphone, clock, spoken)
    devices = Devices(
        lambda: Portrait(clock),
        heard,
        VirtualServos,
        lambda: VirtualLights(5),
        lambda: speaker,
    )
    companion = assemble(config, devices, clock, told.append, at_once=True)
    lookout = companion.lookout
    for tick in range(round(14.0 / TICK_S)):
        if tick == round(ASKED_S / TICK_S):
            companion.requests.ask("why", "", "page")
        companion.act(clock.now_s(), lookout.look(0.0), lookout.listen(0.0))
        clock.wait_s(TICK_S)
    companion.close()
    sounds = [each for each in told if isinstance(each, OwnMotion) and each.t_s >= ASKED_S]
    if not sounds[0].speaking or sounds[1].t_s - sounds[0].t_s < 0.7:
        pytest.skip("not tested: no engine speaks on this machine")
    return sounds[1].t_s, [each.text for each in told if isinstance(each, Reason)]


@pytest.mark.parametrize("echo_cancelled", [True, False])
def test_it_stops_within_a_second_of_the_first_word(echo_cancelled):
    end_s, reasons = silent_s(echo_cancelled)
    assert SPOKEN_S < end_s <= SPOKEN_S + 1.0
    assert "I stop talking because you speak while I do" in reasons


def test_while_nobody_speaks_it_talks_to_its_end():
    end_s, reasons = silent_s(echo_cancelled=True, spoken=False)
    assert end_s > SPOKEN_S + 1.0
    assert not any("I stop talking" in text for text in reasons)
