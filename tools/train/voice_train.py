"""Train the tone network on some of the clips: tones, events, affect and quality at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from tools.train import voice_augment, voice_data, voice_network
from tools.train.learn import Learner, Schedule, device
from tools.train.runlog import RunLog
from tools.train.voice_augment import VoiceChanges
from tools.train.voice_data import Clip, Floats
from tools.train.voice_features import Pool, shown
from tools.train.voice_heads import AFFECT_PLACES, AFFECT_SCALE, EVENT, OUTPUTS, QUALITY, TONE, VALENCE_AROUSAL
from tools.train.voice_labels import EVENTS
from tools.train.voice_lessons import Lessons
from tools.train.voice_moments import STEPS, Moments
from tools.train.voice_subjects import COLUMNS

BATCH = 64
MOMENT = OUTPUTS + COLUMNS
"""Where the lessons of the moments begin in what the network says while it trains."""
GOOD_DB = 20.0
"""Speech this far above the noise has quality 1."""


@dataclass(frozen=True)
class Recipe:
    """How long, how large, how changed, and how much the student listens to the teacher.

    ``rows`` are those of a batch with a tone, an event, neither (speech without a tone), and noise; together `BATCH`.
    """

    epochs: int = 60
    steps: int = 100
    width: float = 1.0
    dropout: float = 0.2
    peak_rate: float = 3e-3
    teacher_share: float = 0.5
    opinion_weight: float = 0.5
    moment_weight: float = 1.0
    event_weight: float = 0.3
    rows: tuple[int, int, int, int] = (46, 10, 4, 4)
    changes: VoiceChanges = field(default_factory=VoiceChanges)

    @classmethod
    def quick(cls) -> Recipe:
        """A few seconds on made-up voices."""
        return cls(epochs=3, steps=12, width=0.5, rows=(48, 8, 0, 8))


@dataclass(frozen=True)
class Voices:
    """What is learned from: ``clips`` and their frames in ``pool`` (row for row), and the noises to mix in."""

    clips: Sequence[Clip]
    pool: Pool
    noises: Pool


@dataclass(frozen=True)
class Batch:
    """Changed windows and what to say of them; NaN or 0 where nothing is to be said."""

    windows: torch.Tensor
    tones: torch.Tensor
    possible: torch.Tensor
    events: torch.Tensor
    quality: torch.Tensor
    opinions: torch.Tensor
    moments: torch.Tensor


class Draw:
    """Draws batches of some ``rows`` of the voices; every batch has its share of tones, events, speech and noise."""

    def __init__(
        self,
        voices: Voices,
        rows: npt.NDArray[np.intp],
        lessons: Lessons,
        moments: Moments | None,
        recipe: Recipe,
        seed: int,
    ) -> None:
        """``lessons`` and ``moments`` are of ``rows``, in their order."""
        self._voices, self._rows, self._lessons, self._recipe, self._seed = voices, rows, lessons, recipe, seed
        self._moments = moments
        clips = [voices.clips[row] for row in rows]
        tone = voice_data.tone_chances(clips)
        burst = np.array([clip.kind in {"burst", "body_sound"} and bool(clip.event) for clip in clips])
        other = np.array([clip.kind == "speech" and not clip.tone for clip in clips])
        named = np.array([EVENTS.index(clip.event) if clip.event else 0 for clip in clips])
        counts = np.bincount(named[burst], minlength=len(EVENTS))
        each = np.where(burst, 1.0 / np.maximum(counts, 1)[named], 0.0)
        self._chances = [tone, each / max(each.sum(), 1e-12), other / max(other.sum(), 1)]

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The batches of an epoch, the same for the same epoch."""
        rng = np.random.default_rng([self._seed, epoch])
        for _ in range(self._recipe.steps):
            yield self._batch(rng)

    def _batch(self, rng: np.random.Generator) -> Batch:
        recipe, where = self._recipe, device()
        *counts, quiet = recipe.rows
        places = [
            rng.choice(len(chance), count, p=chance)
            for chance, count in zip(self._chances, counts, strict=True)
            if chance.sum() > 0
        ]
        mine = np.concatenate(places)
        changed = voice_augment.changed(self._voices.pool, self._rows[mine], self._voices.noises, rng, recipe.changes)
        windows = voice_augment.with_gaps(changed.windows, rng, recipe.changes)
        noise = noise_windows(self._voices.noises, quiet, rng)
        targets, possible = self._lessons.tones[mine], self._lessons.possible[mine]
        nothing = np.zeros((quiet, targets.shape[1]))
        no_event = np.tile(np.eye(len(EVENTS))[0], (quiet, 1))
        # Of noise the tone says nothing: all are as likely.
        tones = np.concatenate([targets, nothing + 1.0 / targets.shape[1]])
        grid = torch.from_numpy(np.concatenate([windows, noise])[:, None]).to(where)
        return Batch(
            grid.contiguous(memory_format=torch.channels_last),
            _tensor(tones),
            torch.from_numpy(np.concatenate([possible, nothing == 0])).to(where),
            _tensor(np.concatenate([self._lessons.events[mine], no_event])),
            _tensor(np.concatenate([np.clip(changed.ratios / GOOD_DB, 0.0, 1.0), np.zeros(quiet)])),
            _tensor(np.concatenate([self._lessons.opinions[mine], np.full((quiet, COLUMNS), np.nan)])),
            _tensor(self._said_of_moments(mine, changed.places, quiet)),
        )

    def _said_of_moments(
        self, mine: npt.NDArray[np.intp], places: npt.NDArray[np.float64], quiet: int
    ) -> npt.NDArray[np.float32]:
        """Lessons (n + quiet, STEPS * COLUMNS), NaN where there are none."""
        said = np.full((len(mine) + quiet, STEPS, COLUMNS), np.nan, np.float32)
        if self._moments is not None:
            said[: len(mine)] = self._moments.lessons(mine, places)
        return said.reshape(len(said), -1)


