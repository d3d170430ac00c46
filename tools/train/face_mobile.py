"""A face teacher: MobileNet v1 (Howard et al. 2017, arXiv 1704.04861), which may begin as FaceRes."""

from __future__ import annotations

import itertools

import torch
from torch import nn

from tools.train.face_begin import Enlarged, put, settle
from tools.train.face_pretrained import Weights
from tools.train.layers import Convolution, Verdict, widened

CHANNELS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
"""Of the first convolution and of each of the thirteen pairs after it."""
HALVED = (2, 4, 6, 12)
"""The pairs that halve the picture's sides."""
BLUE_GREEN_RED = (103.939, 116.779, 123.68)
"""What FaceRes takes off each colour of 0..255 (Parkhi et al. 2015)."""


def network(outputs: int, side_px: int, *, width: float = 1.0, dropout: float = 0.4) -> nn.Sequential:
    """From float32 (n,1,48,48) in -1..1 to ``outputs`` numbers; 3.2 million weights at width 1."""
    channels = [widened(count, width) for count in CHANNELS]
    parts: list[nn.Module] = [Enlarged(side_px, BLUE_GREEN_RED), Convolution(3, channels[0], 3, 2)]
    for pair, (before, after) in enumerate(itertools.pairwise(channels), 1):
        stride = 2 if pair in HALVED else 1
        parts += [Convolution(before, before, 3, stride, groups=before), Convolution(before, after, 1)]
    return nn.Sequential(*parts, Verdict(channels[-1], outputs, dropout))


def begin_from(mobile: nn.Sequential, weights: Weights, pictures: torch.Tensor) -> None:
    """Give a network of width 1 the weights of FaceRes, its normalisations settled on pictures float32 (n,1,48,48)."""
    convolutions = [part for part in mobile if isinstance(part, Convolution)]
    put(convolutions[0], weights["conv1/convolution/merged_input"], weights["conv1_bn/batchnorm_1/sub"])
    for pair in range(1, len(CHANNELS)):
        depthwise, pointwise = convolutions[2 * pair - 1 : 2 * pair + 1]
        kernel = weights[f"conv_dw_{pair}/depthwise_kernel"] * weights[f"conv_dw_{pair}_bn/batchnorm_1/mul"][:, None]
        put(depthwise, kernel.transpose(0, 1, 3, 2), weights[f"conv_dw_{pair}_bn/batchnorm_1/sub"])
        kernel = weights[f"conv_pw_{pair}/convolution/merged_input"]
        put(pointwise, kernel, weights[f"conv_pw_{pair}_bn/batchnorm_1/sub"])
    settle(mobile, pictures)
