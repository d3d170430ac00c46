"""Train facial-expression networks on labels: teachers first, then the student that learns from both.

Epochs are chosen on FER2013's PublicTest part, never on PrivateTest.
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

from robot.evaluation import metrics
from tools.train import face_backbone, face_network, face_pretrained
from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import FER2013_LABELS, LABELS, FaceSet
from tools.train.learn import Learner, Schedule, device
from tools.train.runlog import RunLog

BATCH = 128
FER2013_SHARE = 0.5
"""What FER2013's own labels count beside the votes: they are one person's, and a third of them the raters deny."""
SETTLING = 512
"""Pictures from which a teacher's normalisations are set before it learns."""


@dataclass(frozen=True)
class Recipe:
    """How long, how large, and how much the student listens to the teachers.

    ``from_teachers`` 0..1 is their share of the student's loss, ``softness`` the temperature at which both are compared
    (Hinton et al. 2015), ``from_features`` what it counts to name the first teacher's features too (Romero et al.
    2015). ``mixed_share`` of the batches are mixed in pairs (Zhang et al. 2018) while teachers learn. Teachers see
    pictures enlarged to ``teacher_side_px``.
    """

    teachers: int = 1
    teacher_epochs: int = 20
    student_epochs: int = 64
    width: float = 1.0
    teacher_side_px: int = 96
    teacher_rate: float = 7e-4
    peak_rate: float = 2e-3
    from_teachers: float = 0.7
    softness: float = 2.0
    from_features: float = 1.0
    mixed_share: float = 0.3

    @classmethod
    def quick(cls) -> Recipe:
        """A minute on drawn faces, with a teacher that knows next to nothing."""
        return cls(teacher_epochs=3, student_epochs=8, width=0.5, teacher_side_px=48, from_teachers=0.3)

    def told(self) -> str:
        """The recipe in words, for the card."""
        if not self.teachers:
            return f"{self.student_epochs} epochs on the labels alone."
        whose = f"the mean answer of {self.teachers} larger networks" if self.teachers > 1 else "a larger network"
        return (
            f"{self.student_epochs} epochs, {self.from_teachers:.0%} of the loss from {whose} to the same changed "
            f"picture, the rest from the labels; beside them it learned to name the larger network's features, which "
            f"is left out of the file. The larger network is MobileNet v1 and began as FaceRes (Savchenko 2019), which "
            f"learned from VGGFace2 who somebody is, and then age and sex; it learned expressions from the pictures "
            f"named above for {self.teacher_epochs} epochs. No weight of it is in this file."
        )


@dataclass(frozen=True)
class Teacher:
    """A network that has learned; ``mean`` and ``spread`` (f,) of its features make them lessons of equal weight."""

    network: nn.Sequential
    mean: torch.Tensor
    spread: torch.Tensor

    @classmethod
    @torch.no_grad()
    def of(cls, network: nn.Sequential, images: Any) -> Teacher:
        """A teacher whose features have the spread they have on grey uint8 pictures (n,48,48,1)."""
        pictures = torch.from_numpy(network_input(images)).permute(0, 3, 1, 2).to(device())
        spread, mean = torch.var_mean(face_backbone.features(network, pictures)[1].float(), 0)
        return cls(network, mean, torch.sqrt(spread + 1e-6))

    @torch.no_grad()
    def tell(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and features, the features of mean 0 and spread 1, of pictures float32 (n,1,48,48)."""
        logits, features = face_backbone.features(self.network, x)
        return logits.float(), (features.float() - self.mean) / self.spread


def network_input(images: Any) -> Any:
    """Grey uint8 pictures as the network's float32 -1..1."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


@torch.no_grad()
def logits_of(network: nn.Module, images: Any, batch: int = 512) -> Any:
    """A float network's logits (n,8) of grey uint8 pictures (n,48,48,1)."""
    where = next(network.parameters()).device
    parts = []
    for i in range(0, len(images), batch):
        x = torch.from_numpy(network_input(images[i : i + batch])).permute(0, 3, 1, 2).to(where)
        said = network(x.contiguous(memory_format=torch.channels_last))
        parts.append(said[:, : len(LABELS)].float().cpu().numpy())
    return np.concatenate(parts)


def batches(data: FaceSet, seed: int, epoch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Generator]]:
    """The training set in an order given by ``seed`` and ``epoch``, in whole batches, with a generator for chance."""
    where, lessons = device(), data.lessons
    order = np.random.default_rng([seed, epoch]).permutation(len(data))
    generator = torch.Generator(where).manual_seed(seed * 100_003 + epoch)
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        pictures = torch.from_numpy(data.images[rows]).permute(0, 3, 1, 2).contiguous()
        yield pictures.to(where), torch.from_numpy(lessons[rows]).to(where), generator


def label_loss(said: torch.Tensor, lessons: torch.Tensor, softness: float = 1.0) -> torch.Tensor:
    """Cross-entropy of logits (n, 15 or more) with lessons (n,15): the votes, and FER2013's labels for less.

    A part of a row that is all 0 counts nothing.
    """
    begin, total = 0, said.new_zeros(())
    for count, share in ((len(LABELS), 1.0), (len(FER2013_LABELS), FER2013_SHARE)):
        part = slice(begin, begin + count)
        named = torch.log_softmax(said[:, part] / softness, 1) * lessons[:, part]
        total = total - share * named.sum(1).mean()
        begin += count
    return total


