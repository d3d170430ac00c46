"""What the robot takes for a command in an hour in which nobody gives one.

    python -m tools.benchmark.false_commands [--minutes 60] [--page docs/results/false_commands.md]

Three equal parts: silence and faint noise; loud noise (generated, and with `$RAPPORT_DATA` everyday sounds and people
who laugh, cough or sigh); and the robot's own voice, as its microphone hears it from its speaker, with what the body
says of it. Beside them, as nothing that is promised, recordings of people who say other things in four languages. All
of it goes through voice activity, the turns and the recogniser, in stepped time.
"""

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ
from hardware.virtual.sound_file import read_sound_file
from robot.body.voice.espeak_helper import EspeakHelper
from robot.config import HearingSettings, RobotSettings
from robot.messages import HeardCommand
from robot.policy import permission_for
from robot.senses.hearing.tone_model import build_ear
from robot.senses.hearing.words.listener import WordListener
from tools.benchmark import nobody
from tools.benchmark.command_speech import Samples, recorded_noises, rms
from tools.benchmark.pages import tell


@dataclass
class Part:
    """One kind of sound, and what came of it."""

    name: str
    length_s: float = 0.0
    commands: Counter[str] = field(default_factory=Counter)
    turns: int = 0


class Room:
    """An ear that hears everything in turn, as one long day."""

    def __init__(self, rung: str) -> None:
        self.listener = WordListener("en", "Rapport", threaded=False, time_limit_s=300.0)
        self.listener.permit(permission_for(RobotSettings(consent="feelings" if rung == "feelings" else "presence")))
        self.ear = build_ear(HearingSettings(), None, words=self.listener)
        self._day = nobody.Day()

    def hear(self, part: Part, sound: Samples, levels: Sequence[float] = ()) -> None:
        """Hear `sound`; with `levels` the robot itself speaks meanwhile."""
        began_s = self._day.t_s
        for block, own in self._day.blocks(sound, levels):
            self.ear.hear(block, own)
            for said in self.listener.said(self._day.t_s):
                part.turns += 1
                if isinstance(said, HeardCommand):
                    part.commands[said.name] += 1
        part.length_s += self._day.t_s - began_s


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where an engine is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmark.false_commands", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="how long in all, without other people")
    parser.add_argument("--others", type=int, default=60, help="how many recordings of other people")
    parser.add_argument("--page", type=Path, help="write the page, too")
    parser.add_argument("--rung", nargs="+", choices=("feelings", "presence"), default=["feelings", "presence"])
    options = parser.parse_args(arguments)

    def measure() -> str:
        parts = [part for rung in options.rung for part in _hour(rung, options.minutes, options.others)]
        return _page(parts, options.minutes)

    return tell(measure, options.page)


def _hour(rung: str, minutes: float, others: int) -> Iterator[Part]:
    data = Path(os.environ["RAPPORT_DATA"]) if "RAPPORT_DATA" in os.environ else None
    rng = np.random.default_rng(7)
    bursts = list(_others(rng, data, nobody.BURSTS, 60)) if data is not None else []
    room, third_s = Room(rung), 60.0 * minutes / 3
    for name, sounds in (
        ("silence and faint noise", nobody.silence(rng)),
        ("loud noise", nobody.noise(rng, recorded_noises(data), bursts)),
    ):
        part = Part(f"{name}, rung `{rung}`")
        _for_a_while(third_s, part, sounds, room.hear)
        sys.stderr.write(f"{part}\n")
        yield part
    part = Part(f"its own voice, rung `{rung}`")
    voice = EspeakHelper(time_limit_s=60.0)
    while part.length_s < third_s:
        for sound, levels in nobody.own_voice(voice, rng):
            room.hear(part, sound, levels)
    voice.close()
    yield part
    if data is not None:
        part = Part(f"{others} recordings of people who say other things, rung `{rung}`")
        for sound in _others(rng, data, nobody.OTHERS, others):
            room.hear(part, sound)
        yield part
    room.listener.close()


def _for_a_while(seconds: float, part: Part, sounds: Iterable[Samples], hear: Callable[[Part, Samples], None]) -> None:
    for sound in sounds:
        hear(part, sound)
        if part.length_s >= seconds:
            return


def _others(rng: np.random.Generator, data: Path, names: Sequence[str], count: int) -> Iterator[Samples]:
    """Recordings of every second speaker: the limits of the recogniser were chosen with the others."""
    with (data / "voice" / "voice.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] in names]
    speakers = sorted({row["dataset"] + row["speaker"] for row in rows})[1::2]
    rows = [row for row in rows if row["dataset"] + row["speaker"] in speakers]
    quiet = np.zeros(SAMPLE_RATE_HZ, np.float32)
    for name in names:
        own = [row["file"] for row in rows if row["dataset"] == name]
        for place in rng.choice(len(own), min(len(own), max(1, count // len(names))), replace=False):
            path = data / "voice" / own[int(place)]
            sound = read_sound_file(path if path.is_file() else data / own[int(place)]).samples
            yield np.concatenate([quiet, np.clip(sound * np.float32(0.05 / rms(sound)), -1.0, 1.0), quiet])


def _page(parts: Sequence[Part], minutes: float) -> str:
    lines = [
        f"# Commands heard in {minutes:g} minutes in which nobody gives one",
        "",
        "Written by `python -m tools.benchmark.false_commands`: voice activity, turns and recogniser, in stepped time.",
        "",
        "| what was to be heard | minutes | turns | commands |",
        "|---|---|---|---|",
    ]
    for part in parts:
        heard = ", ".join(f"{name} {count}" for name, count in sorted(part.commands.items()))
        lines.append(f"| {part.name} | {part.length_s / 60:.1f} | {part.turns} | {heard or 0} |")
    return "\n".join([*lines, "", "What people say otherwise is no part of the promise.", ""])


if __name__ == "__main__":
    raise SystemExit(main())