def noise_windows(noises: Pool, count: int, rng: np.random.Generator) -> Floats:
    """Windows (count, FRAMES, bands) in -1..1 of noise alone."""
    rows = rng.integers(0, len(noises), count)
    return shown(voice_augment.drawn(noises, rows, rng, np.ones(count))[0])


def lesson_loss(network: nn.Module, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """How far the answers are from what is to be said, all heads together."""
    said = network(batch.windows).float()
    told = batch.tones.sum(1) > 0
    logits = said[told][:, TONE]
    among = logits.masked_fill(~batch.possible[told], -30.0)
    # Half of it among the tones of the clip's corpus: that one corpus has no "bored" does not mean that nobody is. Half
    # among all: the robot asks without knowing a corpus.
    loss = (
        functional.cross_entropy(among, batch.tones[told]) + functional.cross_entropy(logits, batch.tones[told])
    ) / 2
    known = batch.events.sum(1) > 0
    loss = loss + recipe.event_weight * functional.cross_entropy(said[known][:, EVENT], batch.events[known])
    places = torch.as_tensor(AFFECT_PLACES, device=said.device)
    affect = said[told][:, VALENCE_AROUSAL] / AFFECT_SCALE
    loss = loss + functional.mse_loss(affect, batch.tones[told] @ places)
    loss = loss + 0.2 * functional.binary_cross_entropy_with_logits(said[:, QUALITY], batch.quality)
    loss = loss + recipe.opinion_weight * _apart(said[:, OUTPUTS:MOMENT], batch.opinions)
    return loss + recipe.moment_weight * _apart(said[:, MOMENT:], batch.moments)


def _apart(said: torch.Tensor, told: torch.Tensor) -> torch.Tensor:
    """The mean square distance where anything is told, 0 where nothing is."""
    known = ~told.isnan()
    return (said[known] - told[known]).pow(2).mean() if bool(known.any()) else said.new_zeros(())


@torch.no_grad()
def answers_of(network: nn.Module, windows: Floats, batch: int = 256) -> Floats:
    """A float network's outputs (n, OUTPUTS) of windows (n, FRAMES, bands)."""
    where = next(network.parameters()).device
    parts = [
        network(torch.from_numpy(windows[i : i + batch, None]).to(where)).float().cpu().numpy()[:, :OUTPUTS]
        for i in range(0, len(windows), batch)
    ]
    return np.concatenate(parts)


def train(draw: Draw, folder: Path, log: RunLog, *, recipe: Recipe, seed: int, check: Any = None) -> nn.Sequential:
    """The network after the last epoch, weights averaged; ``check(network)`` gives figures that are only shown.

    No epoch is chosen on held-out speakers: that would flatter the figures measured on them.
    """
    torch.manual_seed(seed)
    network = voice_network.student(OUTPUTS, COLUMNS, COLUMNS, width=recipe.width, dropout=recipe.dropout)
    weights = sum(p.numel() for p in network.parameters())
    log.say(f"{folder.name}: {weights} weights, {recipe.epochs} epochs of {recipe.steps}, on {device()}")
    learner = Learner(
        network,
        Schedule(recipe.epochs, recipe.peak_rate, average_decay=0.995),
        folder,
        RunLog(folder),
        seed=seed,
        loss=lambda net, batch: lesson_loss(net, batch, recipe),
        validate=check or (lambda _: {}),
        choose_by=None,
        # Its narrow layers take a quarter longer in bfloat16 on processors that have it.
        in_float32=device().type == "cpu",
    )
    return learner.run(draw.epoch, recipe.steps)


def _tensor(values: npt.NDArray[Any]) -> torch.Tensor:
    return torch.from_numpy(np.asarray(values, np.float32)).to(device())
