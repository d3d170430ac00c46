"""Does the microphone hear: level, noise floor, clipping, digital silence, and whether its clock is right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hardware.clock import Clock
from hardware.ports import Microphone, Sound
from robot.care.doctor.finding import Finding
from robot.care.doctor.first_look import first_look
from robot.care.doctor.subject import Subject
from robot.senses.hearing.level import clipped_share, level_dbfs, mean_square, power_dbfs

NAME = "microphone"
FIRST_SOUND_S = 6.0
LISTEN_S = 2.5
NOISY_DBFS = -38.0
"""A floor above this leaves speech at a metre (-30 to -20 dBFS on common microphones) less than 15 dB."""

FAINT_DBFS = -80.0
CLIPPED = 0.005
OFFSET = 0.02
OFF_RATE = 0.01
FREE_IT = "stop the robot if it runs (rapport service stop), and see `arecord -l`"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a microphone sent.

    Levels in dBFS; `floor_dbfs` is that of the quietest tenth. `rate_share` is 1 for a clock that runs as ours does.
    """

    seconds: float
    level_dbfs: float
    floor_dbfs: float
    peak: float
    clipped: float
    offset: float
    dead: bool
    rate_share: float
    dropped: int


def examine(subject: Subject) -> Iterator[Finding]:
    """Listen for some seconds and judge what came."""
    heard = yield from first_look(
        NAME,
        subject.microphone,
        lambda microphone: measure(listen(microphone, subject.clock, LISTEN_S), microphone.dropped),
        not_asked=Finding(NAME, "note", "not asked for; nothing was listened to", "name one with --microphone pyaudio"),
        nothing=Finding(NAME, "fault", f"it opened, but sent nothing within {FIRST_SOUND_S:g} s", FREE_IT),
        free_it=FREE_IT,
    )
    if heard is not None:
        yield from judge(heard)


def listen(microphone: Microphone, clock: Clock, duration_s: float) -> list[Sound]:
    """Everything heard for `duration_s` from the first block on; empty when none came within `FIRST_SOUND_S`.

    Raises:
        DeviceLost: the microphone went.
    """
    heard: list[Sound] = []
    until_s = clock.now_s() + FIRST_SOUND_S
    while clock.now_s() < until_s and not microphone.finished:
        sound = microphone.read(0.1)
        if sound is None:
            continue
        if not heard:
            until_s = clock.now_s() + duration_s
        heard.append(sound)
    return heard


def measure(heard: Sequence[Sound], dropped: int = 0) -> Heard | None:
    """The figures of some blocks; None for none."""
    if not heard:
        return None
    samples = np.concatenate([sound.samples for sound in heard])
    powers = [mean_square(sound.samples) for sound in heard]
    counted_s = sum(sound.duration_s for sound in heard[:-1])
    passed_s = heard[-1].t_s - heard[0].t_s
    return Heard(
        seconds=len(samples) / 16_000,
        level_dbfs=level_dbfs(samples),
        floor_dbfs=power_dbfs(float(np.percentile(powers, 10))),
        peak=float(np.abs(samples).max(initial=0.0)),
        clipped=clipped_share(samples),
        offset=float(samples.mean(dtype=np.float64)),
        dead=not samples.any(),
        rate_share=counted_s / passed_s if passed_s > 1.0 else 1.0,
        dropped=dropped,
    )


def judge(heard: Heard) -> Iterator[Finding]:
    """What is wrong with what was heard; that all is well, if nothing is."""
    measured: dict[str, float | int | str | bool] = {
        "level_dbfs": round(heard.level_dbfs, 1),
        "floor_dbfs": round(heard.floor_dbfs, 1),
        "peak": round(heard.peak, 3),
        "clipped_share": round(heard.clipped, 5),
        "dropped_blocks": heard.dropped,
    }
    found = list(_faults(heard))
    for severity, what, fix in found:
        yield Finding(NAME, severity, what, fix, measured)  # type: ignore[arg-type]
    if not found:
        words = f"level {heard.level_dbfs:.0f} dBFS, noise {heard.floor_dbfs:.0f} dBFS, no clipping"
        yield Finding(NAME, "ok", words, measured=measured)


def _faults(heard: Heard) -> Iterator[tuple[str, str, str]]:
    if heard.dead:
        yield (
            "fault",
            "it sends digital silence: muted, or the wrong input",
            "look for a mute switch on it; unmute with `alsamixer` (F4); name another: --microphone pyaudio:USB",
        )
        return
    if heard.level_dbfs < FAINT_DBFS:
        yield "warning", f"it hears almost nothing ({heard.level_dbfs:.0f} dBFS)", "turn its gain up with `alsamixer`"
    if heard.floor_dbfs > NOISY_DBFS:
        yield (
            "warning",
            f"the room, or the microphone, is noisy: {heard.floor_dbfs:.0f} dBFS while nobody speaks",
            "move it away from fans and servos; turn its gain down; then rapport calibrate microphone",
        )
    if heard.clipped > CLIPPED:
        yield "warning", f"{heard.clipped:.1%} of the sound is clipped", "turn its gain down with `alsamixer`"
    if abs(heard.offset) > OFFSET:
        yield "note", f"it has an offset of {heard.offset:+.3f}", "harmless up to 0.1; a sign of a poor sound card"
    if abs(heard.rate_share - 1.0) > OFF_RATE:
        yield (
            "warning",
            f"its clock is {heard.rate_share - 1.0:+.1%} off: sound is lost or made up",
            "plug it into another USB port, not through a hub",
        )
    if heard.dropped:
        yield "warning", f"{heard.dropped} blocks of sound were lost", "close other programs; this computer is too busy"
