"""Keras model to full-integer int8 TFLite file.

Post-training quantisation (Jacob et al. 2018): weights per channel, activations per tensor with ranges from
representative inputs; inputs and outputs are int8 too, all shapes static with a batch of 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.lite.tools import flatbuffer_utils


def to_int8(model: Any, representative: npt.NDArray[np.float32]) -> bytes:
    """The bytes of the int8 file of a Keras model, its ranges taken from ``representative`` (n, ...) real inputs."""
    shape = (1, *representative.shape[1:])
    # A batch of 1 fixed in the graph: an Edge TPU maps no dynamic shapes.
    single = tf.keras.Input(batch_shape=shape)
    converter = tf.lite.TFLiteConverter.from_keras_model(tf.keras.Model(single, model(single, training=False)))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8

    def samples() -> Iterator[list[npt.NDArray[np.float32]]]:
        for row in representative:
            yield [row[None].astype(np.float32)]

    converter.representative_dataset = samples
    return _nameless(converter.convert())


def _nameless(content: bytes) -> bytes:
    """The file without the names of its tensors: kilobytes that nothing reads."""
    file = flatbuffer_utils.read_model_from_bytearray(bytearray(content))
    flatbuffer_utils.strip_strings(file)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(file))
