"""Network blocks whose operations an Edge TPU maps: convolution, bounded ReLU, add, mean, sigmoid, multiply."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

layers = tf.keras.layers


def conv(
    x: Any, filters: int, size: int | tuple[int, int] = 3, stride: int | tuple[int, int] = 1, *, active: bool = True
) -> Any:
    """Convolution, batch normalisation (folded into it by the converter) and, unless not ``active``, ReLU6."""
    x = layers.Conv2D(filters, size, stride, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization(momentum=0.98)(x)
    return layers.ReLU(6.0)(x) if active else x


def squeeze(x: Any, share: int = 8) -> Any:
    """Squeeze-and-excitation (Hu et al. 2018): each channel times a sigmoid of all channels' means."""
    channels = int(x.shape[-1])
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(max(8, channels // share), 1, activation="relu")(gate)
    gate = layers.Conv2D(channels, 1, activation="sigmoid")(gate)
    return layers.Multiply()([x, gate])


def _shortcut(x: Any, filters: int, stride: int | tuple[int, int]) -> Any:
    same = stride in (1, (1, 1)) and int(x.shape[-1]) == filters
    return x if same else conv(x, filters, 1, stride, active=False)


def plain(x: Any, filters: int, stride: int | tuple[int, int] = 1) -> Any:
    """Residual block of two 3x3 convolutions: the best use of time at few channels."""
    y = conv(conv(x, filters, 3, stride), filters, active=False)
    return layers.ReLU(6.0)(layers.Add()([_shortcut(x, filters, stride), y]))


def bottleneck(x: Any, filters: int, inner: int, stride: int | tuple[int, int] = 1) -> Any:
    """Residual block 1x1, 3x3, 1x1 with squeeze-and-excitation: the best use of weights at many channels."""
    y = conv(conv(conv(x, inner, 1), inner, 3, stride), filters, 1, active=False)
    return layers.ReLU(6.0)(layers.Add()([_shortcut(x, filters, stride), squeeze(y)]))
