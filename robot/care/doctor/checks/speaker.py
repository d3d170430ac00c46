"""Does what the speaker says reach the microphone: a tone is played and listened for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.ports import SAMPLE_RATE_HZ, Microphone, Sound, Speaker
from robot.care.doctor.checks.microphone import listen
from robot.care.doctor.finding import Finding
from robot.care.doctor.first_look import first_look
from robot.care.doctor.subject import Subject, opened

NAME = "speaker"
TONE_HZ = 880.0
TONE_S = 0.8
TONE_LEVEL = 0.3
BEFORE_S = 0.6
AFTER_S = 2.2
HEARD_DB = 10.0
"""How much the tone must rise out of what was there at that pitch before."""

FAINT_DB = 20.0
PURE = 0.4
"""Share of the sound's power that must be the tone itself, while it sounds."""

LATE_S = 0.6
FREE_IT = "stop the robot if it runs (rapport service stop), and see `aplay -l`"
UNHEARD = Finding(NAME, "note", "a tone was played; nothing listened", "name a --microphone to measure it")
DEAF = Finding(NAME, "note", "a tone was played, but the microphone sends nothing", "mend the microphone first")


@dataclass(frozen=True, slots=True)
class Echo:
    """What the microphone made of the tone: how far it rose, after how long, and how pure it was."""

    rise_db: float
    delay_s: float
    purity: float
    tail_s: float


def examine(subject: Subject) -> Iterator[Finding]:
    """Play a tone and listen for it."""
    if subject.still:
        yield Finding(NAME, "note", "not tried: nothing may sound (--still)")
        return
    if subject.board is None:
        yield Finding(NAME, "note", "a drawn body sounds in the page, not in the room; nothing to listen for")
        return
    listener = subject.microphone
    echo = yield from first_look(
        NAME,
        subject.speaker,
        lambda speaker: _play(speaker, listener, subject.clock),
        not_asked=UNHEARD,
        nothing=UNHEARD if listener is None else DEAF,
        free_it=FREE_IT,
    )
    if echo is not None:
        yield from judge(echo)


def _play(speaker: Speaker, listener: Callable[[], Microphone] | None, clock: Clock) -> Echo | None:
    if listener is None:
        speaker.play(Sound(0, 0.0, tone()))
        clock.wait_s(TONE_S + 0.3)
        return None
    with opened(listener) as microphone:
        return play_and_listen(speaker, microphone, clock)


def tone() -> NDArray[np.float32]:
    """The tone, float32 of shape (n,), with soft ends so that it does not click."""
    count = round(TONE_S * SAMPLE_RATE_HZ)
    wave = TONE_LEVEL * np.sin(2 * np.pi * TONE_HZ * np.arange(count) / SAMPLE_RATE_HZ)
    fade = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.02 * SAMPLE_RATE_HZ))
    return (wave * fade).astype(np.float32)


def play_and_listen(speaker: Speaker, microphone: Microphone, clock: Clock) -> Echo | None:
    """Listen, play, listen on; None when the microphone sent nothing.

    Raises:
        DeviceLost: speaker or microphone went.
    """
    before = listen(microphone, clock, BEFORE_S)
    played_s = clock.now_s()
    speaker.play(Sound(0, played_s, tone()))
    after = listen(microphone, clock, AFTER_S)
    return echo_of(before, after, played_s) if before and after else None


def echo_of(before: Sequence[Sound], after: Sequence[Sound], played_s: float) -> Echo:
    """The tone in what was heard `after` it was played at `played_s`, against what was there `before`."""
    quiet = float(np.median([tone_power(sound.samples) for sound in before]))
    powers = np.array([tone_power(sound.samples) for sound in after])
    threshold = max(quiet, 1e-10) * 10.0 ** (HEARD_DB / 10.0)
    loud = [index for index, power in enumerate(powers) if power > threshold]
    if len(loud) == 0:
        return Echo(10.0 * float(np.log10(max(powers.max(), 1e-12) / max(quiet, 1e-10))), 0.0, 0.0, 0.0)
    sounding = [after[index] for index in loud]
    whole = sum(float(np.mean(np.square(sound.samples, dtype=np.float64))) for sound in sounding)
    return Echo(
        rise_db=10.0 * float(np.log10(float(np.median(powers[loud])) / max(quiet, 1e-10))),
        delay_s=max(0.0, sounding[0].t_s - played_s),
        purity=float(powers[loud].sum()) / max(whole, 1e-12),
        tail_s=max(0.0, sounding[-1].t_s + sounding[-1].duration_s - played_s - TONE_S),
    )


def tone_power(samples: NDArray[np.float32]) -> float:
    """The power of the tone in a block (mean square), by one bin of a Fourier transform (Goertzel's idea)."""
    if len(samples) == 0:
        return 0.0
    turns = np.exp(-2j * np.pi * TONE_HZ * np.arange(len(samples)) / SAMPLE_RATE_HZ)
    return float(2.0 * np.abs(np.mean(samples * turns)) ** 2)


def judge(echo: Echo) -> Iterator[Finding]:
    """What is wrong with the way from speaker to microphone; that all is well, if nothing is."""
    measured: dict[str, float | int | str | bool] = {
        "rise_db": round(echo.rise_db, 1),
        "delay_ms": round(1000 * echo.delay_s),
        "purity": round(echo.purity, 2),
        "tail_ms": round(1000 * echo.tail_s),
    }
    if echo.rise_db < HEARD_DB:
        what = "a tone was played, and the microphone did not hear it"
        fix = "switch the speaker on, turn it up (`alsamixer`), and see that [sound] speaker names the right card"
        yield Finding(NAME, "fault", what, fix, measured)
        return
    found = False
    if echo.rise_db < FAINT_DB:
        found = True
        yield Finding(NAME, "warning", f"the tone is faint ({echo.rise_db:.0f} dB)", "turn the speaker up", measured)
    if echo.purity < PURE:
        found = True
        what = f"the tone is distorted: {echo.purity:.0%} of what was heard is the tone"
        yield Finding(NAME, "warning", what, "turn the speaker down; check its supply and its cone", measured)
    if echo.delay_s > LATE_S:
        found = True
        yield Finding(
            NAME, "warning", f"sound comes {echo.delay_s:.1f} s late", "do not use Bluetooth for it", measured
        )
    if not found:
        words = f"the microphone hears the tone, {echo.rise_db:.0f} dB up, after {1000 * echo.delay_s:.0f} ms"
        yield Finding(NAME, "ok", words, measured=measured)
