"""What mood does the robot take a laugh, a sob, a scream or a sigh for? Real sounds of people the model never heard.

    python -m tools.benchmark.burst_moods --voice-run DIR [--data DIR] [--page docs/results/burst_moods.md]

The shipped tone model was trained on everybody, so the answers are those of the models of the training run's folds
(`--voice-run`, the `--out` of tools.train.voice_tone), each on people that it never heard. Every sound goes through the
robot's own evidence for as long as it lasts, once with what the model says of its tone alone and once with its events
(`robot.mind.vocal_events`); speech goes the same way, to see what the events cost there.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from robot.config import MoodSettings
from robot.inference.classify import percept
from robot.inference.manifest import parse_manifest
from robot.inference.store import factory_models, find_model
from robot.messages import Percept
from robot.mind.mood import NO_WORDS, UNSURE, fuse, voice_evidence
from robot.mind.mood_labels import MOODS
from robot.mind.reasons import Clue
from robot.mind.vocal_events import AFFECT, with_events
from tools.benchmark.fusion_pairs import answered_by_strangers
from tools.train import card
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_data import Clip

TONE_EVERY_S = 0.5
LEAST_S = 1.0
"""A sound is heard for as long as it is active, and for two judgements at least."""

SAID = (*MOODS, UNSURE)
WAYS: dict[str, Callable[[Percept], Percept]] = {"its tone alone": lambda heard: heard, "with events": with_events}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where data or answers are absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.burst_moods", description=__doc__.split("\n")[0])
    parser.add_argument("--voice-run", type=Path, metavar="DIR", required=True, help="folder of a training run's folds")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/burst_moods.md")
    options = parser.parse_args(arguments)
    try:
        clips, percepts = heard_by_strangers(data_root(options.data), options.voice_run)
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    text = page(clips, percepts)
    print(text)
    if options.page is not None:
        options.page.write_text(text, encoding="utf-8")
    return 0


def heard_by_strangers(root: Path, voice_run: Path) -> tuple[list[Clip], list[Percept]]:
    """Clips with a tone or an event, and what a model says of each that never heard its speaker.

    Raises:
        DataAbsentError: the clips' list or the answers are missing.
    """
    answered = answered_by_strangers(root, voice_run)
    folder = find_model("voice_tone", factory_models())
    manifest = parse_manifest((folder / "manifest.json").read_bytes(), str(folder))
    return list(answered.clips), [percept(answer, manifest, quality=1.0) for answer in answered.clean]


def mood_of(clip: Clip, heard: Percept) -> str:
    """The mood that the robot would name at the end of the sound."""
    settings = MoodSettings()
    voice = voice_evidence(settings.half_life_s)
    times = np.arange(TONE_EVERY_S, max(LEAST_S, clip.speech_s) + 1e-6, TONE_EVERY_S)
    for t_s in times.tolist():
        voice.add(t_s, Clue("", ""), heard, trust=1.0)
    fused = fuse(NO_WORDS, voice.read(float(times[-1])))
    return fused.best if fused.confidence(fused.best) >= settings.unsure_below else UNSURE


def page(clips: Sequence[Clip], percepts: Sequence[Percept]) -> str:
    """The page of results in Markdown."""
    rows = []
    for name in AFFECT:
        mine = [number for number, clip in enumerate(clips) if clip.event == name]
        for way, told in WAYS.items():
            named = Counter(mood_of(clips[number], told(percepts[number])) for number in mine)
            rows.append([f"{name}, {way}", str(len(mine)), *(_share(named[mood], len(mine)) for mood in SAID)])
    spoken = [number for number, clip in enumerate(clips) if clip.tone]
    changed = sum(
        mood_of(clips[number], percepts[number]) != mood_of(clips[number], with_events(percepts[number]))
        for number in spoken
    )
    return card.paragraphs(
        "# The mood of a laugh",
        card.prose(ABOUT),
        card.table(["sound", "n", *SAID], rows),
        f"Of {len(spoken)} clips of speech the events change the mood that is named in {changed} "
        f"({_share(changed, len(spoken))}).",
    )


ABOUT = """\
Made with `python -m tools.benchmark.burst_moods`: what mood the robot names at the end of sounds without words, of
people whom the model that answers never heard (EmoGator and Deeply, home microphones and telephones), hearing alone.
In EmoGator people were asked to voice a feeling: amusement, sadness, fear, contentment; a voiced sadness is not always
a sob, nor a contentment a sigh. Shares of each row."""


def _share(part: int, of: int) -> str:
    return f"{100 * part / max(1, of):.1f} %"


if __name__ == "__main__":
    raise SystemExit(main())
