"""The tone network: 2.6 s of log-mel in, one row of numbers for all its heads out."""

from __future__ import annotations

from torch import nn

from tools.train.layers import Convolution, Residual, SpreadVerdict, widened
from tools.train.voice_features import PARAMETERS


def student(
    outputs: int, beside: int = 0, moments: int = 0, *, width: float = 1.0, dropout: float = 0.2
) -> nn.Sequential:
    """The network that ships, from float32 (n,1,128,80) in -1..1 to (n, outputs); 464 thousand weights.

    Time shrinks fourfold and the bands to one; then it only looks along time, half a second far. While it trains it
    says ``beside`` numbers more of the whole and ``moments`` of each of the 32 steps of time (`SpreadVerdict`).
    """

    def wide(channels: int) -> int:
        return widened(channels, width)

    def along_time(channels: int, steps: int) -> Residual:
        return Residual([Convolution(channels, channels, (steps, 1), active=False)], channels, 1, squeezed=False)

    channels = wide(192)
    return nn.Sequential(
        Convolution(1, wide(24), 5, 2),
        Convolution(wide(24), wide(48), 3, 2),
        Convolution(wide(48), wide(64), 3, (1, 2)),
        Convolution(wide(64), channels, (1, PARAMETERS.bands // 8), (1, PARAMETERS.bands // 8)),
        along_time(channels, 5),
        along_time(channels, 3),
        SpreadVerdict(channels, outputs, beside, moments, dropout),
    )
