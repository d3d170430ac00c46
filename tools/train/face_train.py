"""Train facial-expression networks on votes: teachers first, then the student that learns from both.

The epoch is chosen on FER2013's PublicTest part, never on PrivateTest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from robot.evaluation.metrics import accuracy
from tools.train import face_network
from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import FaceSet
from tools.train.learn import Learner, Schedule, device
from tools.train.runlog import RunLog

BATCH = 128


@dataclass(frozen=True)
class Recipe:
    """How long, how large, and how much the student listens to the teachers.

    ``from_teachers`` 0..1 is their share of the student's loss, ``softness`` the temperature at which both are compared
    (Hinton et al. 2015). ``mixed_share`` of the batches are mixed in pairs (Zhang et al. 2018) while teachers learn.
    ``born_again``: the teachers are networks like the student, which begins as one of them and learns from them all
    (Furlanello et al. 2018): a quarter of the arithmetic, for machines without a GPU.
    """

    teachers: int = 2
    teacher_epochs: int = 50
    student_epochs: int = 80
    width: float = 1.0
    peak_rate: float = 2e-3
    from_teachers: float = 0.7
    softness: float = 2.0
    mixed_share: float = 0.5
    born_again: bool = False

    @classmethod
    def processor(cls) -> Recipe:
        """Some hours on a processor's cores."""
        return cls(teacher_epochs=36, student_epochs=12, peak_rate=2e-3, mixed_share=0.0, born_again=True)

    @classmethod
    def quick(cls) -> Recipe:
        """A minute on drawn faces."""
        return cls(teachers=1, teacher_epochs=3, student_epochs=8, width=0.5)

    def told(self) -> str:
        """The recipe in words, for the card."""
        if not self.teachers:
            return f"{self.student_epochs} epochs on the votes alone."
        kind = "networks of the same kind, as one of which it begins" if self.born_again else "larger networks"
        whose = f"the mean answer of {self.teachers} {kind}" if self.teachers > 1 else "the answer of a larger network"
        return (
            f"{self.student_epochs} epochs, {self.from_teachers:.0%} of the loss from {whose} of our own (trained for "
            f"{self.teacher_epochs} epochs on the same pictures) to the same changed picture, the rest from the votes."
        )


def network_input(images: Any) -> Any:
    """Grey uint8 pictures as the network's float32 -1..1."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


@torch.no_grad()
def logits_of(network: nn.Module, images: Any, batch: int = 512) -> Any:
    """A float network's logits (n,k) of grey uint8 pictures (n,48,48,1)."""
    where = next(network.parameters()).device
    parts = []
    for i in range(0, len(images), batch):
        x = torch.from_numpy(network_input(images[i : i + batch])).permute(0, 3, 1, 2).to(where)
        parts.append(network(x.contiguous(memory_format=torch.channels_last)).float().cpu().numpy())
    return np.concatenate(parts)


def batches(data: FaceSet, seed: int, epoch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Generator]]:
    """The training set in an order given by ``seed`` and ``epoch``, in whole batches, with a generator for chance."""
    where = device()
    order = np.random.default_rng([seed, epoch]).permutation(len(data))
    generator = torch.Generator(where).manual_seed(seed * 100_003 + epoch)
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        pictures = torch.from_numpy(data.images[rows]).permute(0, 3, 1, 2).contiguous()
        yield pictures.to(where), torch.from_numpy(data.targets[rows]).to(where), generator


def vote_loss(network: nn.Module, batch: Any, how: FaceChanges, mixed_share: float) -> torch.Tensor:
    """Cross-entropy with the votes on changed pictures, some batches mixed in pairs."""
    pictures, targets, generator = batch
    x = augment(pictures, generator, how)
    if torch.rand((), generator=generator, device=x.device) < mixed_share:
        # Shares near the ends, as a beta distribution with 0.2 gives: most pictures stay mostly themselves.
        share = 0.5 * torch.rand((len(x), 1), generator=generator, device=x.device) ** 3
        x = x * (1 - share[..., None, None]) + x.flip(0) * share[..., None, None]
        targets = targets * (1 - share) + targets.flip(0) * share
    return functional.cross_entropy(network(x).float(), targets)


