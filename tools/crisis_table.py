"""Judge the crisis list and print what it finds, part by part, with the sentences it gets wrong.

python tools/crisis_table.py            the table of docs/reference/crisis.md
python tools/crisis_table.py --wrong    and every sentence that is judged wrongly

The exit code is 1 if a sentence of the list itself is judged wrongly.
"""

import argparse
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from robot.mind.crisis.words import LANGUAGES, crisis_in

SENTENCES = Path(__file__).resolve().parent.parent / "tests" / "mind" / "crisis"
NAMES = {"en": "English", "de": "German"}
KEPT_ASIDE = {
    "held_out": "first part kept aside",
    "second_held_out": "second part kept aside",
    "third_held_out": "third part kept aside",
}


class Part(NamedTuple):
    """Sentences of one language: the list itself, or a part kept aside."""

    name: str
    crisis: tuple[str, ...]
    lookalikes: tuple[str, ...]


def parts() -> Iterator[Part]:
    """Every part, language by language."""
    for language in LANGUAGES:
        yield Part(f"{NAMES[language]}, the list", _lines(f"{language}_crisis"), _lines(f"{language}_lookalikes"))
        for stem, name in KEPT_ASIDE.items():
            table = tomllib.loads((SENTENCES / f"{language}_{stem}.toml").read_text(encoding="utf-8"))
            yield Part(f"{NAMES[language]}, {name}", tuple(table["crisis"]), tuple(table["lookalikes"]))


def _lines(stem: str) -> tuple[str, ...]:
    text = (SENTENCES / f"{stem}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print every sentence that is judged wrongly")
    options = parser.parse_args()
    print("| part | found | of | false alarms | of |\n|---|---|---|---|---|")
    wrong_in_list = 0
    for part in parts():
        missed = [text for text in part.crisis if crisis_in(text) is None]
        alarms = [text for text in part.lookalikes if crisis_in(text) is not None]
        found = len(part.crisis) - len(missed)
        print(f"| {part.name} | {found} | {len(part.crisis)} | {len(alarms)} | {len(part.lookalikes)} |")
        if options.wrong:
            print("".join(f"    missed: {text}\n" for text in missed), end="")
            print("".join(f"    false alarm: {text}\n" for text in alarms), end="")
        wrong_in_list += len(missed) + len(alarms) if part.name.endswith("the list") else 0
    return 1 if wrong_in_list else 0


if __name__ == "__main__":
    raise SystemExit(main())