def mixed_loss(network: nn.Module, batch: Any, how: FaceChanges, mixed_share: float) -> torch.Tensor:
    """The labels' loss on changed pictures, some batches mixed in pairs."""
    pictures, lessons, generator = batch
    x = augment(pictures, generator, how)
    if torch.rand((), generator=generator, device=x.device) < mixed_share:
        # Shares near the ends, as a beta distribution with 0.2 gives: most pictures stay mostly themselves.
        share = 0.5 * torch.rand((len(x), 1), generator=generator, device=x.device) ** 3
        x = x * (1 - share[..., None, None]) + x.flip(0) * share[..., None, None]
        lessons = lessons * (1 - share) + lessons.flip(0) * share
    return label_loss(network(x).float(), lessons)


def shares(logits: torch.Tensor, softness: float) -> torch.Tensor:
    """What logits (n,15) give each label, as lessons (n,15)."""
    parts = (logits[:, : len(LABELS)], logits[:, len(LABELS) :])
    return torch.cat([torch.softmax(part / softness, 1) for part in parts], 1)


def taught_loss(
    network: nn.Module, batch: Any, how: FaceChanges, teachers: Sequence[Teacher], recipe: Recipe
) -> torch.Tensor:
    """Labels, the teachers' mean answer to the very same changed pictures, and the first one's features."""
    pictures, lessons, generator = batch
    x = augment(pictures, generator, how)
    said = network(x).float()
    told = [teacher.tell(x) for teacher in teachers]
    taught = torch.stack([shares(logits, recipe.softness) for logits, _ in told]).mean(0)
    apart = label_loss(said, taught, recipe.softness) * recipe.softness**2
    unlike = functional.mse_loss(said[:, lessons.shape[1] :], told[0][1])
    by_labels = (1 - recipe.from_teachers) * label_loss(said, lessons)
    return by_labels + recipe.from_teachers * apart + recipe.from_features * unlike


def train(
    training: FaceSet, validation: FaceSet, folder: Path, log: RunLog, *, recipe: Recipe, seed: int, known: Path | None
) -> nn.Sequential:
    """The student of ``recipe.teachers`` teachers, its epoch the most accurate on ``validation``.

    The teachers are trained once in ``folder``'s parent, for all seeds, and begin from the weights in ``known``.
    """
    networks = [teacher(training, validation, folder.parent, log, recipe, i, known) for i in range(recipe.teachers)]
    teachers = [Teacher.of(network, training.images[:SETTLING]) for network in networks]
    torch.manual_seed(seed)
    beside = len(teachers[0].mean) if teachers else 0
    network = face_network.student(training.lessons.shape[1], beside, width=recipe.width)
    how = FaceChanges()
    return _learn(
        network, training, validation, folder, Schedule(recipe.student_epochs, recipe.peak_rate), seed, log,
        "validation_accuracy",
        lambda net, batch: (
            taught_loss(net, batch, how, teachers, recipe) if teachers else mixed_loss(net, batch, how, 0.0)
        ),
    )  # fmt: skip


def teacher(
    training: FaceSet, validation: FaceSet, out: Path, log: RunLog, recipe: Recipe, number: int, known: Path | None
) -> nn.Sequential:
    """Teacher ``number``, trained (or gone on with) in its folder under ``out``.

    Its epoch is the one whose shares are likeliest by the raters' votes, because its shares are what it teaches.
    """
    torch.manual_seed(1000 + number)
    folder = out / f"teacher{number}"
    how = FaceChanges(erase_share=0.3)
    network = face_backbone.backbone(training.lessons.shape[1], recipe.teacher_side_px, width=recipe.width)
    if known is not None and not (folder / "last.pt").is_file():
        chosen = np.random.default_rng(number).permutation(len(training))[:SETTLING]
        pictures = torch.from_numpy(training.images[chosen]).permute(0, 3, 1, 2)
        seen = augment(pictures, torch.Generator().manual_seed(number), how)
        face_backbone.begin_from(network, face_pretrained.read(known), seen)
    return _learn(
        network, training, validation, folder, Schedule(recipe.teacher_epochs, recipe.teacher_rate), 1000 + number, log,
        "validation_likelihood", lambda net, batch: mixed_loss(net, batch, how, recipe.mixed_share),
    )  # fmt: skip


def _learn(
    network: nn.Sequential,
    training: FaceSet,
    validation: FaceSet,
    folder: Path,
    schedule: Schedule,
    seed: int,
    log: RunLog,
    choose_by: str,
    loss: Any,
) -> nn.Sequential:
    def validate(network: nn.Module) -> dict[str, float]:
        said = logits_of(network, validation.images)
        likely = (validation.targets * np.log(metrics.softmax(said, 1.0) + 1e-9)).sum(axis=1).mean()
        return {
            "validation_accuracy": metrics.accuracy(validation.majority, said.argmax(axis=1)),
            "validation_likelihood": float(likely),
        }

    weights = sum(p.numel() for p in network.parameters())
    steps = len(training) // BATCH
    length = f"{schedule.epochs} epochs of {steps}"
    log.say(f"{folder.name}: {len(training)} pictures, {weights} weights, {length}, on {device()}")
    learner = Learner(
        network,
        schedule,
        folder,
        RunLog(folder),
        seed=seed,
        loss=loss,
        validate=validate,
        choose_by=choose_by,
    )
    return learner.run(lambda epoch: batches(training, seed, epoch), steps)
