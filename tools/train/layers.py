"""Network blocks in PyTorch that an Edge TPU can map: convolution, bounded ReLU, add, mean, sigmoid, multiply.

Each block also builds its twin in Keras, batch normalisation folded into the convolution, because the TFLite file is
written from Keras: ``twin(x)`` continues a Keras graph and carries the trained weights over.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

Pair = tuple[int, int]


def widened(channels: int, width: float) -> int:
    """``channels`` times ``width``, as a multiple of 8 and at least 8."""
    return max(8, round(channels * width / 8) * 8)


class Convolution(nn.Module):
    """Convolution, batch normalisation and, unless not ``active``, ReLU6. Padded as TensorFlow's "same" is.

    ``size`` and ``stride`` are the same for rows and columns, or a pair. One of several ``groups`` has no twin.
    """

    def __init__(
        self,
        channels: int,
        filters: int,
        size: int | Pair = 3,
        stride: int | Pair = 1,
        *,
        active: bool = True,
        groups: int = 1,
    ) -> None:
        super().__init__()
        self.size, self.stride, self.active = _pair(size), _pair(stride), active
        # What is as wide on both sides the convolution adds itself, without a copy of the grids.
        self._edges = [max(size - stride, 0) for size, stride in zip(self.size, self.stride, strict=True)]
        even = all(edge % 2 == 0 for edge in self._edges)
        padding = (self._edges[0] // 2, self._edges[1] // 2) if even else (0, 0)
        self.filter = nn.Conv2d(channels, filters, self.size, self.stride, padding, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.02)
        nn.init.kaiming_normal_(self.filter.weight, nonlinearity="relu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w); h and w must be multiples of the stride."""
        x = self.norm(self.filter(self.padded(x)))
        return functional.relu6(x) if self.active else x

    def padded(self, x: torch.Tensor) -> torch.Tensor:
        """The grids with an edge of zeros, where "same" wants one that the convolution does not add itself."""
        rows, columns = self._edges
        if rows % 2 or columns % 2:
            # "Same" puts the odd row and column after the picture, where PyTorch's own padding has none.
            x = functional.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        return x

    def folded(self) -> tuple[Any, Any]:
        """The weights (h,w,in,out) and biases (out,) of the convolution with its normalisation in it, as NumPy."""
        spread = torch.sqrt(self.norm.running_var + self.norm.eps)
        scale = self.norm.weight / spread
        weights = self.filter.weight * scale[:, None, None, None]
        biases = self.norm.bias - self.norm.running_mean * scale
        return weights.detach().permute(2, 3, 1, 0).cpu().float().numpy(), biases.detach().cpu().float().numpy()

    def twin(self, x: Any) -> Any:
        """The same in Keras."""
        from tensorflow.keras import layers  # noqa: PLC0415  only where a file is written

        weights, biases = self.folded()
        layer = layers.Conv2D(self.filter.out_channels, self.size, self.stride, padding="same")
        x = layer(x)
        layer.set_weights([weights, biases])
        return layers.ReLU(6.0)(x) if self.active else x


