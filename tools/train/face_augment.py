"""Random changes to a batch of face pictures, inside the TensorFlow graph.

They stand for what differs between a curated picture and a live camera: how large the detector's box is (15 %) and
where it sits (10 %), a tilted head, low light, contrast, blur, sensor noise and something in front of the face.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import tensorflow as tf


@dataclass(frozen=True)
class FaceChanges:
    """How far each change goes. ``scale`` and ``shift`` are shares of the side and, like ``turn_deg``, limits."""

    scale: float = 0.15
    shift: float = 0.10
    turn_deg: float = 20.0
    shear: float = 0.06
    contrast: tuple[float, float] = (0.35, 1.4)
    brightness: float = 0.35
    gamma_log: float = 0.5
    noise: float = 0.05
    photometric_share: float = 0.7
    blur_share: float = 0.25
    erase_share: float = 0.25


def _bell(shape: list[Any], limit: float, seed: Any) -> Any:
    """Values around 0, within ``limit``, most of them within half of it."""
    return tf.random.stateless_truncated_normal(shape, seed) * (limit / 2.0)


def _warps(count: Any, size: int, how: FaceChanges, seeds: Any) -> Any:
    """Projective transforms (count,8) of a picture about its centre, half of them mirrored."""
    turn = _bell([count], how.turn_deg * math.pi / 180.0, seeds[0])
    scale = tf.exp(_bell([count], how.scale, seeds[1]))
    mirror = tf.where(tf.random.stateless_uniform([count], seeds[2]) < 0.5, -1.0, 1.0)
    stretch = tf.exp(_bell([count], how.shear, seeds[3]))
    moved = _bell([count, 2], how.shift * size, seeds[4])
    cos, sin = tf.cos(turn) * scale, tf.sin(turn) * scale
    a, b, c, d = cos * mirror * stretch, -sin * stretch, sin * mirror, cos
    centre = (size - 1) / 2.0
    right = centre - a * centre - b * centre + moved[:, 0]
    down = centre - c * centre - d * centre + moved[:, 1]
    zero = tf.zeros_like(a)
    return tf.stack([a, b, right, c, d, down, zero, zero], axis=1)


def _light(x: Any, how: FaceChanges, seeds: Any) -> Any:
    """Gamma, contrast about the picture's mean, brightness and noise, on values 0..1."""
    count = tf.shape(x)[0]
    shape = [count, 1, 1, 1]
    changed = tf.pow(tf.clip_by_value(x, 1e-3, 1.0), tf.exp(_bell(shape, 2 * how.gamma_log, seeds[0])))
    mean = tf.reduce_mean(changed, axis=[1, 2], keepdims=True)
    contrast = tf.random.stateless_uniform(shape, seeds[1], how.contrast[0], how.contrast[1])
    changed = (changed - mean) * contrast + mean + _bell(shape, how.brightness, seeds[2])
    strength = tf.random.stateless_uniform(shape, seeds[3], 0.0, how.noise)
    changed = changed + tf.random.stateless_normal(tf.shape(x), seeds[4]) * strength
    chosen = tf.random.stateless_uniform(shape, seeds[5]) < how.photometric_share
    return tf.clip_by_value(tf.where(chosen, changed, x), 0.0, 1.0)


def _blur(x: Any, share: float, seeds: Any) -> Any:
    """A box blur of 3 or 5 pixels on a share of the pictures."""
    shape = [tf.shape(x)[0], 1, 1, 1]
    soft = tf.nn.avg_pool2d(x, 3, 1, "SAME")
    softer = tf.nn.avg_pool2d(soft, 3, 1, "SAME")
    which = tf.random.stateless_uniform(shape, seeds[0])
    return tf.where(which < share / 2, softer, tf.where(which < share, soft, x))


def _erase(x: Any, share: float, seeds: Any) -> Any:
    """One flat rectangle of up to 40 % of the side over a share of the pictures."""
    count, size = tf.shape(x)[0], x.shape[1]
    corner = tf.random.stateless_uniform([count, 2], seeds[0], -0.1, 0.9) * size
    side = tf.random.stateless_uniform([count, 2], seeds[1], 0.1, 0.4) * size
    steps = tf.range(size, dtype=tf.float32)[None, :]
    rows = (steps >= corner[:, :1]) & (steps < corner[:, :1] + side[:, :1])
    columns = (steps >= corner[:, 1:]) & (steps < corner[:, 1:] + side[:, 1:])
    hidden = (rows[:, :, None] & columns[:, None, :])[..., None]
    chosen = tf.random.stateless_uniform([count, 1, 1, 1], seeds[2]) < share
    fill = tf.random.stateless_uniform([count, 1, 1, 1], seeds[3])
    return tf.where(hidden & chosen, fill, x)


def augment(pictures: Any, seed: Any, how: FaceChanges) -> Any:
    """Grey pictures uint8 (n,s,s,1) as float32 -1..1, each changed at random by ``seed`` int32 (2,)."""
    seeds = tf.random.experimental.stateless_split(seed, 20)
    x = tf.cast(pictures, tf.float32) / 255.0
    size = x.shape[1]
    x = tf.raw_ops.ImageProjectiveTransformV3(
        images=x,
        transforms=_warps(tf.shape(x)[0], size, how, seeds[:5]),
        output_shape=tf.constant([size, size]),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
    x = _blur(x, how.blur_share, seeds[5:6])
    x = _light(x, how, seeds[6:12])
    x = _erase(x, how.erase_share, seeds[12:16])
    return x * 2.0 - 1.0
