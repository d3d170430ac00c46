"""A face teacher: MobileNet v1 (Howard et al. 2017, arXiv 1704.04861), which may begin from weights that know faces."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from tools.train.face_pretrained import Weights
from tools.train.layers import Convolution, Verdict, widened

CHANNELS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
"""Of the first convolution and of each of the thirteen pairs after it."""
HALVED = (2, 4, 6, 12)
"""The pairs that halve the picture's sides."""
BLUE_GREEN_RED = (103.939, 116.779, 123.68)
"""What FaceRes takes off each colour of 0..255 (Parkhi et al. 2015)."""


class Enlarged(nn.Module):
    """Small grey pictures (n,1,h,w) of -1..1 as what FaceRes takes: (n,3,side,side) of 0..255 less a colour's mean."""

    mean: torch.Tensor

    def __init__(self, side_px: int) -> None:
        super().__init__()
        self.side_px = side_px
        self.register_buffer("mean", torch.tensor(BLUE_GREEN_RED).reshape(1, 3, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Pictures as above."""
        size = (self.side_px, self.side_px)
        if x.shape[2:] != size:
            x = functional.interpolate(x, size=size, mode="bilinear", align_corners=False)
        return (x * 127.5 + 127.5).expand(-1, 3, -1, -1) - self.mean


def backbone(outputs: int, side_px: int, *, width: float = 1.0, dropout: float = 0.4) -> nn.Sequential:
    """From float32 (n,1,48,48) in -1..1 to ``outputs`` numbers; 3.2 million weights at width 1."""
    channels = [widened(count, width) for count in CHANNELS]
    parts: list[nn.Module] = [Enlarged(side_px), Convolution(3, channels[0], 3, 2)]
    for pair, (before, after) in enumerate(itertools.pairwise(channels), 1):
        stride = 2 if pair in HALVED else 1
        parts += [Convolution(before, before, 3, stride, groups=before), Convolution(before, after, 1)]
    return nn.Sequential(*parts, Verdict(channels[-1], outputs, dropout))


def features(network: nn.Sequential, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What a backbone says of pictures, and the means over the picture (n,1024) it says that from."""
    grid = network[:-1](x)
    return network[-1](grid), grid.mean((2, 3))


def begin_from(network: nn.Sequential, weights: Weights, pictures: torch.Tensor) -> None:
    """Give a backbone of width 1 the weights of FaceRes.

    Its normalisations had been folded into the convolutions. They are set anew to the mean and spread that each
    convolution has on ``pictures`` float32 (n,1,48,48), which changes nothing of what is computed and lets it learn.
    """
    convolutions = [part for part in network if isinstance(part, Convolution)]
    _put(convolutions[0], weights["conv1/convolution/merged_input"], weights["conv1_bn/batchnorm_1/sub"])
    for pair in range(1, len(CHANNELS)):
        depthwise, pointwise = convolutions[2 * pair - 1 : 2 * pair + 1]
        kernel = weights[f"conv_dw_{pair}/depthwise_kernel"] * weights[f"conv_dw_{pair}_bn/batchnorm_1/mul"][:, None]
        _put(depthwise, kernel.transpose(0, 1, 3, 2), weights[f"conv_dw_{pair}_bn/batchnorm_1/sub"])
        kernel = weights[f"conv_pw_{pair}/convolution/merged_input"]
        _put(pointwise, kernel, weights[f"conv_pw_{pair}_bn/batchnorm_1/sub"])
    _settle(network, pictures)


def _put(part: Convolution, kernel: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]) -> None:
    """A kernel (rows, columns, in, out) and what is added, into a convolution whose normalisation then does no more."""
    part.filter.weight.data.copy_(torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()))
    part.norm.running_mean.zero_()
    part.norm.running_var.fill_(1.0 - part.norm.eps)
    part.norm.weight.data.fill_(1.0)
    part.norm.bias.data.copy_(torch.from_numpy(bias))


@torch.no_grad()
def _settle(network: nn.Sequential, pictures: torch.Tensor) -> None:
    network.eval()
    x = pictures
    for part in network[:-1]:
        if isinstance(part, Convolution):
            norm, filtered = part.norm, part.filter(part.padded(x))
            spread, mean = torch.var_mean(filtered, (0, 2, 3), correction=0)
            norm.bias.data += mean
            norm.weight.data.copy_(torch.sqrt(spread + norm.eps))
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(spread)
        x = part(x)
