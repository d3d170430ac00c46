"""How long somebody waits for the first sound of an answer, from the end of what they said.

    python -m tools.benchmark.answers [--times 3] [--page docs/results/answers.md]

The whole robot in real time: the sample portrait at 15 frames a second before its camera, and a microphone that hears
commands and sentences, spoken by espeak-ng, with a pause after each. What is measured ends when the speaker is told to
play: what an audio driver adds (10 to 100 ms on most) is not in it.
"""

import argparse
import os
import statistics
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hardware.clock import MonotonicClock
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.prosody import Prosody
from robot.config import Config
from robot.pace import run_real
from tools.benchmark.command_speech import Samples, rms
from tools.benchmark.material import BLOCK_SAMPLES, StillCamera, scene_picture
from tools.benchmark.pages import tell

LIMIT_S = 1.0
COMMANDS = ("louder please", "speak quietly", "why did you do that")
SENTENCES = ("What is your name?", "How are you?", "Where are we?", "Tell me a joke.", "I got the job today.")
FIRST_S, PAUSE_S, LATE_S = 12.0, 5.0, 4.0
"""The helper and the greeting need the first seconds. A sound after `LATE_S` answers nothing any more."""


@dataclass
class Talker:
    """A microphone in real time. `ended_s` is when each phrase ended, on the clock."""

    clock: MonotonicClock
    phrases: Sequence[Samples]
    dropped: int = 0
    finished: bool = False
    ended_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start_s = self.clock.now_s()
        self._count = 0
        sound = [np.zeros(round(FIRST_S * SAMPLE_RATE_HZ), np.float32)]
        length_s = FIRST_S
        for phrase in self.phrases:
            length_s += len(phrase) / SAMPLE_RATE_HZ
            self.ended_s.append(self._start_s + length_s)
            sound += [phrase, np.zeros(round(PAUSE_S * SAMPLE_RATE_HZ), np.float32)]
            length_s += PAUSE_S
        self._sound = np.concatenate(sound) + np.random.default_rng(0).normal(0, 1e-3, sum(map(len, sound)))
        self.length_s = length_s

    def read(self, timeout_s: float) -> Sound | None:
        """The next 32 ms, once they are over."""
        start = self._count * BLOCK_SAMPLES
        due_s = self._start_s + (start + BLOCK_SAMPLES) / SAMPLE_RATE_HZ
        early_s = due_s - self.clock.now_s()
        self.clock.wait_s(max(0.0, min(timeout_s, early_s)))
        if early_s > timeout_s or start >= len(self._sound):
            return None
        self._count += 1
        samples = self._sound[start : start + BLOCK_SAMPLES].astype(np.float32)
        return Sound(self._count, due_s - BLOCK_SAMPLES / SAMPLE_RATE_HZ, samples)

    def close(self) -> None:
        """Nothing to let go."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where an engine is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.answers", description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=3, help="how often everything is said")
    parser.add_argument("--page", type=Path, help="write the page, too")
    options = parser.parse_args(arguments)
    kinds = {"commands": COMMANDS, "sentences, set replies": SENTENCES}
    return tell(lambda: _page({kind: _measure(texts, options.times) for kind, texts in kinds.items()}), options.page)


def _measure(texts: Sequence[str], times: int) -> list[float | None]:
    """Seconds from the end of each phrase to the first sound after it; None where none came in time."""
    clock = MonotonicClock()
    voice = EspeakHelper(time_limit_s=60.0)
    said = [_spoken(voice, text) for text in texts] * times
    voice.close()
    talker = Talker(clock, said)
    played: list[float] = []
    speaker: Callable[[], RecordingSpeaker] = lambda: RecordingSpeaker(clock, lambda t_s, _: played.append(t_s))  # noqa: E731
    devices = Devices(
        camera=lambda: StillCamera(scene_picture(), clock, 15.0),
        microphone=lambda: talker,
        servos=VirtualServos,
        lights=lambda: VirtualLights(5),
        speaker=speaker,
    )
    companion = assemble(Config(), devices, clock, lambda _: None, at_once=False)
    try:
        run_real(companion, clock, 1 / 50, clock.now_s() + talker.length_s, threading.Event())
    finally:
        companion.close()
    return [min((t - end for t in played if 0 < t - end <= LATE_S), default=None) for end in talker.ended_s]


def _spoken(voice: EspeakHelper, text: str) -> Samples:
    sound = voice.synthesise(text, "en", Prosody()).samples
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    trimmed = sound[loud[0] : loud[-1] + 1]
    return np.asarray(trimmed * np.float32(0.1 / rms(trimmed)), np.float32)


def _page(delays: dict[str, list[float | None]]) -> str:
    lines = [
        "# From the end of speech to the first sound of the answer",
        "",
        f"Written by `python -m tools.benchmark.answers`: the whole robot in real time on {os.cpu_count()} cores, load "
        f"average {os.getloadavg()[0]:.1f} (with nothing else to do it is about 1). The limit is {LIMIT_S:g} s.",
        "",
        "| what was said | times | answered | median s | p95 s | longest s |",
        "|---|---|---|---|---|---|",
    ]
    for name, each in delays.items():
        there = sorted(delay for delay in each if delay is not None)
        if len(there) > 1:
            p95 = statistics.quantiles(there, n=20, method="inclusive")[-1]
            figures = f"{statistics.median(there):.2f} | {p95:.2f} | {there[-1]:.2f}"
        else:
            figures = "- | - | -"
        lines.append(f"| {name} | {len(each)} | {len(there)} | {figures} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    raise SystemExit(main())
