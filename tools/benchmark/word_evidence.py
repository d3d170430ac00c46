"""What each sign is worth that a command was said: the weights of `robot.senses.hearing.words.choice`.

    python -m tools.benchmark.word_evidence [--page docs/results/word_evidence.md]

Commands by the voices of `command_speech.TUNED_ON`, in noise; and pieces of noises, laughs and sighs, and people who
say other things, of those recordings and people that `tools.benchmark.words` and `.false_commands` do not use, as long
as turns are. A logistic regression learns to tell them apart; what it is worth is measured on voices that it was not
made with. It needs `$RAPPORT_DATA`, and twenty minutes.
"""

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from hardware.virtual.sound_file import read_sound_file
from robot.errors import RapportError
from robot.senses.hearing.words.choice import DOUBT_LOG_ODDS, LEAST_GAIN, Choice
from robot.senses.hearing.words.commands import phrases_of
from robot.senses.hearing.words.recogniser import MOST_NO_COMMAND, Recogniser, build_recogniser
from robot.senses.hearing.words.turns import LEAD_S, SETTLE_S
from tools.benchmark import nobody
from tools.benchmark.command_speech import (
    TUNED_ON,
    Samples,
    available,
    generated_noise,
    noisy,
    spoken_commands,
    trimmed,
    tuning_noises,
)
from tools.benchmark.pages import tell

NOISES_DB = (10.0, 6.0)
"""Each phrase is said in both: in the first alone hardly a command is missed, and what is not missed teaches little."""
NONE_SAID = 600
LEVELS_DBFS = (-30.0, -14.0)
LENGTHS_S = (0.4, 2.8)
"""How much of a noise or a speech is heard: turns that are no commands are as short as commands, too."""
RIDGE = 3e-3
LIMITS = (-2.5, -2.0, -1.5, -1.0, -0.5, 0.0)
NAMES = (
    "gain",
    "beyond any sound",
    "ahead of other commands",
    "same words",
    "same word",
    "same command",
    "no speech",
)

Floats = NDArray[np.float64]


class Chosen(NamedTuple):
    """What a pass chose, how probably there was no speech, and whether it was right."""

    choice: Choice
    no_speech: float
    right: bool


class Sign(NamedTuple):
    """One sound: what the recogniser chose, whether that was right, and which part of the cross-validation it is in.

    The `second` pass is what is chosen where the first leaves doubt.
    """

    first: Chosen
    second: Chosen
    command: bool
    part: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, measure, print; 2 where an engine or the data is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmark.word_evidence", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--page", type=Path, help="write the page, too")
    return tell(_measure, parser.parse_args(arguments).page)


def _measure() -> str:
    if "RAPPORT_DATA" not in os.environ:
        raise RapportError("not measured: data absent; set RAPPORT_DATA to the folder with voice/ in it")
    recogniser, engines = build_recogniser(phrases_of("en"), "en", "Rapport")
    if engines.missing:
        raise RapportError(engines.missing)
    data = Path(os.environ["RAPPORT_DATA"])
    signs = []
    for sign in chain(_said(recogniser, data), _not_said(recogniser, data)):
        signs.append(sign)
        if len(signs) % 50 == 0:
            sys.stderr.write(f"{len(signs)} sounds heard\n")
    return page(signs)


def _said(recogniser: Recogniser, data: Path) -> Iterator[Sign]:
    """Every phrase by every voice, in each of `NOISES_DB`."""
    noises, kinds, voices = tuning_noises(data), ("white", "pink", "everyday"), available(TUNED_ON)
    for number, said in enumerate(spoken_commands(voices)):
        for draw, noise_db in enumerate(NOISES_DB):
            rng, kind = np.random.default_rng([77, number, draw]), kinds[(number + draw) % len(kinds)]
            noise = generated_noise(2 * len(said.samples) + SAMPLE_RATE_HZ, rng, pink=kind == "pink")
            if kind == "everyday":
                noise = noises[int(rng.integers(len(noises)))]
            part = voices.index(said.voice)
            yield from _signs(recogniser, noisy(said.samples, noise, noise_db), said.command, part)


