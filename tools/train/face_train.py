"""Train facial-expression networks on labels: teachers first, then the student that learns from both.

Epochs are chosen on FER2013's PublicTest part, never on PrivateTest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from robot.evaluation import metrics
from tools.train import face_data, face_lessons, face_mobile, face_network, face_pretrained, face_residual
from tools.train.face_answers import Answers
from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import LABELS, FaceSet
from tools.train.face_pretrained import TEACHERS
from tools.train.face_recipe import Recipe
from tools.train.learn import Learner, Loss, Schedule, device
from tools.train.runlog import RunLog

SETTLING = 512
"""Pictures from which a teacher's normalisations are set before it learns."""
LABELS_ALONE_DROPOUT = 0.2
CHOSEN_BY = "validation_likelihood"
"""An epoch is the one whose shares are likeliest by the raters' votes: accuracy hardly tells the last fifty apart."""
KINDS = (face_mobile, face_residual)
"""The teachers' networks, in their order: how each is built, and how it begins."""


@dataclass(frozen=True)
class Material:
    """What every network of a run learns from and is chosen on, where it lies, and what it says of itself."""

    training: FaceSet
    validation: FaceSet
    out: Path
    log: RunLog


@torch.no_grad()
def logits_of(network: nn.Module, images: Any, batch: int = 512) -> Any:
    """A float network's logits (n,8) of grey uint8 pictures (n,48,48,1)."""
    where = next(network.parameters()).device
    parts = []
    for i in range(0, len(images), batch):
        x = torch.from_numpy(face_data.network_input(images[i : i + batch])).permute(0, 3, 1, 2).to(where)
        said = network(x.contiguous(memory_format=torch.channels_last))
        parts.append(said[:, : len(LABELS)].float().cpu().numpy())
    return np.concatenate(parts)


def student(material: Material, answers: Answers | None, recipe: Recipe, seed: int) -> nn.Sequential:
    """A student of the teachers that gave the ``answers``, or of labels alone, trained (or gone on with)."""
    training = material.training
    lessons = training.lessons
    torch.manual_seed(seed)
    beside = answers.feature_count if answers else 0
    # A taught network fits its lessons no better than pictures it has not seen: nothing is to be held back.
    dropout = 0.0 if answers else LABELS_ALONE_DROPOUT
    network = face_network.student(lessons.shape[1], beside, width=recipe.width, dropout=dropout)
    schedule = Schedule(recipe.student_epochs, recipe.peak_rate)

    def batches(epoch: int) -> Iterator[Any]:
        if answers is None:
            return face_lessons.batches(training, seed, epoch)
        return face_lessons.answered_batches(answers.view(epoch), lessons, seed, epoch)

    def loss(network: nn.Module, batch: Any) -> torch.Tensor:
        if answers is None:
            return face_lessons.mixed_loss(network, batch, FaceChanges(), 0.0)
        return face_lessons.taught_loss(network, batch, recipe)

    return _learned(material, network, f"seed{seed}", seed, schedule, loss, batches)


def teachers_answers(material: Material, recipe: Recipe, known: list[Path]) -> Answers | None:
    """What the teachers say, trained first where they are not yet; None without teachers.

    They begin from the weights in the archives ``known``, or from nothing where that is empty.
    """
    archives: list[Path | None] = [*known] or [None] * recipe.teachers
    teachers = [teacher(material, recipe, number, archive) for number, archive in enumerate(archives)]
    return Answers(material.training, teachers, material.out, material.log, recipe) if teachers else None


def teacher(material: Material, recipe: Recipe, number: int, known: Path | None) -> nn.Sequential:
    """Teacher ``number``, trained (or gone on with); it begins from the weights in the archive ``known``."""
    kind, name, seed, training = KINDS[number], f"teacher{number}", 1000 + number, material.training
    torch.manual_seed(seed)
    how = FaceChanges(erase_share=0.3)
    network = kind.network(training.lessons.shape[1], recipe.teacher_sides_px[number], width=recipe.width)
    if known is not None and not (material.out / name / "last.pt").is_file():
        chosen = np.random.default_rng(number).permutation(len(training))[:SETTLING]
        pictures = torch.from_numpy(training.images[chosen]).permute(0, 3, 1, 2)
        seen = augment(pictures, torch.Generator().manual_seed(number), how)
        kind.begin_from(network, face_pretrained.read(TEACHERS[number], known), seen)
    schedule = Schedule(recipe.teacher_epochs, recipe.teacher_rate)

    def batches(epoch: int) -> Iterator[Any]:
        return face_lessons.batches(training, seed, epoch)

    def loss(network: nn.Module, batch: Any) -> torch.Tensor:
        return face_lessons.mixed_loss(network, batch, how, recipe.mixed_share)

    return _learned(material, network, name, seed, schedule, loss, batches)


def _learned(
    material: Material,
    network: nn.Sequential,
    name: str,
    seed: int,
    schedule: Schedule,
    loss: Loss,
    batches: Callable[[int], Iterator[Any]],
) -> nn.Sequential:
    validation = material.validation

    def validate(network: nn.Module) -> dict[str, float]:
        said = logits_of(network, validation.images)
        likely = (validation.targets * np.log(metrics.softmax(said, 1.0) + 1e-9)).sum(axis=1).mean()
        return {
            "validation_accuracy": metrics.accuracy(validation.majority, said.argmax(axis=1)),
            "validation_likelihood": float(likely),
        }

    weights = sum(p.numel() for p in network.parameters())
    steps = len(material.training) // face_lessons.BATCH
    length = f"{schedule.epochs} epochs of {steps}"
    material.log.say(f"{name}: {len(material.training)} pictures, {weights} weights, {length}, on {device()}")
    folder = material.out / name
    learner = Learner(
        network, schedule, folder, RunLog(folder), seed=seed, loss=loss, validate=validate, choose_by=CHOSEN_BY
    )
    return learner.run(batches, steps)