def taught_loss(
    network: nn.Module, batch: Any, how: FaceChanges, teachers: Sequence[nn.Module], recipe: Recipe
) -> torch.Tensor:
    """Votes and the teachers' mean answer to the very same changed pictures."""
    pictures, targets, generator = batch
    x = augment(pictures, generator, how)
    said = network(x).float()
    with torch.no_grad():
        shares = [torch.softmax(teacher(x).float() / recipe.softness, 1) for teacher in teachers]
    taught = torch.stack(shares).mean(0)
    apart = functional.cross_entropy(said / recipe.softness, taught) * recipe.softness**2
    return (1 - recipe.from_teachers) * functional.cross_entropy(said, targets) + recipe.from_teachers * apart


def train(
    training: FaceSet, validation: FaceSet, folder: Path, log: RunLog, *, recipe: Recipe, seed: int
) -> nn.Sequential:
    """The student of ``recipe.teachers`` teachers, its epoch the most accurate on ``validation``.

    The teachers are trained once in ``folder``'s parent, for all seeds.
    """
    teachers = [teacher(training, validation, folder.parent, log, recipe, i) for i in range(recipe.teachers)]
    torch.manual_seed(seed)
    network = face_network.student(training.targets.shape[1], width=recipe.width)
    if teachers and recipe.born_again:
        network.load_state_dict(teachers[seed % len(teachers)].state_dict())
    how = FaceChanges()
    if teachers:
        # One that has already learned is not shaken as much.
        rate = recipe.peak_rate / 2 if recipe.born_again else recipe.peak_rate
        return _learn(
            network, training, validation, folder, recipe.student_epochs, rate, seed, log,
            lambda net, batch: taught_loss(net, batch, how, teachers, recipe),
        )  # fmt: skip
    return _learn(
        network, training, validation, folder, recipe.student_epochs, recipe.peak_rate, seed, log,
        lambda net, batch: vote_loss(net, batch, how, 0.0),
    )  # fmt: skip


def teacher(
    training: FaceSet, validation: FaceSet, out: Path, log: RunLog, recipe: Recipe, number: int
) -> nn.Sequential:
    """Teacher ``number``, trained (or gone on with) in its folder under ``out``."""
    torch.manual_seed(1000 + number)
    build = face_network.student if recipe.born_again else face_network.teacher
    network = build(training.targets.shape[1], width=recipe.width)
    how = FaceChanges(erase_share=0.25 if recipe.born_again else 0.4)
    return _learn(
        network, training, validation, out / f"teacher{number}", recipe.teacher_epochs, recipe.peak_rate,
        1000 + number, log, lambda net, batch: vote_loss(net, batch, how, recipe.mixed_share),
    )  # fmt: skip


def _learn(
    network: nn.Sequential,
    training: FaceSet,
    validation: FaceSet,
    folder: Path,
    epochs: int,
    peak_rate: float,
    seed: int,
    log: RunLog,
    loss: Any,
) -> nn.Sequential:
    def validate(network: nn.Module) -> dict[str, float]:
        predicted = logits_of(network, validation.images).argmax(axis=1)
        return {"validation_accuracy": accuracy(validation.majority, predicted)}

    weights = sum(p.numel() for p in network.parameters())
    steps = len(training) // BATCH
    log.say(f"{folder.name}: {len(training)} pictures, {weights} weights, {epochs} epochs of {steps}, on {device()}")
    learner = Learner(
        network,
        Schedule(epochs, peak_rate),
        folder,
        RunLog(folder),
        seed=seed,
        loss=loss,
        validate=validate,
        choose_by="validation_accuracy",
    )
    return learner.run(lambda epoch: batches(training, seed, epoch), steps)