def _not_said(recogniser: Recogniser, data: Path) -> Iterator[Sign]:
    """Pieces of everyday noise, of people who laugh, sigh or shout, and of people who say other things, in turn."""
    noises, parts = tuning_noises(data), len(available(TUNED_ON))
    bursts, others = _files(data, nobody.BURSTS), _files(data, nobody.OTHERS)
    for number in range(NONE_SAID):
        rng = np.random.default_rng([992, number])
        if number % 3 == 0:
            sound = noises[int(rng.integers(len(noises)))]
        else:
            files = bursts if number % 3 == 1 else others
            sound = read_sound_file(files[int(rng.integers(len(files)))]).samples
        heard = nobody.at_some_level(as_a_turn(sound, rng), rng, LEVELS_DBFS)
        yield from _signs(recogniser, heard, "", number // 3 % parts)


def as_a_turn(sound: Samples, rng: np.random.Generator) -> Samples:
    """Some part of a sound, of `LENGTHS_S`, with the quiet before and after it that a turn has."""
    loud = trimmed(sound)
    length = min(len(loud), round(rng.uniform(*LENGTHS_S) * SAMPLE_RATE_HZ))
    start = int(rng.integers(len(loud) - length + 1))
    before, after = (np.zeros(round(quiet_s * SAMPLE_RATE_HZ), np.float32) for quiet_s in (LEAD_S, SETTLE_S))
    return np.concatenate([before, loud[start : start + length], after])


def _signs(recogniser: Recogniser, sound: Samples, command: str, part: int) -> Iterator[Sign]:
    """The sign of a sound; none where an engine is missing."""
    passes = recogniser.passes(sound)
    if passes is not None:
        first, second = (
            Chosen(each.choice, each.no_speech, recogniser.command_of(each.choice) == command) for each in passes
        )
        yield Sign(first, second, bool(command), part)


def _files(data: Path, sets: Sequence[str]) -> list[Path]:
    """The recordings of every second speaker of some data sets."""
    with (data / "voice" / "voice.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] in sets]
    people = sorted({row["dataset"] + row["speaker"] for row in rows})[0::2]
    return [data / "voice" / row["file"] for row in rows if row["dataset"] + row["speaker"] in people]


def fit(x: Floats, right: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights (d,) and bias of a logistic regression of ``right`` (n,) on ``x`` (n, d), by Newton's method."""
    spread = x.std(axis=0) + 1e-9
    rows = np.column_stack([x / spread, np.ones(len(x))])
    ridge = np.diag([RIDGE] * x.shape[1] + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chances = 1.0 / (1.0 + np.exp(-rows @ weights))
        slope = rows.T @ (chances - right) / len(x) + ridge @ weights
        bend = (rows * (chances * (1 - chances))[:, None]).T @ rows / len(x) + ridge + 1e-9 * np.eye(len(ridge))
        weights -= np.linalg.solve(bend, slope)
    return weights[:-1] / spread, float(weights[-1])


def page(signs: Sequence[Sign]) -> str:
    """The weights, and how many are let through at some limits by weights made without the voice."""
    command, parts = np.array([sign.command for sign in signs]), np.array([sign.part for sign in signs])
    first, second = ([getattr(sign, name) for sign in signs] for name in ("first", "second"))
    x, right = _evidence(first), np.array([chosen.right for chosen in first])
    again, right_again = _evidence(second), np.array([chosen.right for chosen in second])
    odds, odds_again = np.zeros(len(x)), np.zeros(len(x))
    for part in np.unique(parts):
        weights, bias = fit(x[parts != part], right[parts != part])
        odds[parts == part] = x[parts == part] @ weights + bias
        odds_again[parts == part] = again[parts == part] @ weights + bias
    weights, bias = fit(x, right)
    ratios = " and ".join(f"{noise_db:g}" for noise_db in NOISES_DB)
    lines = [
        "# What speaks for a command",
        "",
        f"Written by `python -m tools.benchmark.word_evidence`: {int(command.sum())} commands in noise, {ratios} dB "
        f"below the speech, by {len(set(parts))} synthetic voices; as many pieces of noises, of bursts and of other "
        f"things that people say, {int((~command).sum())} in all.",
        "",
        "| sign | weight |",
        "|---|---|",
        *(f"| {name} | {weight:.2f} |" for name, weight in zip(NAMES, weights, strict=True)),
        f"| always | {bias:.2f} |",
        "",
        "By weights made without the voice, not asking what Whisper writes; `LEAST_LOG_ODDS` is the limit in use. What "
        f"the first pass leaves in doubt (log odds above {DOUBT_LOG_ODDS:g}) goes through a second, the likeliest "
        "phrases in the sound with its noise:",
        "",
        "| log odds at least | passes | commands named right | named wrongly | taken for one |",
        "|---|---|---|---|---|",
    ]
    for limit in LIMITS:
        once = _allowed(x) & (odds >= limit)
        rescued = ~once & (odds > DOUBT_LOG_ODDS) & _allowed(again) & (odds_again >= limit)
        for passes, passed, rightly in (
            ("one", once, once & right),
            ("two", once | rescued, (once & right) | (rescued & right_again)),
        ):
            shares = (rightly[command], (passed & ~rightly)[command], passed[~command])
            lines.append(f"| {limit:g} | {passes} | {' | '.join(f'{share.mean():.3f}' for share in shares)} |")
    return "\n".join([*lines, ""])


def _evidence(chosen: Sequence[Chosen]) -> Floats:
    return np.array([each.choice.evidence(each.no_speech) for each in chosen])


def _allowed(evidence: Floats) -> NDArray[np.bool_]:
    """What no weights can outweigh."""
    return np.asarray((evidence[:, 0] >= LEAST_GAIN) & (evidence[:, -1] <= MOST_NO_COMMAND))


if __name__ == "__main__":
    raise SystemExit(main())
