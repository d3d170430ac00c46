"""How well the robot tells where people look, what they say with their head, and what their hands show.

    python -m tools.benchmark.attention [--hands DIR] [--minutes 60] [--page docs/results/attention.md] [--json FILE]

Real photographs and clips, and clips made from photographs of 24 people by turning their heads by known angles
(`tools/benchmark/turning.py`); thresholds were chosen on 25 others. All of it goes through the robot's whole sight at
15 frames a second of stepped time.
`--hands` names a folder of pictures whose names begin with their shape, such as `open_palm_1.jpg`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from robot.evaluation.metrics import Measured, bootstrap
from tools.benchmark.attention_score import (
    attention_of_people,
    filmed_people,
    ordinary_signs,
    ordinary_signs_of_angles,
    shapes,
    signs_of_people,
    still_people,
    talking,
)
from tools.train import card
from tools.train.paths import DataAbsentError, data_root

BAR = 0.90
MOST_FALSE_AN_HOUR = 1.0
ANGLES_HOURS = 10.0
NOISE_DEG = 0.5
"""More than the angles in those clips scatter from look to look, which is 0.1 to 0.2 degrees: cameras are worse."""


class Results(msgspec.Struct, frozen=True):
    """Everything that a run measured, as it stands in the JSON file: shares as (value, low, high, n)."""

    looking: dict[str, tuple[float, float, float, int]]
    signs: dict[str, tuple[float, float, float, int]]
    ordinary_minutes: float
    ordinary: dict[str, int]
    angles_hours: float
    angles: dict[str, int]
    talking: tuple[int, int, int, int]
    hands: list[tuple[str, str, float]]


def measure(root: Path, hands: Path | None, minutes: float) -> Results:
    """Show everything to the sight, and say what it read; says on stderr what it is at."""
    _say("photographs")
    stills = [right / all_of_them for right, all_of_them in still_people(root) if all_of_them]
    looking = {"looks into the camera, photographs": _mean(stills)}
    _say("clips")
    for name, (right, all_of_them) in filmed_people(root).items():
        looking[name] = (right / max(all_of_them, 1), float("nan"), float("nan"), all_of_them)
    _say("heads that face the robot and that turn away")
    pairs = attention_of_people(root)
    looking["faces the robot and moves, turned photographs"] = _mean([pair[0] for pair in pairs])
    looking["looks 32 to 42 degrees aside, turned photographs"] = _mean([pair[1] for pair in pairs])
    _say("nods and shakes")
    people = signs_of_people(root)
    signs = {
        "nods read as a nod": _mean(["nod" in nods for _, nods, _ in people]),
        "shakes read as a shake": _mean(["shake" in shakes for _, _, shakes in people]),
        "nods read as a shake": _mean(["shake" in nods for _, nods, _ in people]),
        "shakes read as a nod": _mean(["nod" in shakes for _, _, shakes in people]),
    }
    _say(f"{minutes:g} minutes of ordinary movement")
    ordinary = dict(Counter(ordinary_signs(root, 60 * minutes)))
    angles = dict(Counter(ordinary_signs_of_angles(3600 * ANGLES_HOURS, NOISE_DEG)))
    seen = shapes(hands) if hands is not None else []
    return Results(looking, signs, minutes, ordinary, ANGLES_HOURS, angles, talking(root), seen)


def _say(what: str) -> None:
    print(f"measuring {what} ...", file=sys.stderr, flush=True)


def _mean(values: Sequence[float]) -> tuple[float, float, float, int]:
    """The mean over people with its bootstrap interval."""
    found = np.array(values, np.float64)

    def of(rows: npt.NDArray[np.intp]) -> float:
        return float(found[rows].mean())

    measured = bootstrap(of, len(found))
    return round(measured.value, 4), round(measured.low, 4), round(measured.high, 4), len(found)


def page(results: Results) -> str:
    """The page of results in Markdown."""
    parts = [
        "# Attention and gesture",
        card.prose(
            "Made with `python -m tools.benchmark.attention`: through the robot's whole sight, 15 frames a second of "
            "stepped time. Intervals: bootstrap over people; readings of one clip are not independent and have none."
        ),
        "## Looking at the robot or away",
        card.table(["what it is shown", "right", "n"], [_row(name, found) for name, found in results.looking.items()]),
        "## Nods and shakes",
        card.table(["clips made from photographs", "share", "n"], [_row(*item) for item in results.signs.items()]),
        _ordinary(results),
        "## Talking",
        "Of {1} clips in which somebody mouths a word {0} were read as talking, of {3} silent ones {2}.".format(
            *results.talking
        ),
        "## Hands",
        _hands(results),
        "## What it says",
        _verdict(results),
        "## Limits",
        card.prose(LIMITS),
    ]
    return card.paragraphs(*parts)


LIMITS = """\
No public data of people who nod, shake their head or look aside by known angles was at hand: those clips are
photographs turned by a computer, from one generator; real nods may be smaller, slower or single, and a single dip of
the head is not read as one. Eyes that look aside in a head that does not turn, shut eyes, leaning, tilting and waving
were not measured on people at all. In real clips "aside" is one woman. The ordinary movement is judgement about what
people do. Hands are a few photographs by a few people from public repositories; only a finger that points up counts as
pointing. Studio light; adults; nobody with a tremor, a tic or a palsy, who may nod without meaning it."""


def _row(name: str, found: tuple[float, float, float, int]) -> list[str]:
    value, low, high, count = found
    shown = f"{100 * value:.1f} %" if low != low else card.percent(Measured(value, low, high, count))  # noqa: PLR0124  NaN
    return [name, shown, str(count)]


def _ordinary(results: Results) -> str:
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(results.ordinary.items())) or "none"
    return (
        f"In {results.ordinary_minutes:g} minutes of ordinary movement (looking around, talking, looking down, "
        f"swaying; no nod or shake among it), drawn as clips of everybody, these were read: {counts}. In "
        f"{results.angles_hours:g} hours of the same as angles with {NOISE_DEG:g} degree of noise, without pictures: "
        f"{', '.join(f'{kind} {count}' for kind, count in sorted(results.angles.items())) or 'none'}."
    )


def _hands(results: Results) -> str:
    if not results.hands:
        return "Not measured: no pictures were named (`--hands`)."
    right = sum(wanted == read for wanted, read, _ in results.hands)
    rows = [[wanted, read or "no hand", f"{sure:.2f}"] for wanted, read, sure in results.hands]
    return f"{right} of {len(rows)} pictures are read rightly.\n\n" + card.table(["shape", "read", "sure"], rows)


def _verdict(results: Results) -> str:
    worst = min(found[0] for found in results.looking.values())
    said = [_bar(f"Attention is right in at least {100 * worst:.1f} % of what was shown", worst >= BAR, "90 %")]
    for name in ("nods read as a nod", "shakes read as a shake"):
        value = results.signs[name][0]
        said.append(_bar(f"{name[0].upper()}{name[1:]}: {100 * value:.1f} %", value >= BAR, "90 %"))
    for what, counts, hours in (
        ("in clips", results.ordinary, results.ordinary_minutes / 60),
        ("in angles", results.angles, results.angles_hours),
    ):
        false = sum(counts.get(kind, 0) for kind in ("nod", "shake"))
        kept = false / hours <= MOST_FALSE_AN_HOUR
        said.append(_bar(f"False nods and shakes {what}: {false} in {hours:.2g} hours", kept, "one an hour"))
    return " ".join(said)


def _bar(text: str, kept: bool, bar: str) -> str:
    return f"{text}: the bar of {bar} is {'kept' if kept else 'MISSED'}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; 0 when measured, also where a bar is missed, 2 where the data is absent."""
    options = _parser().parse_args(arguments)
    try:
        results = measure(data_root(options.data), options.hands, options.minutes)
    except (DataAbsentError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    text = page(results)
    print(text)
    if options.page is not None:
        options.page.write_text(text, encoding="utf-8")
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.attention", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--hands", type=Path, metavar="DIR", help="pictures of hands, named for their shapes")
    parser.add_argument("--minutes", type=float, default=60.0, help="of ordinary movement in pictures (60)")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/attention.md")
    parser.add_argument("--json", type=Path, help="write the figures as JSON, too")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
