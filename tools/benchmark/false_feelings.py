"""How often the robot hears a feeling in sound in which no person speaks to it.

    python -m tools.benchmark.false_feelings [--minutes 40] [--page docs/results/false_feelings.md]

Equal parts of silence and faint noise; loud noise (generated, and with `$RAPPORT_DATA` everyday sounds); servos that
whine; and the robot's own voice at its microphone, with and without what the body says of it. All of it goes the whole
way: voice activity, what is known of its own noise, the tone model and its thresholds. For each half second in which
the robot could have judged it counts whether it named a feeling, or a laugh or a sob, and was not unsure.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ
from robot.body.voice.espeak_helper import EspeakHelper
from robot.config import Config
from robot.mind.baseline import AT_REST
from robot.mind.vocal_events import hearing_with_events
from robot.senses.hearing.tone_model import build_ear
from tools.benchmark import nobody
from tools.benchmark.command_speech import Samples, recorded_noises
from tools.benchmark.pages import tell
from tools.benchmark.parts import load_model
from tools.train.voice_noise import servo_whine

BAR = 0.03
WHINE_S = 5


@dataclass
class Part:
    """One kind of sound: how long it was, how many windows were judged at all, and the feelings named surely."""

    name: str
    length_s: float = 0.0
    judged: int = 0
    felt: Counter[str] = field(default_factory=Counter)

    def share(self, every_s: float) -> float:
        """Of all windows that could have been judged, one each `every_s`, those called a feeling."""
        return self.felt.total() / max(1.0, self.length_s / every_s)


class Room:
    """An ear with the configured tone model that hears everything in turn, as one long day."""

    def __init__(self, config: Config) -> None:
        self.ear = build_ear(config.hearing, load_model(config, config.models.voice_tone))
        self._day = nobody.Day()

    def hear(self, part: Part, sound: Samples, levels: Sequence[float]) -> None:
        """Hear `sound`; with `levels` the body says so of its own voice meanwhile."""
        began_s = self._day.t_s
        for block, own in self._day.blocks(sound, levels):
            for hearing in map(hearing_with_events, self.ear.hear(block, own)):
                if hearing.tone is not None:
                    part.judged += 1
                    if not hearing.tone.unsure and hearing.tone.label not in AT_REST:
                        part.felt[hearing.tone.label] += 1
        part.length_s += self._day.t_s - began_s


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where an engine or the model is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmark.false_feelings", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--minutes", type=float, default=40.0, help="how long in all")
    parser.add_argument("--page", type=Path, help="write the page, too")
    options = parser.parse_args(arguments)

    def measure() -> str:
        config = Config()
        return _page(config, list(_parts(Room(config), 60.0 * options.minutes / 5)))

    return tell(measure, options.page)


def _parts(room: Room, seconds: float) -> Iterator[Part]:
    data = Path(os.environ["RAPPORT_DATA"]) if "RAPPORT_DATA" in os.environ else None
    rng = np.random.default_rng(11)
    voice = EspeakHelper(time_limit_s=60.0)
    try:
        for name, sounds in (
            ("silence and faint noise", _unsaid(nobody.silence(rng))),
            ("loud noise", _unsaid(nobody.noise(rng, recorded_noises(data)))),
            ("servos that whine, not told of", _unsaid(_whine(rng))),
            ("its own voice", _spoken(voice, rng)),
            ("its own voice, not told of: what the rules keep out", _unsaid(sound for sound, _ in _spoken(voice, rng))),
        ):
            part = Part(name)
            for sound, levels in sounds:
                room.hear(part, sound, levels)
                if part.length_s >= seconds:
                    break
            yield part
    finally:
        voice.close()


def _unsaid(sounds: Iterator[Samples]) -> Iterator[tuple[Samples, tuple[float, ...]]]:
    return ((sound, ()) for sound in sounds)


def _spoken(voice: EspeakHelper, rng: np.random.Generator) -> Iterator[tuple[Samples, tuple[float, ...]]]:
    while True:
        yield from nobody.own_voice(voice, rng)


def _whine(rng: np.random.Generator) -> Iterator[Samples]:
    while True:
        yield nobody.at_some_level(servo_whine(WHINE_S * SAMPLE_RATE_HZ, rng), rng)


def _page(config: Config, parts: Sequence[Part]) -> str:
    every_s = config.hearing.tone_every_s
    lines = [
        "# Feelings heard where nobody speaks",
        "",
        f"Written by `python -m tools.benchmark.false_feelings`: {config.models.voice_tone}, the whole way from the",
        f"microphone, in stepped time. A window is each {every_s:g} s of sound, judged or not; at most {BAR:.0%} of",
        "them may be called a feeling.",
        "",
        "| what was to be heard | minutes | judged at all | called a feeling |",
        "|---|---|---|---|",
    ]
    for part in parts:
        felt = ", ".join(f"{name} {count}" for name, count in sorted(part.felt.items()))
        share = f"{part.share(every_s):.1%}" + (f" ({felt})" if felt else "")
        lines.append(f"| {part.name} | {part.length_s / 60:.1f} | {part.judged} | {share} |")
    lines += [
        "",
        "The body always says when it speaks, and the ear blanks its voice out; the last line shows what that is",
        "worth. The model learned from the everyday sounds, too; what it makes of such that it never heard is on its",
        "card.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
