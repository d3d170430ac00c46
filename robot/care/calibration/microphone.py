"""Calibrate the microphone: how quiet the room is, how loud a person is, and the gain that follows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hardware.boards.calibration import MicrophoneCalibration
from hardware.clock import Clock
from hardware.ports import Microphone
from robot.care.calibration.dialogue import Dialogue, ask
from robot.care.doctor.checks.microphone import listen
from robot.senses.hearing.level import mean_square, power_dbfs

QUIET_S, SPEECH_S = 3.0, 5.0
WANTED_DBFS = -26.0
"""Where speech should lie: the active speech level at which telephony is tested (ITU-T P.56 levels, P.800)."""

LEAST_DB, MOST_DB = -20.0, 30.0
HEADROOM_DBFS = -3.0
ENOUGH_DB = 12.0
"""Speech this far above the room reads as well as any; the tone model's quality is full at 15 dB."""


@dataclass(frozen=True, slots=True)
class EarBench:
    """What the procedure works with: the microphone without any correction."""

    open_microphone: Callable[[], Microphone]
    clock: Clock


def calibrate_microphone(dialogue: Dialogue, bench: EarBench) -> MicrophoneCalibration:
    """Listen to the room, then to a person.

    Raises:
        Stopped: the person ended it.
        DeviceError: the microphone cannot be opened, or went.
    """
    microphone = bench.open_microphone()
    try:
        ask(
            dialogue,
            "microphone (1 of 2)",
            "Be quiet for three seconds; let fans run.",
            (("ok", "go"),),
        )
        floor_dbfs, _, _ = levels(microphone, bench.clock, QUIET_S)
        while True:
            text = "Stand where people will stand and talk for five seconds, as you always do."
            ask(dialogue, "microphone (2 of 2)", text, (("ok", "I begin now"),))
            _, speech_dbfs, peak = levels(microphone, bench.clock, SPEECH_S)
            above_db = speech_dbfs - floor_dbfs
            gain_db = gain_for(speech_dbfs, peak)
            heard = f"room {floor_dbfs:.0f} dBFS, you {speech_dbfs:.0f} dBFS, {above_db:.0f} dB above it"
            dialogue.say(f"{heard}; gain {gain_db:+.0f} dB")
            if above_db >= ENOUGH_DB or _keep_anyway(dialogue, above_db):
                return MicrophoneCalibration(round(gain_db, 1), round(floor_dbfs, 1), round(speech_dbfs, 1))
    finally:
        microphone.close()


def _keep_anyway(dialogue: Dialogue, above_db: float) -> bool:
    text = f"Only {above_db:.0f} dB above the room; {ENOUGH_DB:g} are wanted. Nearer, louder, away from fans?"
    answers = (("again", "try again"), ("keep", "keep it anyway"))
    return ask(dialogue, "microphone (2 of 2)", text, answers) == "keep"


def levels(microphone: Microphone, clock: Clock, duration_s: float) -> tuple[float, float, float]:
    """The quietest tenth and the loudest fifth of the blocks in dBFS, and the greatest sample.

    Raises:
        DeviceLost: the microphone went, or sends nothing.
    """
    heard = listen(microphone, clock, duration_s)
    powers = [mean_square(sound.samples) for sound in heard] or [0.0]
    peak = max((float(np.abs(sound.samples).max(initial=0.0)) for sound in heard), default=0.0)
    low, high = np.percentile(powers, [10, 80])
    return power_dbfs(float(low)), power_dbfs(float(high)), peak


def gain_for(speech_dbfs: float, peak: float) -> float:
    """The gain in dB that brings speech to `WANTED_DBFS`, without pushing its peaks over the edge. Pure."""
    room_db = HEADROOM_DBFS - 20.0 * float(np.log10(max(peak, 1e-5)))
    return min(max(min(WANTED_DBFS - speech_dbfs, room_db), LEAST_DB), MOST_DB)
