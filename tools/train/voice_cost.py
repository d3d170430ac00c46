"""What a second of sound costs the tone model, beside the same second through voice activity detection.

    python -m tools.train.voice_cost MODEL.tflite

Processor time on one thread, features of 20 ms steps as they stream in and two invocations a second, as the robot does.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from robot.senses.hearing.logmel import StreamingLogMel
from robot.senses.hearing.voice_activity import CHUNK_SAMPLES, SileroVoiceActivity
from tools.train.int8_file import Int8File
from tools.train.voice_data import RATE_HZ
from tools.train.voice_features import FLOOR, FRAMES, PARAMETERS, shown

SECONDS = 8
ROUNDS = 5
JUDGEMENTS_PER_S = 2


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time for a second of sound; the least of several rounds, which others disturb least."""

    features_ms: float
    invoke_ms: float
    voice_activity_ms: float

    @property
    def share(self) -> float:
        """The tone model's cost as a share of voice activity detection."""
        return (self.features_ms + self.invoke_ms) / self.voice_activity_ms

    def told(self) -> str:
        """In words."""
        return (
            f"{self.features_ms:.2f} ms for the features and {self.invoke_ms:.2f} ms for two invocations a second, "
            f"{self.share:.2f} times the {self.voice_activity_ms:.2f} ms of voice activity detection"
        )


def cost_of(content: bytes) -> Cost:
    """Measure an int8 file. Raises EngineMissing when there is no voice activity model."""
    sound = np.random.default_rng(0).normal(0, 0.05, SECONDS * RATE_HZ).astype(np.float32)
    chunks = [sound[i : i + CHUNK_SAMPLES] for i in range(0, len(sound) - CHUNK_SAMPLES + 1, CHUNK_SAMPLES)]
    file, detector = Int8File(content), SileroVoiceActivity()
    window = np.full((FRAMES, PARAMETERS.bands), FLOOR, np.float32)
    window[::3] += 12.0

    def features() -> None:
        stream = StreamingLogMel(PARAMETERS)
        for chunk in chunks:
            stream.push(chunk)

    def invoke() -> None:
        for _ in range(SECONDS * JUDGEMENTS_PER_S):
            file.logits(shown(window)[None, ..., None])

    def listen() -> None:
        for chunk in chunks:
            detector.probability(chunk)

    return Cost(*(_least_ms(work) / SECONDS for work in (features, invoke, listen)))


def _least_ms(work: Callable[[], None]) -> float:
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        spent.append(1000.0 * (time.process_time() - started))
    return min(spent)


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m tools.train.voice_cost", description=__doc__)
    parser.add_argument("model", type=Path)
    given = parser.parse_args(arguments)
    try:
        print(cost_of(given.model.read_bytes()).told())
    except (OSError, ValueError) as error:
        print(f"{given.model}: cannot be measured ({error}); give the model.tflite of a run", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
