"""Is the mood better for having both senses? Real pictures and clips, paired by label, through the robot's own fusion.

    python -m tools.benchmark.fusion [--voice-run DIR [--second DIR]] [--data DIR] [--page docs/results/fusion.md]
        [--json FILE]

A pair is a FER2013 picture and a clip of speech of the same label, neutral, happy, sad or angry, as if one person
showed both. The shipped expression model reads the picture. The shipped tone model was trained on all speakers, so the
clips are answered by the models of the training run's folds (`--voice-run`, the `--out` of tools.train.voice_tone),
each on speakers that it never heard, or without `--voice-run` by small ones made here in minutes
(`tools.benchmark.fusion_voices`). With `--second`, the `--out` of tools.train.voice_deep, the voice also has the
second opinion that the robot asks for once a sentence, of heads that never heard the speaker. Every percept goes
through the robot's evidence for `SETTLED_S` and its fusion.

Pairs are made twice: PublicTest pictures with one half of the speakers, on which the sharpness of both senses was
tuned, and PrivateTest pictures with the other half, which is reported.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from robot.evaluation.metrics import Measured
from tools.benchmark.fusion_pairs import Pairs, pairs_of
from tools.benchmark.fusion_score import CONDITIONS, DRAWS, Score, score, tune, tune_alone
from tools.train import card
from tools.train.paths import DataAbsentError, data_root

PAIRS_A_LABEL = 1000
BAR_CALIBRATION = 0.05


class Results(msgspec.Struct, frozen=True):
    """What stands in the JSON file: by half and condition, each figure as (value, low, high)."""

    pairs: int
    sharpness: tuple[float, float]
    alone: tuple[tuple[float, float], ...]
    halves: dict[str, dict[str, dict[str, tuple[float, float, float]]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; 0 when measured, also where a bar is missed, 2 where the data is absent."""
    options = _parser().parse_args(arguments)
    try:
        tuning, reported = pairs_of(data_root(options.data), options.voice_run, PAIRS_A_LABEL, options.second)
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    if options.tune:
        for sharpness, worst in tune(tuning):
            print(f"face {sharpness[0]:g} voice {sharpness[1]:g}: largest calibration error {worst:.4f}")
        for words, how, off in tune_alone(tuning):
            print(f"{words}, power {how.power:g}, neutral times {how.neutral:g}: calibration error {off:.4f}")
        return 0
    scores = {"tuning half": score(tuning), "reported half": score(reported)}
    text = page(scores, reported)
    print(text)
    if options.page is not None:
        options.page.write_text(text, encoding="utf-8")
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(results(scores, reported))) + b"\n")
    return 0


def page(scores: dict[str, list[Score]], reported: Pairs) -> str:
    """The page of results in Markdown."""
    parts = [
        "# Fusion of face and voice",
        f"Made with `python -m tools.benchmark.fusion`: {len(reported.truth)} pairs a half, as many of each label. "
        f"Error is the share of pairs whose mood is named wrongly (of six, so chance is 5/6). Calibration error: 15 "
        f"bins of equal mass, of the probability of the named mood. Turned unsure: the pairs that the robot would not "
        f"name, mostly for contradiction. Intervals: bootstrap over speakers, {DRAWS} draws.",
    ]
    for half, found in scores.items():
        parts += [f"## The {half}", _table(found)]
    parts += [
        "## What it says",
        _verdict(scores["reported half"]),
        "## Limits",
        LIMITS.format(voices_by=reported.voices_by),
    ]
    return card.paragraphs(*parts[:-1], card.prose(parts[-1]))


LIMITS = """\
Picture and clip come from different people, so that the errors of the two senses are independent here; in one person
they are not. Both are acted or chosen to show a label; one percept stands for seconds of them. Labels are as frequent
as each other, which in life they are not. The voice answers are {voices_by}. The noisy
face has 0.3 of its contrast and 5 % noise, the noisy voice everyday noise at 10 dB; the quality that the robot would
give them is not used, so that it could only do better."""


def _table(found: list[Score]) -> str:
    head = ["senses", "error", "error of the better sense alone", "difference", "calibration error", "turned unsure"]
    rows = [
        [
            CONDITIONS[one.name].words,
            card.percent(one.error),
            card.percent(one.better_alone),
            card.percent(one.difference),
            card.percent(one.calibration),
            card.percent(one.unsure),
        ]
        for one in found
    ]
    return card.table(head, rows)


def _verdict(found: list[Score]) -> str:
    worse = [CONDITIONS[one.name].words for one in found if one.difference.value > 0]
    said = [f"Fused is WORSE than the better sense alone with {', '.join(worse)}."]
    if not worse:
        said = ["Fused is never worse than the better sense alone."]
    for fused, second, words in (
        (True, False, "With both senses"),
        (False, False, "With one sense missing"),
        (True, True, "With both senses and a second opinion"),
        (False, True, "With a voice and a second opinion on it alone"),
    ):
        these = [one for one in found if CONDITIONS[one.name].fused is fused and CONDITIONS[one.name].second is second]
        if not these:
            continue
        worst = max(one.calibration.value for one in these)
        bar = "within" if worst <= BAR_CALIBRATION else "ABOVE"
        said.append(f"{words} the calibration error is at most {100 * worst:.1f} %, {bar} the bar of 5 %.")
    return " ".join(said)


def results(scores: dict[str, list[Score]], reported: Pairs) -> Results:
    """The same as plain numbers."""
    halves = {
        half: {
            one.name: {
                name: _numbers(getattr(one, name))
                for name in ("error", "better_alone", "difference", "calibration", "unsure")
            }
            for one in found
        }
        for half, found in scores.items()
    }
    return Results(
        len(reported.truth), reported.sharpness, tuple((how.power, how.neutral) for how in reported.alone), halves
    )


def _numbers(measured: Measured) -> tuple[float, float, float]:
    return round(measured.value, 4), round(measured.low, 4), round(measured.high, 4)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.fusion", description=__doc__.split("\n")[0])
    parser.add_argument("--voice-run", type=Path, metavar="DIR", help="folder of a training run's folds")
    parser.add_argument("--second", type=Path, metavar="DIR", help="where tools.train.voice_deep left its answers")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/fusion.md")
    parser.add_argument("--json", type=Path, help="write the figures as JSON, too")
    parser.add_argument("--tune", action="store_true", help="try other sharpness on the tuning half, and stop")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
