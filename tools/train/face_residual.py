"""A face teacher: a residual network of 29 convolutions, which may begin as dlib's that knows faces (King 2017)."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from tools.train.face_begin import Enlarged, put, settle
from tools.train.face_pretrained import Weights
from tools.train.layers import Convolution, Verdict, widened

CHANNELS = (32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 256, 256, 256, 256)
"""Of each block; a block with another number than the one before, and the last, halves the picture's sides."""
NAMES = (
    *("conv32_1", "conv32_2", "conv32_3", "conv64_down", "conv64_1", "conv64_2", "conv64_3", "conv128_down"),
    *("conv128_1", "conv128_2", "conv256_down", "conv256_1", "conv256_2", "conv256_down_out"),
)
"""The blocks' names in the file of weights."""
RED_GREEN_BLUE = (122.782, 117.001, 104.298)
"""What dlib takes off each colour of 0..255, before it divides by 256."""


class Unbounded(Convolution):
    """A convolution as dlib has them: where it halves, its edge is all after the picture, and its ReLU has no limit."""

    def padded(self, x: torch.Tensor) -> torch.Tensor:
        """The grids with an edge of zeros after them."""
        rows, columns = (size - stride for size, stride in zip(self.size, self.stride, strict=True))
        return functional.pad(x, (0, columns, 0, rows)) if self.stride != (1, 1) else x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w)."""
        x = self.norm(self.filter(self.padded(x)))
        return functional.relu(x) if self.active else x


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut without weights: means of 2x2 where it halves, zeros for more channels."""

    def __init__(self, channels: int, filters: int, *, halves: bool) -> None:
        super().__init__()
        self.first = Unbounded(channels, filters, 3, 2 if halves else 1)
        self.second = Unbounded(filters, filters, 3, active=False)
        self.halves, self.more = halves, filters - channels

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w); h and w must be even where it halves."""
        beside = functional.avg_pool2d(x, 2) if self.halves else x
        return functional.relu(self.second(self.first(x)) + functional.pad(beside, (0, 0, 0, 0, 0, self.more)))


class Strongest(nn.Module):
    """The greatest of each 3x3, two apart."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w) of 0 and more."""
        return functional.max_pool2d(functional.pad(x, (0, 1, 0, 1)), 3, 2)


def network(outputs: int, side_px: int, *, width: float = 1.0, dropout: float = 0.4) -> nn.Sequential:
    """From float32 (n,1,48,48) in -1..1 to ``outputs`` numbers; 5.6 million weights at width 1.

    ``side_px`` must be a multiple of 64.
    """
    wide = [widened(count, width) for count in CHANNELS]
    first = Unbounded(3, wide[0], 7, 2)
    blocks = [
        Block(before, after, halves=before != after or number == len(wide) - 1)
        for number, (before, after) in enumerate(zip([wide[0], *wide], wide, strict=False))
    ]
    return nn.Sequential(
        Enlarged(side_px, RED_GREEN_BLUE, 256.0), first, Strongest(), *blocks, Verdict(wide[-1], outputs, dropout)
    )


def begin_from(residual: nn.Sequential, weights: Weights, pictures: torch.Tensor) -> None:
    """Give a network of width 1 dlib's weights, its normalisations settled on pictures float32 (n,1,48,48)."""

    def give(part: Convolution, name: str) -> None:
        scale = weights[f"{name}/scale/weights"]
        bias = weights[f"{name}/scale/biases"] + scale * weights[f"{name}/conv/bias"]
        put(part, weights[f"{name}/conv/filters"] * scale, bias)

    first, blocks = residual[1], [part for part in residual if isinstance(part, Block)]
    assert isinstance(first, Convolution)
    give(first, "conv32_down")
    for block, name in zip(blocks, NAMES, strict=True):
        give(block.first, f"{name}/conv1")
        give(block.second, f"{name}/conv2")
    settle(residual, pictures)
