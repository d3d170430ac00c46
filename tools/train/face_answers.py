"""What the teachers say of changed training pictures, asked once and kept in the run's folder.

A student sees a picture changed in another way each epoch, and its teachers must have seen the same. To ask them takes
as long as to learn from them, so that what they said of a few views of the whole training set serves every seed.
"""

from __future__ import annotations

import hashlib
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.train.face_augment import FaceChanges, augment
from tools.train.face_data import LABELS, FaceSet, network_input
from tools.train.face_recipe import Recipe
from tools.train.learn import device, keep_memory
from tools.train.runlog import RunLog

ASKED_AT_ONCE = 256
SETTLING = 512
"""Pictures from which the spread of a teacher's features is taken."""


@dataclass(frozen=True)
class View:
    """Every training picture, changed once by chance, and what the teachers say of it.

    ``pictures`` uint8 (n,1,48,48), ``shares`` float16 (n,15) their mean answer as lessons, at the recipe's softness,
    ``features`` float16 (n,f) those of the first teacher, of mean 0 and spread 1.
    """

    pictures: npt.NDArray[np.uint8]
    shares: npt.NDArray[np.float16]
    features: npt.NDArray[np.float16]


@dataclass(frozen=True)
class Teacher:
    """A network that has learned; ``mean`` and ``spread`` (f,) of its features make them lessons of equal weight."""

    network: nn.Sequential
    mean: torch.Tensor
    spread: torch.Tensor

    @classmethod
    @torch.no_grad()
    def of(cls, network: nn.Sequential, pictures: npt.NDArray[np.uint8]) -> Teacher:
        """A teacher whose features have the spread they have on grey pictures uint8 (n,48,48,1)."""
        x = torch.from_numpy(network_input(pictures)).permute(0, 3, 1, 2).to(device())
        spread, mean = torch.var_mean(network[:-1](x).mean((2, 3)).float(), 0)
        return cls(network, mean, torch.sqrt(spread + 1e-6))

    @torch.no_grad()
    def tell(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and features, the features of mean 0 and spread 1, of pictures float32 (n,1,48,48)."""
        grid = self.network[:-1](x)
        features = (grid.mean((2, 3)).float() - self.mean) / self.spread
        return self.network[-1](grid).float(), features


class Answers:
    """The teachers' answers to ``recipe.views`` views of ``training``, in a folder named for who was asked and what."""

    def __init__(
        self, training: FaceSet, networks: Sequence[nn.Sequential], folder: Path, log: RunLog, recipe: Recipe
    ) -> None:
        self.teachers = [Teacher.of(network, training.images[:SETTLING]) for network in networks]
        self.folder = folder / f"answers-{_digest(training, networks, recipe)}"
        self._training, self._log, self._recipe = training, log, recipe

    @property
    def feature_count(self) -> int:
        """How many numbers the first teacher's features are."""
        return len(self.teachers[0].mean)

    def view(self, epoch: int) -> View:
        """The view that the student's ``epoch`` sees; asked for now if it was not yet."""
        number = epoch % self._recipe.views
        path = self.folder / f"view{number:02}.npz"
        if path.is_file():
            try:
                with np.load(path) as kept:
                    return View(kept["pictures"], kept["shares"], kept["features"])
            except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
                self._log.say(f"{path} can't be read ({error}): asked again")
        started = time.monotonic()
        view = self._asked(number)
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(file, pictures=view.pictures, shares=view.shares, features=view.features)
        partial.replace(path)
        seconds = time.monotonic() - started
        self._log.say(f"teachers asked about view {number + 1} of {self._recipe.views}: {seconds:.0f} s")
        return view

    def _asked(self, number: int) -> View:
        keep_memory()
        generator = torch.Generator(device()).manual_seed(7_000 + number)
        parts = []
        for start in range(0, len(self._training), ASKED_AT_ONCE):
            chosen = torch.from_numpy(self._training.images[start : start + ASKED_AT_ONCE]).permute(0, 3, 1, 2)
            changed = augment(chosen.contiguous().to(device()), generator, FaceChanges())
            pictures = ((changed + 1.0) * 127.5).round().to(torch.uint8)
            x = (pictures.float() / 127.5 - 1.0).contiguous(memory_format=torch.channels_last)
            with torch.autocast(device().type, torch.bfloat16):
                told = [teacher.tell(x) for teacher in self.teachers]
            shares = torch.stack([self._as_lessons(logits) for logits, _ in told]).mean(0)
            parts.append((pictures, shares.half(), told[0][1].half()))
        return View(*(torch.cat(part).cpu().numpy() for part in zip(*parts, strict=True)))

    def _as_lessons(self, logits: torch.Tensor) -> torch.Tensor:
        """What logits (n,15) give each label, as lessons (n,15)."""
        halves = (logits[:, : len(LABELS)], logits[:, len(LABELS) :])
        return torch.cat([torch.softmax(half / self._recipe.softness, 1) for half in halves], 1)


def _digest(training: FaceSet, networks: Sequence[nn.Sequential], recipe: Recipe) -> str:
    """Eight letters that change when anything does that the answers depend on."""
    read = hashlib.sha256(training.images.tobytes() + repr(recipe.softness).encode())
    for network in networks:
        for value in network.state_dict().values():
            read.update(value.cpu().contiguous().numpy().tobytes())
    return read.hexdigest()[:8]
