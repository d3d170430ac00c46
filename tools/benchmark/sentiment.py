"""How well words tell a mood: our sentences, both halves, ours beside plain VADER.

    python -m tools.benchmark.sentiment [--page docs/results/sentiment.md]

The sentences (tests/mind/talk/sentences.tsv) were written and split before any pattern was made; patterns were made on
the tuning half only.
"""

import argparse
import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from robot.messages import Percept
from robot.mind.talk.sentiment import polarity, sentiment_of
from tools.benchmark.pages import tell

SENTENCES = Path(__file__).parents[2] / "tests" / "mind" / "talk" / "sentences.tsv"
SIDES = {"happy": "positive", "neutral": "neutral"}
VADER_NEUTRAL = 0.05
"""The bound that VADER's authors give."""

LIMITS = """\
One author wrote the sentences and the patterns, so that the held-out half is easier for the patterns than what
strangers will say: take the figure as an upper bound. The sentences are typed; speech that was misheard was not tried.
Plain VADER knows no German."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.sentiment", description=__doc__.split("\n")[0])
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/sentiment.md")
    options = parser.parse_args(arguments)
    return tell(page, options.page)


def page() -> str:
    """The page of results in Markdown."""
    rows = list(csv.DictReader(SENTENCES.open(encoding="utf-8"), delimiter="\t"))
    lines = [
        "# What words tell of a mood",
        "",
        "Written by `python -m tools.benchmark.sentiment`. Right: the side (pleasant, unpleasant, neither) is named",
        "right; mood right: which of happy, sad, angry, afraid, neutral, too.",
        "",
        "| language | half | sentences | right | mood right | plain VADER right |",
        "|---|---|---|---|---|---|",
    ]
    for language in ("en", "de"):
        for half in ("tuning", "held_out"):
            chosen = [row for row in rows if row["language"] == language and row["half"] == half]
            sides = _share(chosen, lambda row: polarity(_judged(row)) == _side(row))
            moods = _share(chosen, lambda row: _judged(row).label == row["mood"])
            vader = _share(chosen, lambda row: _vader(row["sentence"]) == _side(row)) if language == "en" else "-"
            lines.append(f"| {language} | {half.replace('_', ' ')} | {len(chosen)} | {sides} | {moods} | {vader} |")
    return "\n".join([*lines, "", LIMITS, ""])


def _judged(row: dict[str, str]) -> Percept:
    return sentiment_of(row["language"]).judge(row["sentence"])


def _side(row: dict[str, str]) -> str:
    return SIDES.get(row["mood"], "negative")


def _share(rows: list[dict[str, str]], right: Callable[[dict[str, str]], bool]) -> str:
    return f"{100 * sum(map(right, rows)) / len(rows):.1f} %"


def _vader(text: str) -> str:
    from vader import polarity_scores  # noqa: PLC0415

    compound = polarity_scores(text)["compound"]
    return "positive" if compound >= VADER_NEUTRAL else "negative" if compound <= -VADER_NEUTRAL else "neutral"


if __name__ == "__main__":
    raise SystemExit(main())
