"""What mood does the robot take a laugh, a sob, a scream or a sigh for? Real sounds of people the model never heard.

    python -m tools.benchmark.burst_moods --voice-run DIR [--second DIR] [--data DIR]
        [--page docs/results/burst_moods.md]

The shipped tone model was trained on everybody, so the answers are those of the models of the training run's folds
(`--voice-run`, the `--out` of tools.train.voice_tone), each on people that it never heard. Every sound goes through the
robot's own evidence for as long as it lasts, once with what the model says of its tone alone and once with its events
(`robot.mind.vocal_events`); speech goes the same way, to see what the events cost there. With `--second`, the `--out`
of tools.train.voice_deep, a third time with the second opinion that the robot asks for once the sound is over.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from robot.config import MoodSettings
from robot.inference.classify import percept
from robot.inference.manifest import Manifest
from robot.inference.store import factory_models, find_model, read_model_files
from robot.messages import Percept
from robot.mind.evidence import two_opinions
from robot.mind.mood import NO_WORDS, UNSURE, fuse, turn_evidence, voice_evidence
from robot.mind.mood_labels import MOODS
from robot.mind.reasons import Clue
from robot.mind.vocal_events import AFFECT, with_events
from robot.senses.hearing.events import events_alone
from tools.benchmark.fusion_pairs import answered_by_strangers, second_answers
from tools.train import card
from tools.train.paths import DataAbsentError, data_root
from tools.train.voice_data import Clip

TONE_EVERY_S = 0.5
LEAST_S = 1.0
"""A sound is heard for as long as it is active, and for two judgements at least."""

SAID = (*MOODS, UNSURE)
ALONE, EVENTS, SECOND = "its tone alone", "with events", "with events and a second opinion"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where data or answers are absent."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.burst_moods", description=__doc__.split("\n")[0])
    parser.add_argument("--voice-run", type=Path, metavar="DIR", required=True, help="folder of a training run's folds")
    parser.add_argument("--second", type=Path, metavar="DIR", help="where tools.train.voice_deep left its answers")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/burst_moods.md")
    options = parser.parse_args(arguments)
    try:
        heard = heard_by_strangers(data_root(options.data), options.voice_run, options.second)
    except DataAbsentError as error:
        print(error, file=sys.stderr)
        return 2
    text = page(heard)
    print(text)
    if options.page is not None:
        options.page.write_text(text, encoding="utf-8")
    return 0


@dataclass(frozen=True)
class Heard:
    """Clips with a tone or an event, and what was said of each; ``seconds`` are the second opinions, if any."""

    clips: Sequence[Clip]
    firsts: Sequence[Percept]
    seconds: Sequence[Percept | None] | None = None

    def mood(self, row: int, way: str) -> str:
        """The mood that the robot would name of a clip in one of the ways."""
        first = self.firsts[row]
        second = None if self.seconds is None or way != SECOND else self.seconds[row]
        return mood_of(self.clips[row], first if way == ALONE else with_events(first), second)


def heard_by_strangers(root: Path, voice_run: Path, second: Path | None = None) -> Heard:
    """Clips with a tone or an event, and what models say of each that never heard its speaker.

    Raises:
        DataAbsentError: the clips' list or the answers are missing.
    """
    answered = answered_by_strangers(root, voice_run)
    manifest = _manifest("voice_tone")
    firsts = [percept(answer, manifest, quality=1.0) for answer in answered.clean]
    if second is None:
        return Heard(answered.clips, firsts)
    deep = _manifest("voice_tone_deep")
    said = second_answers(answered.clips, second)["clean"]
    seconds = [percept(answer[: deep.output.width], deep, quality=1.0) for answer in said]
    # Of sounds without words the robot takes the events alone.
    told = [each if clip.tone else events_alone(each) for clip, each in zip(answered.clips, seconds, strict=True)]
    return Heard(answered.clips, firsts, told)


def _manifest(model_id: str) -> Manifest:
    return read_model_files(find_model(model_id, factory_models())).manifest


def mood_of(clip: Clip, heard: Percept, second: Percept | None = None) -> str:
    """The mood that the robot would name at the end of the sound."""
    settings = MoodSettings()
    voice, whole = voice_evidence(settings.half_life_s), turn_evidence(settings.half_life_s)
    times = np.arange(TONE_EVERY_S, max(LEAST_S, clip.speech_s) + 1e-6, TONE_EVERY_S)
    for t_s in times.tolist():
        voice.add(t_s, Clue("", ""), heard, trust=1.0)
    end_s = float(times[-1])
    if second is not None:
        for t_s in (0.0, end_s):
            whole.add(t_s, Clue("", ""), with_events(second), trust=1.0)
    fused = fuse(NO_WORDS, two_opinions(voice.read(end_s), whole.read(end_s)))
    return fused.best if fused.confidence(fused.best) >= settings.unsure_below else UNSURE


def page(heard: Heard) -> str:
    """The page of results in Markdown."""
    ways = (ALONE, EVENTS, *(() if heard.seconds is None else (SECOND,)))
    rows = []
    for name in AFFECT:
        mine = [row for row, clip in enumerate(heard.clips) if clip.event == name]
        for way in ways:
            named = Counter(heard.mood(row, way) for row in mine)
            rows.append([f"{name}, {way}", str(len(mine)), *(_share(named[mood], len(mine)) for mood in SAID)])
    spoken = [row for row, clip in enumerate(heard.clips) if clip.tone]
    changed = sum(heard.mood(row, ALONE) != heard.mood(row, EVENTS) for row in spoken)
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
