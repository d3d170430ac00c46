"""How a face teacher begins as a network that knows faces: what it is shown, and where that network's weights go."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from tools.train.layers import Convolution


class Enlarged(nn.Module):
    """Small grey pictures (n,1,h,w) of -1..1 as (n,3,side,side) of 0..255 less each colour's mean, over ``unit``."""

    mean: torch.Tensor

    def __init__(self, side_px: int, mean: tuple[float, float, float], unit: float = 1.0) -> None:
        super().__init__()
        self.side_px, self.unit = side_px, unit
        self.register_buffer("mean", torch.tensor(mean).reshape(1, 3, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Pictures as above."""
        size = (self.side_px, self.side_px)
        if x.shape[2:] != size:
            x = functional.interpolate(x, size=size, mode="bilinear", align_corners=False)
        return ((x * 127.5 + 127.5).expand(-1, 3, -1, -1) - self.mean) / self.unit


def put(part: Convolution, kernel: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]) -> None:
    """A kernel (rows, columns, in, out) and what is added, into a convolution whose normalisation then does no more."""
    part.filter.weight.data.copy_(torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()))
    part.norm.running_mean.zero_()
    part.norm.running_var.fill_(1.0 - part.norm.eps)
    part.norm.weight.data.fill_(1.0)
    part.norm.bias.data.copy_(torch.from_numpy(bias))


@torch.no_grad()
def settle(network: nn.Sequential, pictures: torch.Tensor) -> None:
    """Set the normalisation of each convolution to the mean and spread it has on pictures float32 (n,1,48,48).

    They were folded into the weights that ``put`` gave. This changes nothing of what is computed and lets it learn.
    """

    def to_what_comes(part: nn.Module, given: Any) -> None:
        assert isinstance(part, Convolution)
        spread, mean = torch.var_mean(part.filter(part.padded(given[0])), (0, 2, 3), correction=0)
        part.norm.bias.data += mean
        part.norm.weight.data.copy_(torch.sqrt(spread + part.norm.eps))
        part.norm.running_mean.copy_(mean)
        part.norm.running_var.copy_(spread)

    convolutions = [part for part in network.modules() if isinstance(part, Convolution)]
    hooks = [part.register_forward_pre_hook(to_what_comes) for part in convolutions]
    network.eval()(pictures)
    for hook in hooks:
        hook.remove()
