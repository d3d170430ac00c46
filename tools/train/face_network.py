"""The facial-expression network: 48x48 grey in, eight logits out."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tools.train import blocks


def build(labels: int = 8, *, width: float = 1.0, dropout: float = 0.3) -> Any:
    """A Keras model from float32 (n,48,48,1) in -1..1 to logits (n, ``labels``); about 340 thousand weights at width 1.

    Dense convolutions run at more than twice the rate of depthwise ones per multiply on a CPU with LiteRT, so the early
    stages are plain residual blocks; the 6x6 stage has bottlenecks, where the weights are.
    """

    def wide(channels: int) -> int:
        return max(8, round(channels * width / 8) * 8)

    picture = tf.keras.Input((48, 48, 1))
    x = blocks.conv(picture, wide(16))
    x = blocks.conv(x, wide(32), stride=2)
    x = blocks.plain(x, wide(32))
    x = blocks.plain(x, wide(64), 2)
    x = blocks.plain(x, wide(64))
    x = blocks.bottleneck(x, wide(128), wide(48), 2)
    x = blocks.bottleneck(x, wide(128), wide(48))
    x = blocks.bottleneck(x, wide(160), wide(56))
    x = blocks.conv(x, wide(192), 1)
    x = tf.keras.layers.GlobalAveragePooling2D()(x)
    x = tf.keras.layers.Dropout(dropout)(x)
    return tf.keras.Model(picture, tf.keras.layers.Dense(labels)(x))
