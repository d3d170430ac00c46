"""How well the robot understands what is said: word error rate, and commands in noise.

    python -m tools.benchmark.words [--read FOLDER] [--voices N] [--page docs/results/words.md]

`--read` is a folder of recordings with a `transcription` file as PocketSphinx's source package has it (test/data/
librivox: five sentences of a public-domain reading). Commands are spoken by espeak-ng and, where it is installed, by
flite (`apt-get install flite`); `$RAPPORT_DATA` has everyday noise. Everything goes through the robot's own recogniser;
the grammar's phrases are those that ship. Commands that were missed go to standard error.
"""

import argparse
import math
import os
import re
import sys
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robot.errors import RapportError
from robot.senses.hearing.words.commands import phrases_of
from robot.senses.hearing.words.recogniser import Recogniser, build_recogniser
from tools.benchmark.command_speech import (
    REPORTED,
    TUNED_ON,
    available,
    generated_noise,
    noisy,
    recorded_noises,
    spoken_commands,
)
from tools.benchmark.pages import tell

Samples = NDArray[np.float32]

NOISE_DB = 10.0
BARS = {"words": 0.10, "commands": 0.95}
RUNGS = ("feelings", "presence")
NUMBERS = {"10": "ten", "mr": "mister", "mrs": "missus"}


@dataclass
class Tally:
    """How the commands in one kind of noise fared."""

    kind: str
    spoken: int = 0
    right: int = 0
    wrong: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where the engines are missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.words", description=__doc__.split("\n")[0])
    parser.add_argument("--read", type=Path, metavar="FOLDER", help="recordings with a `transcription`")
    parser.add_argument("--voices", type=int, default=len(REPORTED), help="how many voices speak the commands")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/words.md")
    parser.add_argument("--rung", nargs="+", choices=RUNGS, default=RUNGS)
    options = parser.parse_args(arguments)
    voices = available(REPORTED)[: options.voices]
    return tell(lambda: _page(options.read, voices, options.rung), options.page)


def _command_line(read: Path | None, voices: Sequence[str], rungs: Sequence[str]) -> str:
    folder = "" if read is None else " --read FOLDER"
    return f"python -m tools.benchmark.words{folder} --voices {len(voices)} --rung {' '.join(rungs)}"


def _not_measured(read: Path | None, rungs: Sequence[str]) -> str:
    """What these figures say nothing about, in one sentence."""
    left_out = ["people", "rooms"]
    left_out += [f"the rung `{rung}`" for rung in RUNGS if rung not in rungs]
    left_out += ["read sentences"] if read is None else []
    return f"The commands are synthetic speech; {', '.join(left_out[:-1])} and {left_out[-1]} were not measured."


def _page(read: Path | None, voices: Sequence[str], rungs: Sequence[str]) -> str:
    recogniser, engines = build_recogniser(phrases_of("en"), "en", "Rapport")
    if engines.missing:
        raise RapportError(engines.missing)
    data = Path(os.environ["RAPPORT_DATA"]) if "RAPPORT_DATA" in os.environ else None
    lines = [
        "# What is understood of speech",
        "",
        f"Written by `{_command_line(read, voices, rungs)}`. The limits of the recogniser were chosen on other voices "
        f"({', '.join(TUNED_ON)}) and other noise than these.",
        "",
        "| what | measured |",
        "|---|---|",
    ]
    if read is not None:
        errors, words, count = _word_errors(recogniser, read)
        what = f"word error rate, {count} read sentences, {words} words (bar: at most {BARS['words']:.2f})"
        lines.append(f"| {what} | {errors / words:.3f} |")
    noises = recorded_noises(data)
    for rung in rungs:
        written = rung == "feelings"
        lines += _rows(_commands(recogniser, voices, noises, written), written)
    lines += ["", f"Voices: {', '.join(voices)}. Noise {NOISE_DB:g} dB below the speech"]
    lines[-1] += (
        ": white, pink, and everyday sounds of ESC-10." if noises else "; everyday noise not measured: data absent."
    )
    lines.append(_not_measured(read, rungs))
    return "\n".join([*lines, ""])


def _rows(tallies: Sequence[Tally], written: bool) -> Iterator[str]:
    rung = "on the rung `feelings`" if written else "on the rung `presence`, where nothing is written down"
    spoken, right, wrong = (sum(getattr(tally, name) for tally in tallies) for name in ("spoken", "right", "wrong"))
    share, bar = right / spoken, BARS["commands"]
    met = "" if share >= bar else ", **not met**"
    low, high = interval(right, spoken)
    what = f"commands named right, {spoken} phrases, {rung} (bar: {bar:.2f})"
    yield f"| {what} | {share:.3f} ({low:.3f} to {high:.3f}){met} |"
    kinds = ", ".join(f"{tally.kind} {tally.right}/{tally.spoken}" for tally in tallies)
    yield f"| ... by noise | {kinds} |"
    yield f"| ... named as another command | {wrong / spoken:.3f} |"


def interval(right: int, of: int) -> tuple[float, float]:
    """Where the true share lies with 95 %: ``right`` successes among ``of`` (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    z, share = 1.96, right / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def _word_errors(recogniser: Recogniser, folder: Path) -> tuple[int, int, int]:
    errors = words = count = 0
    for line in (folder / "transcription").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"<s> (.*?) *</s> \((.*)\)", line.strip())
        if found is None:
            continue
        said, heard = _words(found[1]), _words(recogniser.recognise(_wav(folder / f"{found[2]}.wav"), words=True).text)
        errors, words, count = errors + _distance(said, heard), words + len(said), count + 1
    return errors, words, count


def _commands(recogniser: Recogniser, voices: Sequence[str], noises: Sequence[Samples], words: bool) -> list[Tally]:
    """One tally for each kind of noise. Each phrase is said in one of them, the kinds in turn."""
    kinds = ("white", "pink", "everyday")[: 3 if noises else 2]
    tallies = [Tally(kind) for kind in kinds]
    for number, said in enumerate(spoken_commands(voices)):
        tally, rng = tallies[number % len(kinds)], np.random.default_rng([1, number])
        noise = generated_noise(2 * len(said.samples) + 16_000, rng, pink=tally.kind == "pink")
        if tally.kind == "everyday":
            noise = noises[int(rng.integers(len(noises)))]
        heard = recogniser.recognise(noisy(said.samples, noise, NOISE_DB), words=words).command
        tally.spoken += 1
        tally.right += heard == said.command
        tally.wrong += heard not in (said.command, None)
        if heard != said.command:
            sys.stderr.write(f"words {words}, {said.voice}, {tally.kind}: {said.phrase} -> {heard}\n")
    return tallies


def _wav(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
    return np.asarray(samples / 32_768, np.float32)


def _words(text: str) -> list[str]:
    plain = re.sub(r"[^a-z0-9' ]", "", text.lower().replace("-", " "))
    return [NUMBERS.get(word, word) for word in plain.split()]


def _distance(said: list[str], heard: list[str]) -> int:
    """Words left out, put in or changed (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


if __name__ == "__main__":
    raise SystemExit(main())
