"""The figures of every seed that was run by one recipe, gathered run after run: their mean and spread.

    python -m tools.train.voice_seeds RUN_FOLDER docs/results/voice_tone_seeds.json [--open] [--data DIR]

A seed's runs take an hour or more, and its answers are too large to keep: so each seed's figures are put into one file,
and a page with the same name beside it shows what they come to. A seed whose runs are not complete is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tools.train import card, voice_data, voice_package, voice_protocol
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_data import Clip

Figures = list[dict[str, Any]]
"""As in a manifest: `Figure.as_json`."""


class OtherRecipe(ValueError):
    """The file holds the figures of another recipe; the message says what to do."""


def seeds_of(run: Path, clips: Sequence[Clip], *, only_open: bool) -> dict[str, Figures]:
    """The figures of each complete seed in a run's folder, by its number."""
    runs = voice_protocol.figure_runs(clips, only_open=only_open)
    found = {}
    for folder in sorted(run.glob("seed*")):
        if all((folder / each.name / "answers.npz").is_file() for each in runs):
            figures = voice_package.figures_of(clips, runs, folder)
            found[folder.name.removeprefix("seed")] = [figure.as_json() for figure in figures]
    return found


def joined(path: Path, recipe: dict[str, Any], seeds: dict[str, Figures]) -> dict[str, Any]:
    """What ``path`` holds and the new ``seeds`` together; a seed that is there already is replaced.

    Raises:
        OtherRecipe: ``path`` was written of another recipe.
    """
    recipe = json.loads(json.dumps(recipe))
    if not path.is_file():
        return {"recipe": recipe, "seeds": seeds}
    held = json.loads(path.read_text(encoding="utf-8"))
    if held["recipe"] != recipe:
        raise OtherRecipe(f"{path}: holds the figures of another recipe; delete it or name another file")
    return {"recipe": recipe, "seeds": dict(sorted((held["seeds"] | seeds).items()))}


def page(name: str, held: dict[str, Any]) -> str:
    """Each figure of every seed, with mean and standard deviation, in Markdown."""
    values: dict[tuple[str, str, str], dict[str, float]] = {}
    for seed, figures in held["seeds"].items():
        for figure in figures:
            values.setdefault((figure["name"], figure["data"], figure["file"]), {})[seed] = figure["value"]
    rows = []
    for (figure, data, file), each in values.items():
        mean, spread = np.mean(list(each.values())), np.std(list(each.values()))
        shown = [f"{each[seed]:.1%}" if seed in each else "-" for seed in held["seeds"]]
        rows.append([figure.replace("_", " "), data, file, f"{mean:.1%}", f"{spread:.1%}", *shown])
    head = ["figure", "data", "file", "mean", "standard deviation", *(f"seed {seed}" for seed in held["seeds"])]
    return card.paragraphs(
        f"# {name} over seeds",
        "Written by `python -m tools.train.voice_seeds`: the whole protocol of `tools.train.voice_tone`, once for each "
        "seed, by the same recipe.",
        card.table(head, rows),
    )


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 2 when the data is absent, no seed is complete, or the recipe is another."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.train.voice_seeds", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("run", type=Path, help="the --out of tools.train.voice_tone")
    parser.add_argument("figures", type=Path, help="the file to add to; its page is written beside it")
    parser.add_argument("--open", action="store_true", help="of voice_tone_open")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    given = parser.parse_args(arguments)
    from tools.train.voice_train import Recipe  # noqa: PLC0415  PyTorch only where a recipe is asked for

    try:
        clips = voice_data.read_list(data_root(given.data), only_open=given.open)
        seeds = seeds_of(given.run, clips, only_open=given.open)
        held = joined(given.figures, asdict(Recipe()), seeds)
    except (DataAbsentError, OtherRecipe) as error:
        print(error, file=sys.stderr)
        return 2
    if not seeds:
        print(
            f"{given.run}: no seed is complete; run python -m tools.train.voice_tone --out {given.run} again",
            file=sys.stderr,
        )
        return 2
    text = page("voice_tone_open" if given.open else "voice_tone", held)
    given.figures.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    given.figures.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
