"""Random changes to a batch of face pictures, on whatever device the batch lies.

They stand for what differs between a curated picture and a live camera: how large the detector's box is (15 %) and
where it sits (10 %), a tilted head, low light, contrast, blur, sensor noise and something in front of the face.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional


@dataclass(frozen=True)
class FaceChanges:
    """How far each change goes. ``scale`` and ``shift`` are shares of the side and, like ``turn_deg``, limits."""

    scale: float = 0.15
    shift: float = 0.10
    turn_deg: float = 20.0
    shear: float = 0.06
    contrast: tuple[float, float] = (0.35, 1.4)
    brightness: float = 0.35
    gamma_log: float = 0.5
    noise: float = 0.05
    photometric_share: float = 0.7
    blur_share: float = 0.25
    erase_share: float = 0.25


class _Chance:
    """Random numbers of one batch, one row a picture, from one generator."""

    def __init__(self, count: int, like: torch.Tensor, generator: torch.Generator) -> None:
        self.count, self.device, self.generator = count, like.device, generator

    def even(self, *shape: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        """Evenly spread values (count, ...)."""
        drawn = torch.rand((self.count, *shape), generator=self.generator, device=self.device)
        return low + (high - low) * drawn

    def bell(self, *shape: int, limit: float) -> torch.Tensor:
        """Values around 0, within ``limit``, most of them within half of it."""
        drawn = torch.randn((self.count, *shape), generator=self.generator, device=self.device)
        return drawn.clamp(-2.0, 2.0) * (limit / 2.0)


def _warped(x: torch.Tensor, how: FaceChanges, chance: _Chance) -> torch.Tensor:
    """Turned, scaled, stretched and shifted about the centre, half of them mirrored; the edge is continued."""
    turn = chance.bell(limit=how.turn_deg * math.pi / 180.0)
    scale = torch.exp(chance.bell(limit=how.scale))
    mirror = torch.where(chance.even() < 0.5, -1.0, 1.0)
    stretch = torch.exp(chance.bell(limit=how.shear))
    # A grid reaches from -1 to 1, so a share of the side counts twice.
    moved = 2.0 * chance.bell(2, limit=how.shift)
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    rows = (cos * mirror * stretch, -sin * stretch, moved[:, 0], sin * mirror, cos, moved[:, 1])
    grid = functional.affine_grid(torch.stack(rows, 1).reshape(-1, 2, 3), list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="border", align_corners=False)


def _light(x: torch.Tensor, how: FaceChanges, chance: _Chance) -> torch.Tensor:
    """Gamma, contrast about the picture's mean, brightness and noise, on values 0..1."""
    changed = x.clamp(1e-3, 1.0) ** torch.exp(chance.bell(1, 1, 1, limit=2 * how.gamma_log))
    mean = changed.mean((2, 3), keepdim=True)
    contrast = chance.even(1, 1, 1, low=how.contrast[0], high=how.contrast[1])
    changed = (changed - mean) * contrast + mean + chance.bell(1, 1, 1, limit=how.brightness)
    strength = chance.even(1, 1, 1, high=how.noise)
    changed = changed + torch.randn(x.shape, generator=chance.generator, device=x.device) * strength
    chosen = chance.even(1, 1, 1) < how.photometric_share
    return torch.where(chosen, changed, x).clamp(0.0, 1.0)


def _blurred(x: torch.Tensor, share: float, chance: _Chance) -> torch.Tensor:
    """A box blur of 3 or 5 pixels on a share of the pictures."""
    soft = functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    softer = functional.avg_pool2d(soft, 3, 1, 1, count_include_pad=False)
    which = chance.even(1, 1, 1)
    return torch.where(which < share / 2, softer, torch.where(which < share, soft, x))


def _covered(x: torch.Tensor, share: float, chance: _Chance) -> torch.Tensor:
    """One flat rectangle of up to 40 % of the side over a share of the pictures."""
    size = x.shape[-1]
    corner = chance.even(2, low=-0.1, high=0.9) * size
    side = chance.even(2, low=0.1, high=0.4) * size
    steps = torch.arange(size, device=x.device, dtype=torch.float32)[None, :]
    rows = (steps >= corner[:, :1]) & (steps < corner[:, :1] + side[:, :1])
    columns = (steps >= corner[:, 1:]) & (steps < corner[:, 1:] + side[:, 1:])
    hidden = (rows[:, :, None] & columns[:, None, :])[:, None]
    chosen = chance.even(1, 1, 1) < share
    return torch.where(hidden & chosen, chance.even(1, 1, 1), x)


def augment(pictures: torch.Tensor, generator: torch.Generator, how: FaceChanges) -> torch.Tensor:
    """Grey pictures uint8 (n,1,s,s) as float32 -1..1, each changed at random."""
    chance = _Chance(len(pictures), pictures, generator)
    x = _warped(pictures.float() / 255.0, how, chance)
    x = _blurred(x, how.blur_share, chance)
    x = _light(x, how, chance)
    x = _covered(x, how.erase_share, chance)
    return x * 2.0 - 1.0
