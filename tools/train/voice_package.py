"""From the answers of all runs to a model directory: temperature, thresholds, figures, card, golden inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from robot.errors import EngineMissing
from robot.evaluation.metrics import softmax
from tools.train import card, generated, voice_card, voice_cost, voice_evaluate, voice_features, voice_figures
from tools.train.int8_file import Int8File
from tools.train.package import Figure, ModelPackage
from tools.train.runlog import RunLog
from tools.train.voice_data import Clip, Floats
from tools.train.voice_evaluate import Answered
from tools.train.voice_features import PARAMETERS
from tools.train.voice_heads import AFFECT_SCALE, TONE
from tools.train.voice_labels import AFFECT, EVENTS, TONES
from tools.train.voice_material import Material
from tools.train.voice_protocol import Run

if TYPE_CHECKING:
    from tools.train.voice_train import Recipe

VERSIONS = {"voice_tone": "0.3.0", "voice_tone_open": "0.2.0"}
"""Of the models that the recipe makes now."""
COVERAGE = 0.8
NOT_SPEECH = 0.01
"""So many of the clips in noise of 10 dB may be taken for something too poor to be judged."""
TERMS = (
    "Trained on RAVDESS and nEMO (CC BY-NC-SA 4.0), TurEV, TESS and Deeply (CC BY-NC-ND 4.0), Emo-DB (free, citation "
    "asked) and EmoGator (Apache-2.0): non-commercial terms apply to that data, so do not use this model commercially."
)
NON_COMMERCIAL = ("RAVDESS", "nEMO", "TurEV", "TESS", "Deeply")
TERMS_OPEN = (
    "Trained on Emo-DB (free, citation asked), EmoGator (Apache-2.0), ESC-10 (CC BY 3.0) and Speech Commands noises "
    "(CC BY 4.0) alone: their terms allow commercial use."
)


def made(
    material: Material,
    runs: Sequence[Run],
    out: Path,
    content: bytes,
    seeds: Sequence[int],
    recipe: Recipe,
    log: RunLog,
) -> ModelPackage:
    """The package of the file ``content``, its figures from the ``runs`` of the first seed and their spread over all.

    Raises:
        ValueError: a run has no answers yet.
    """
    speakers = [run for run in runs if not run.corpus]
    every = [figures_of(material.clips, runs, out / f"seed{seed}") for seed in seeds]
    figures = every[0]
    answered = voice_evaluate.gathered(material.clips, speakers, out / f"seed{seeds[0]}")
    assert answered is not None
    for figure in figures:
        log.say(f"{figure.file} {figure.name}: {card.percent(figure.measured)} on {figure.data}")
    t, unsure, least_quality = thresholds(answered)
    log.say(f"temperature {t:.3f}, unsure below {unsure:.3f}, least quality {least_quality:.3f}")
    name = "voice_tone_open" if material.open else "voice_tone"
    title = f"{name} {VERSIONS[name]}"
    terms = TERMS_OPEN if material.open else TERMS
    constants = asdict(PARAMETERS)
    file = Int8File(content)
    return ModelPackage(
        name,
        VERSIONS[name],
        "voice_tone",
        content,
        TONES,
        (-1.0, 1.0),
        {
            "kind": "log_mel",
            **constants,
            "duration_s": voice_features.DURATION_S,
            "level": voice_features.LEVEL,
            "normalise": "90th percentile of the frames' level subtracted, -10..6 nat put on -1..1",
        },
        t,
        unsure,
        AFFECT,
        tuple(figures),
        terms,
        date.today().isoformat(),
        voice_card.write(title, material, answered, figures, spreads(every), terms, recipe, seeds, _cost(content)),
        file.input.encode(golden_inputs()[..., None]),
        heads={"events": EVENTS, "affect": ("valence", "arousal"), "quality": ("quality",)},
        affect_scale=AFFECT_SCALE,
        least_quality=least_quality,
        non_commercial=() if material.open else NON_COMMERCIAL,
    )


def _cost(content: bytes) -> str:
    """What a second of sound costs, as a sentence."""
    try:
        return f"On the machine that made it, a second of sound cost {voice_cost.cost_of(content).told()}."
    except EngineMissing:
        return "Its cost was not measured: no voice activity detection is installed."


def thresholds(answered: Answered) -> tuple[float, float, float]:
    """Temperature, the probability below which a fifth of the speech lies, and the least quality, of held-out clips.

    The quality is that of speech in noise, where the tone is still heard: clean speech would set it so high that
    every noisy room left the robot unsure.
    """
    speech = answered.where(lambda clip: bool(clip.tone))
    t = voice_evaluate.temperature(speech)
    sure = softmax(speech.clean[:, TONE], t).max(axis=1)
    in_noise = speech.noisy[~np.isnan(speech.noisy).any(axis=1)]
    quality = voice_figures.quality(in_noise)
    return t, float(np.quantile(sure, 1.0 - COVERAGE)), float(np.quantile(quality, NOT_SPEECH))


def figures_of(clips: Sequence[Clip], runs: Sequence[Run], folder: Path) -> list[Figure]:
    """All figures of one seed, whose runs answered in ``folder``.

    Raises:
        ValueError: none has answered yet.
    """
    speakers = [run for run in runs if not run.corpus]
    answered = voice_evaluate.gathered(clips, speakers, folder)
    if answered is None:
        raise ValueError(f"{folder}: no run has answered yet")
    found = voice_evaluate.speaker_figures(answered)
    found += voice_evaluate.false_feelings(answered, *thresholds(answered))
    found.append(voice_evaluate.stable_figure(answered))
    alone = voice_evaluate.gathered(clips, [run for run in runs if run.corpus], folder)
    if alone is not None:
        found += voice_evaluate.corpus_figures(alone)
    return found


def spreads(every: Sequence[Sequence[Figure]]) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Mean and standard deviation over seeds of each figure, by name, data and file."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for figures in every:
        for figure in figures:
            values.setdefault((figure.name, figure.data, figure.file), []).append(figure.measured.value)
    return {key: (float(np.mean(each)), float(np.std(each))) for key, each in values.items()}


def golden_inputs() -> Floats:
    """Float (48, frames, bands): made-up voices, and levels that look like no sound; nothing from a data set."""
    rng = np.random.default_rng(2024)
    samples = PARAMETERS.samples_for(voice_features.FRAMES)
    pool = voice_features.gather(generated.tone(rng, i % 4, samples) for i in range(24))
    voices = voice_features.judged_windows(pool, range(24))[0]
    slopes = rng.uniform(-1, 1, (24, 1, 1)) * np.linspace(-1, 1, voices.shape[2]) + rng.uniform(-0.6, 0.4, (24, 1, 1))
    beats = np.sin(rng.uniform(0.02, 0.6, (24, 1, 1)) * np.arange(voices.shape[1])[:, None])
    beats *= rng.uniform(0, 0.8, (24, 1, 1))
    drawn = np.clip(slopes + beats + rng.normal(0, 0.1, (24, *voices.shape[1:])), -1, 1)
    return np.concatenate([voices, drawn]).astype(np.float32)
