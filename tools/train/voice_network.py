"""The tone network: 2.6 s of log-mel in, one row of numbers for all its heads out."""

from __future__ import annotations

from torch import nn

from tools.train.layers import Convolution, PeakVerdict
from tools.train.voice_features import PARAMETERS


def student(outputs: int, beside: int = 0, *, width: float = 1.0, dropout: float = 0.3) -> nn.Sequential:
    """The network that ships, from float32 (n,1,128,80) in -1..1 to (n, outputs + beside); 200 thousand weights.

    Time shrinks eightfold and the bands to one before all is averaged; the maximum over time beside the mean keeps
    short outbursts.
    """

    def wide(channels: int) -> int:
        return max(8, round(channels * width / 8) * 8)

    return nn.Sequential(
        Convolution(1, wide(16), 5, 2),
        Convolution(wide(16), wide(32), 3, 2),
        Convolution(wide(32), wide(48), 3, 2),
        Convolution(wide(48), wide(72), 3),
        Convolution(wide(72), wide(128), (1, PARAMETERS.bands // 8), (1, PARAMETERS.bands // 8)),
        Convolution(wide(128), wide(128), (3, 1)),
        PeakVerdict(wide(128), outputs, beside, dropout),
    )
