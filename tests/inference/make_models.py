"""Make the tiny model directories in tests/inference/data, from nothing but a seed. Needs TensorFlow; not run by tests.

    python tests/inference/make_models.py

`stripes/1.0.0` is a real full-integer int8 model of the kind the robot uses: 12x12 grey pictures, three classes
(horizontal stripes, vertical stripes, plain), trained for some seconds. `nan.tflite` is a float model whose output is
NaN for negative inputs (square root), to see that such an output is refused.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

SIDE = 12
LABELS = ("horizontal", "vertical", "plain")
HERE = Path(__file__).resolve().parent / "data"


def pictures(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noisy striped pictures float32 (n,12,12,1) in -1..1, with their labels (n,)."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, count)
    wave = np.where(np.arange(SIDE) // 2 % 2 == 0, 0.6, -0.6)
    bases = np.stack([np.tile(wave[:, None], (1, SIDE)), np.tile(wave[None, :], (SIDE, 1)), np.zeros((SIDE, SIDE))])
    noisy = bases[labels] + rng.normal(0, 0.35, (count, SIDE, SIDE))
    return np.clip(noisy, -1, 1).astype(np.float32)[..., None], labels


def int8_model() -> bytes:
    """Train and convert; the result takes and gives int8."""
    tf.keras.utils.set_random_seed(7)
    layers = tf.keras.layers
    net = tf.keras.Sequential(
        [
            layers.Input((SIDE, SIDE, 1), batch_size=1),
            layers.Conv2D(4, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(tf.keras.optimizers.Adam(0.02), loss)
    net.fit(*pictures(900, 1), epochs=12, batch_size=30, verbose=0)
    converter = tf.lite.TFLiteConverter.from_keras_model(net)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([row[None]] for row in pictures(200, 2)[0])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def nan_model() -> bytes:
    """float32 (1,3) to float32 (1,3): the square root, NaN below zero."""
    root = tf.function(tf.sqrt, input_signature=[tf.TensorSpec((1, 3), tf.float32)])
    return bytes(tf.lite.TFLiteConverter.from_concrete_functions([root.get_concrete_function()]).convert())


def write_directory(folder: Path, model: bytes) -> None:
    """Write model, golden archive, card and manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    net = tf.lite.Interpreter(model_content=model)
    net.allocate_tensors()
    source, target = net.get_input_details()[0], net.get_output_details()[0]
    scale, zero = source["quantization"]
    rows, truth = pictures(300, 3)
    stored = np.clip(np.rint(rows / scale) + zero, -128, 127).astype(np.int8)
    outputs = []
    for row in stored:
        net.set_tensor(source["index"], row[None])
        net.invoke()
        outputs.append(net.get_tensor(target["index"])[0])
    given = np.stack(outputs)
    (folder / "model.tflite").write_bytes(model)
    np.savez(folder / "golden.npz", inputs=stored[:12], outputs=given[:12])
    (folder / "card.md").write_text("# stripes\n\nA made-up model for tests, trained on generated pictures.\n")
    right = float((given.argmax(1) == truth).mean())
    manifest = {
        "id": "stripes",
        "version": "1.0.0",
        "task": "face_expression",
        "file": "model.tflite",
        "input": {
            "shape": [1, SIDE, SIDE, 1],
            "dtype": "int8",
            "scale": float(scale),
            "zero_point": int(zero),
            "value_range": [-1.0, 1.0],
            "layout": "NHWC",
            "preprocessing": {
                "kind": "face_crop",
                "size_px": SIDE,
                "side_per_box": 1.17,
                "raise_sides": 0.068,
                "colour": "grey",
                "mean": 127.5,
                "std": 127.5,
            },
        },
        "output": {
            "shape": [1, 3],
            "dtype": "int8",
            "scale": float(target["quantization"][0]),
            "zero_point": int(target["quantization"][1]),
            "kind": "logits",
            "labels": list(LABELS),
        },
        "temperature": 1.5,
        "thresholds": {"unsure_below": 0.5},
        "affect": {"horizontal": [0.8, 0.4], "vertical": [-0.6, 0.7], "plain": [0.0, 0.0]},
        "metrics": [
            {"name": "accuracy", "value": right, "interval_95": None, "n": 300, "data": "generated", "file": None}
        ],
        "size_bytes": len(model),
        "licence": "Apache-2.0",
        "terms": "none",
        "made": "tests/inference/make_models.py",
        "golden": {"file": "golden.npz", "tolerance_lsb": 1},
        "edgetpu": None,
    }
    names = ("model.tflite", "golden.npz", "card.md")
    manifest["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    write_directory(HERE / "stripes" / "1.0.0", int8_model())
    (HERE / "nan.tflite").write_bytes(nan_model())
