"""The tone network: 2 s of log-mel in, four logits out."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tools.train import blocks


def build(frames: int, bands: int, labels: int = 4, *, width: float = 1.0, dropout: float = 0.4) -> Any:
    """A Keras model from float32 (n, ``frames``, ``bands``, 1) in -1..1 to logits (n, ``labels``).

    The bands shrink to a few before time is averaged away; the maximum over time beside the mean keeps short outbursts.
    """

    def wide(channels: int) -> int:
        return max(8, round(channels * width / 8) * 8)

    window = tf.keras.Input((frames, bands, 1))
    x = blocks.conv(window, wide(24), (7, 5), (3, 2))
    x = blocks.plain(x, wide(40), 2)
    x = blocks.plain(x, wide(64), 2)
    x = blocks.bottleneck(x, wide(128), wide(48))
    x = blocks.conv(x, wide(128), (1, int(x.shape[2])))
    mean = tf.keras.layers.GlobalAveragePooling2D()(x)
    peak = tf.keras.layers.GlobalMaxPooling2D()(x)
    x = tf.keras.layers.Concatenate()([mean, peak])
    x = tf.keras.layers.Dropout(dropout)(x)
    return tf.keras.Model(window, tf.keras.layers.Dense(labels)(x))
