"""The training loop in PyTorch: AdamW, warm-up and cosine, averaged weights, a log, curves, and checkpoints.

A run that was killed goes on from its last checkpoint when it is started again with the same folder. The passes run in
bfloat16 unless ``in_float32``; weights stay in float32.
"""

from __future__ import annotations

import copy
import ctypes
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from tools.train import curves
from tools.train.runlog import RunLog

Loss = Callable[[nn.Module, Any], torch.Tensor]
"""``loss(network, batch)``: the scalar to make smaller."""


MALLOC_OPTIONS = ((-4, 0), (-1, 2**31 - 1), (-2, 1 << 26))
"""``M_MMAP_MAX``: no allocation is mapped by itself; ``M_TRIM_THRESHOLD``: 2 GB are kept; ``M_TOP_PAD``: grow by 64 MB
(mallopt(3))."""


@dataclass(frozen=True)
class Schedule:
    """How to train: ``peak_rate`` is the learning rate after ``warmup_epochs``, from where it falls as a cosine."""

    epochs: int
    peak_rate: float = 2e-3
    warmup_epochs: float = 1.0
    weight_decay: float = 0.05
    average_decay: float = 0.998

    def rate(self, epoch: float) -> float:
        """The learning rate after ``epoch`` epochs, whole or in part."""
        if epoch < self.warmup_epochs:
            return self.peak_rate * max(epoch, 1e-3) / self.warmup_epochs
        along = (epoch - self.warmup_epochs) / max(1e-9, self.epochs - self.warmup_epochs)
        return self.peak_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, along)))


def device() -> torch.device:
    """The GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def keep_memory() -> None:
    """Have glibc keep the memory of tensors that are gone for those that come.

    A step allocates the same sizes as the one before. Giving them back to the kernel, which then clears each page anew,
    took a third of the time on a processor. Elsewhere than on glibc nothing happens.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for option, value in MALLOC_OPTIONS:
            libc.mallopt(option, value)


class Learner:
    """One training run of one network in one folder.

    ``validate(network)`` gives named figures, of which ``choose_by`` (larger is better) picks the epoch whose averaged
    weights are kept in ``best.pt``. Without ``choose_by`` that is the last epoch, as where there is nobody to choose on
    but those whom the figures are about.
    """

    def __init__(
        self,
        network: nn.Sequential,
        schedule: Schedule,
        folder: Path,
        log: RunLog,
        *,
        seed: int,
        loss: Loss,
        validate: Callable[[nn.Module], dict[str, float]],
        choose_by: str | None,
        in_float32: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        keep_memory()
        self.device = device()
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.network)
        self.schedule, self.folder, self.log = schedule, folder, log
        self._seed, self._loss, self._validate, self._choose_by = seed, loss, validate, choose_by
        self._in_float32 = in_float32
        self._optimizer = torch.optim.AdamW(_groups(self.network, schedule.weight_decay), lr=schedule.peak_rate)

    def run(self, batches: Callable[[int], Iterator[Any]], steps_per_epoch: int) -> nn.Sequential:
        """Train every epoch not yet done; the network with the best averaged weights, not training any more.

        ``batches(epoch)`` yields the ``steps_per_epoch`` batches of an epoch, the same for the same epoch.
        """
        epoch, best = self._restore()
        while epoch < self.schedule.epochs:
            started, total = time.monotonic(), torch.zeros((), device=self.device)
            self.network.train()
            # Dropout's chance belongs to the epoch, so that a resumed run is the run that was not stopped.
            torch.manual_seed(self._seed * 100_003 + epoch)
            for index, batch in enumerate(batches(epoch)):
                step = epoch * steps_per_epoch + index
                total += self._step(batch, self.schedule.rate(epoch + index / steps_per_epoch), step)
            epoch += 1
            figures = self._validate(self.averaged.eval())
            reached = float(epoch) if self._choose_by is None else figures[self._choose_by]
            if reached > best:
                best = reached
                _write(self.folder / "best.pt", self.averaged.state_dict())
            self._save(epoch, best)
            seconds = time.monotonic() - started
            self.log.row({"epoch": epoch, "loss": float(total) / steps_per_epoch, **figures, "seconds": seconds})
        curves.draw(self.folder)
        self.averaged.load_state_dict(torch.load(self.folder / "best.pt", map_location=self.device, weights_only=True))
        return self.averaged.eval()

    def _step(self, batch: Any, rate: float, step: int) -> torch.Tensor:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(self.device.type, torch.bfloat16, enabled=not self._in_float32):
            loss = self._loss(self.network, batch)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self._optimizer.step()
        # Early on the average must forget the random start: (1+t)/(10+t), as TensorFlow's own average does.
        self._average(min(self.schedule.average_decay, (1 + step) / (10 + step)))
        return loss.detach()

    @torch.no_grad()
    def _average(self, decay: float) -> None:
        mean, now = self.averaged.state_dict(), self.network.state_dict()
        floats = [name for name, value in now.items() if value.dtype.is_floating_point]
        torch._foreach_lerp_([mean[name] for name in floats], [now[name] for name in floats], 1.0 - decay)

    def _save(self, epoch: int, best: float) -> None:
        state = {
            "epoch": epoch,
            "best": best,
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        _write(self.folder / "last.pt", state)

    def _restore(self) -> tuple[int, float]:
        path = self.folder / "last.pt"
        if not path.is_file():
            return 0, -math.inf
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.log.say(f"resumed after epoch {state['epoch']}")
        return int(state["epoch"]), float(state["best"])


def _groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weights decay; biases and normalisations do not."""
    parameters = list(network.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _write(path: Path, state: Any) -> None:
    """Write whole or not at all: a kill in the middle leaves the old file."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)
