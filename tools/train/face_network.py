"""The facial-expression network that ships: 48x48 grey in, logits out."""

from __future__ import annotations

from torch import nn

from tools.train.layers import Convolution, Residual, Verdict, widened


def student(outputs: int, beside: int = 0, *, width: float = 1.0, dropout: float = 0.0) -> nn.Sequential:
    """From float32 (n,1,48,48) in -1..1 to logits, and ``beside`` lessons; 410 thousand weights ship at width 1.

    Dense convolutions run at more than twice the rate of depthwise ones per multiply on a CPU with LiteRT, so the early
    stages are plain residual blocks; the 6x6 stage has bottlenecks, where the weights are.
    """

    def wide(channels: int) -> int:
        return widened(channels, width)

    return nn.Sequential(
        Convolution(1, wide(16)),
        Convolution(wide(16), wide(32), stride=2),
        Residual.plain(wide(32), wide(32)),
        Residual.plain(wide(32), wide(64), 2),
        Residual.plain(wide(64), wide(64)),
        Residual.plain(wide(64), wide(64)),
        Residual.narrow(wide(64), wide(128), wide(48), 2),
        Residual.narrow(wide(128), wide(128), wide(48)),
        Residual.narrow(wide(128), wide(160), wide(56)),
        Convolution(wide(160), wide(192), 1),
        Verdict(wide(192), outputs, dropout, beside),
    )