class Squeeze(nn.Module):
    """Squeeze-and-excitation (Hu et al. 2018): each channel times a sigmoid of all channels' means."""

    def __init__(self, channels: int, share: int = 8) -> None:
        super().__init__()
        self.down = nn.Conv2d(channels, max(8, channels // share), 1)
        self.up = nn.Conv2d(max(8, channels // share), channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w)."""
        gate = functional.relu(self.down(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.up(gate))

    def twin(self, x: Any) -> Any:
        """The same in Keras."""
        from tensorflow.keras import layers  # noqa: PLC0415

        gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
        for part, activation in ((self.down, "relu"), (self.up, "sigmoid")):
            layer = layers.Conv2D(part.out_channels, 1, activation=activation)
            gate = layer(gate)
            layer.set_weights(_dense(part.weight[:, :, 0, 0], part.bias, kernel=True))
        return layers.Multiply()([x, gate])


class Residual(nn.Module):
    """Convolutions beside a shortcut, with squeeze-and-excitation unless not ``squeezed``.

    ``plain`` makes two 3x3 convolutions, the best use of time at few channels; ``narrow`` 1x1, 3x3, 1x1, the best use
    of weights at many.
    """

    def __init__(self, body: list[Convolution], channels: int, stride: int | Pair, *, squeezed: bool) -> None:
        super().__init__()
        filters = body[-1].filter.out_channels
        self.body = nn.ModuleList(body)
        self.squeeze = Squeeze(filters) if squeezed else None
        same = _pair(stride) == (1, 1) and channels == filters
        self.shortcut = None if same else Convolution(channels, filters, 1, stride, active=False)

    @classmethod
    def plain(cls, channels: int, filters: int, stride: int | Pair = 1, *, squeezed: bool = False) -> Residual:
        """Two 3x3 convolutions."""
        body = [Convolution(channels, filters, 3, stride), Convolution(filters, filters, 3, active=False)]
        return cls(body, channels, stride, squeezed=squeezed)

    @classmethod
    def narrow(cls, channels: int, filters: int, inner: int, stride: int | Pair = 1) -> Residual:
        """1x1 to ``inner`` channels, 3x3, 1x1 back, squeezed."""
        body = [
            Convolution(channels, inner, 1),
            Convolution(inner, inner, 3, stride),
            Convolution(inner, filters, 1, active=False),
        ]
        return cls(body, channels, stride, squeezed=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w)."""
        y = x
        for part in self.body:
            y = part(y)
        if self.squeeze is not None:
            y = self.squeeze(y)
        return functional.relu6(y + (x if self.shortcut is None else self.shortcut(x)))

    def twin(self, x: Any) -> Any:
        """The same in Keras."""
        from tensorflow.keras import layers  # noqa: PLC0415

        y = x
        for part in self.body:
            y = part.twin(y)
        if self.squeeze is not None:
            y = self.squeeze.twin(y)
        beside = x if self.shortcut is None else self.shortcut.twin(x)
        return layers.ReLU(6.0)(layers.Add()([beside, y]))


class SpreadVerdict(nn.Module):
    """The mean over time and how far it is exceeded on average, dropout, and ``outputs`` numbers.

    While it trains it says more: ``beside`` numbers of the whole and ``moments`` of each step of time. Those are
    lessons that help the others, not answers: the twin in Keras leaves them out.
    """

    def __init__(self, channels: int, outputs: int, beside: int, moments: int, dropout: float) -> None:
        super().__init__()
        self.outputs = outputs
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(2 * channels, outputs + beside)
        self.moment = nn.Conv2d(channels, moments, 1) if moments else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,steps,1) to (n, outputs + beside + steps * moments), the moments of a step together."""
        mean = x.mean((2, 3), keepdim=True)
        # Deviations from a mean sum to 0: those above it say all.
        above = functional.relu(x - mean).mean((2, 3))
        whole = self.dense(self.dropout(torch.cat([mean[:, :, 0, 0], above], 1)))
        if self.moment is None:
            return whole
        return torch.cat([whole, self.moment(x)[..., 0].transpose(1, 2).flatten(1)], 1)

    def twin(self, x: Any) -> Any:
        """The same in Keras, of ``outputs`` numbers."""
        from tensorflow.keras import layers  # noqa: PLC0415

        mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
        above = layers.GlobalAveragePooling2D()(layers.ReLU()(layers.Subtract()([x, mean])))
        layer = layers.Dense(self.outputs)
        y = layer(layers.Concatenate()([layers.Flatten()(mean), above]))
        kept = slice(0, self.outputs)
        layer.set_weights(_dense(self.dense.weight[kept], self.dense.bias[kept], kernel=False))
        return y


class Verdict(nn.Module):
    """The mean over the picture, dropout, and ``outputs`` numbers.

    While it trains it says ``beside`` numbers more, lessons that help the others; the twin in Keras leaves them out.
    """

    def __init__(self, channels: int, outputs: int, dropout: float, beside: int = 0) -> None:
        super().__init__()
        self.outputs = outputs
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(channels, outputs + beside)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Grids (n,c,h,w) to numbers (n, outputs + beside)."""
        return self.dense(self.dropout(x.mean((2, 3))))

    def twin(self, x: Any) -> Any:
        """The same in Keras, of ``outputs`` numbers."""
        from tensorflow.keras import layers  # noqa: PLC0415

        layer = layers.Dense(self.outputs)
        y = layer(layers.GlobalAveragePooling2D()(x))
        kept = slice(0, self.outputs)
        layer.set_weights(_dense(self.dense.weight[kept], self.dense.bias[kept], kernel=False))
        return y


def keras_twin(network: nn.Sequential, shape: tuple[int, int, int]) -> Any:
    """A Keras model (h,w,c) -> logits that computes what ``network`` does when it is not training."""
    import tensorflow as tf  # noqa: PLC0415

    picture = tf.keras.Input(shape)
    x = picture
    for part in network:
        x = part.twin(x)
    return tf.keras.Model(picture, x)


def _pair(value: int | Pair) -> Pair:
    return (value, value) if isinstance(value, int) else value


def _dense(weight: torch.Tensor, bias: torch.Tensor | None, *, kernel: bool) -> list[Any]:
    """Weights (out,in) and biases as Keras keeps them: (in,out), or (1,1,in,out) for a 1x1 ``kernel``."""
    assert bias is not None
    turned = weight.detach().t().cpu().float().numpy()
    return [turned[None, None] if kernel else turned, bias.detach().cpu().float().numpy()]
