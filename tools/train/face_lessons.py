"""What a face network learns from: batches of pictures with their lessons, and how wrong an answer is.

A lesson (15 numbers a picture) is the share of the raters' votes for each of eight labels, then FER2013's own label.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tools.train.face_answers import View
from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import FER2013_LABELS, LABELS, FaceSet
from tools.train.face_recipe import Recipe
from tools.train.learn import device

BATCH = 128
FER2013_SHARE = 0.5
"""What FER2013's own labels count beside the votes: they are one person's, and a third of them the raters deny."""


def batches(data: FaceSet, seed: int, epoch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Generator]]:
    """The training set in an order given by ``seed`` and ``epoch``, in whole batches, with a generator for chance."""
    lessons = data.lessons
    generator = torch.Generator(device()).manual_seed(seed * 100_003 + epoch)
    for rows in _orders(len(data), seed, epoch):
        pictures = torch.from_numpy(data.images[rows]).permute(0, 3, 1, 2).contiguous()
        yield pictures.to(device()), torch.from_numpy(lessons[rows]).to(device()), generator


def answered_batches(view: View, lessons: Any, seed: int, epoch: int) -> Iterator[tuple[torch.Tensor, ...]]:
    """A view of the training set as ``batches`` gives it: changed pictures, their lessons, what the teachers said."""
    for rows in _orders(len(view.pictures), seed, epoch):
        parts = (view.pictures[rows], lessons[rows], view.shares[rows], view.features[rows])
        yield tuple(torch.from_numpy(part).to(device()) for part in parts)


def _orders(count: int, seed: int, epoch: int) -> Iterator[Any]:
    order = np.random.default_rng([seed, epoch]).permutation(count)
    for start in range(0, count - BATCH + 1, BATCH):
        yield order[start : start + BATCH]


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


def taught_loss(network: nn.Module, batch: Any, recipe: Recipe) -> torch.Tensor:
    """Labels, what the teachers said of the very same pictures, and the first one's features."""
    pictures, lessons, shares, features = batch
    said = network(pictures.float() / 127.5 - 1.0).float()
    apart = label_loss(said, shares.float(), recipe.softness) * recipe.softness**2
    unlike = functional.mse_loss(said[:, lessons.shape[1] :], features.float())
    by_labels = (1 - recipe.from_teachers) * label_loss(said, lessons)
    return by_labels + recipe.from_teachers * apart + recipe.from_features * unlike
