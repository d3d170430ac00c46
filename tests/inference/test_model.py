"""A model directory that keeps its contract runs; one that breaks it is refused in one line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from robot.errors import InferenceError, ModelRefused
from robot.inference.interpreter import open_interpreter
from robot.inference.manifest import InputContract, OutputContract
from robot.inference.model import Model, to_real, to_stored

DATA = Path(__file__).resolve().parent / "data"


def stripe_picture(horizontal: bool) -> np.ndarray:
    wave = np.where(np.arange(12) // 2 % 2 == 0, 0.6, -0.6).astype(np.float32)
    picture = np.tile(wave[:, None], (1, 12))
    return (picture if horizontal else picture.T)[..., None]


def test_it_tells_what_it_was_trained_to_tell(stripes, settings):
    model = Model.load(stripes, settings)
    labels = model.manifest.output.labels

    assert labels[int(model.run(stripe_picture(True)).argmax())] == "horizontal"
    assert labels[int(model.run(stripe_picture(False)).argmax())] == "vertical"
    assert labels[int(model.run(np.zeros((12, 12, 1), np.float32)).argmax())] == "plain"
    assert (model.engine, model.runs_on, model.fell_back) == (settings.interpreter, "cpu", "")


def test_logits_are_float32_one_for_each_label(stripes, settings):
    logits = Model.load(stripes, settings).run(stripe_picture(True))

    assert logits.dtype == np.float32
    assert logits.shape == (3,)


def test_real_numbers_and_their_stored_form_give_the_same(stripes, settings):
    model = Model.load(stripes, settings)
    picture = stripe_picture(True)

    stored = to_stored(picture, model.manifest.input)

    assert stored.dtype == np.int8
    assert (model.run(stored) == model.run(picture)).all()
    assert (model.run(picture[np.newaxis]) == model.run(picture)).all()
    assert (model.run(picture.astype(np.float64)) == model.run(picture)).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_input_with_a_hole_is_refused_not_guessed(stripes, settings, bad):
    picture = stripe_picture(True)
    picture[3, 4] = bad

    with pytest.raises(InferenceError, match="finite"):
        Model.load(stripes, settings).run(picture)


@pytest.mark.parametrize(
    "array", [np.zeros((12, 12)), np.zeros((1, 1, 12, 12, 1)), np.zeros((12, 12, 3)), np.zeros((12, 12, 1), np.uint8)]
)
def test_an_input_of_another_shape_or_type_is_refused(stripes, settings, array):
    with pytest.raises(InferenceError, match="input"):
        Model.load(stripes, settings).run(array)


def test_nan_from_a_model_is_an_error_and_not_a_result(stripes, settings):
    model = Model.load(stripes, settings)
    contract = OutputContract((1, 3), "float32", 1.0, 0, "logits", ("a", "b", "c"))
    roots = open_interpreter((DATA / "nan.tflite").read_bytes(), settings)
    raw = roots.run(np.array([[1.0, 4.0, -1.0]], np.float32))[0]

    assert np.isnan(to_real(raw, contract)).any()
    model._processor = StandIn(raw)
    model.manifest = type(model.manifest)(**{**fields(model.manifest), "output": contract})
    with pytest.raises(InferenceError, match="NaN"):
        model.run(stripe_picture(True))


class StandIn:
    """Answers with a recorded output of another model."""

    def __init__(self, raw: np.ndarray) -> None:
        self.engine, self._raw = "litert", raw

    def run(self, *arrays: np.ndarray) -> tuple[np.ndarray]:
        return (self._raw,)


def fields(struct) -> dict[str, object]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_the_recorded_golden_runs_repeat_here(stripes, settings):
    Model.load(stripes, settings).self_test()


def test_a_golden_test_that_fails_refuses_the_model(stripes, settings, rewrite):
    with np.load(stripes / "golden.npz") as archive:
        inputs, outputs = archive["inputs"], archive["outputs"]
    np.savez(stripes / "golden.npz", inputs=inputs, outputs=np.clip(outputs.astype(int) + 9, -128, 127).astype(np.int8))
    rewrite(stripes, rehash=True)

    with pytest.raises(ModelRefused, match="golden test is off by"):
        Model.load(stripes, settings)
    Model.load(stripes, settings, self_test=False)


def test_a_model_that_always_says_the_same_is_refused(stripes, settings, rewrite):
    with np.load(stripes / "golden.npz") as archive:
        inputs, outputs = archive["inputs"], archive["outputs"]
    np.savez(stripes / "golden.npz", inputs=np.stack([inputs[0]] * 4), outputs=np.stack([outputs[0]] * 4))
    rewrite(stripes, rehash=True)

    with pytest.raises(ModelRefused, match="the same to every"):
        Model.load(stripes, settings)


@pytest.mark.parametrize("spoil", ["no archive", "no outputs", "one case", "other shape", "other type", "pickle"])
def test_a_golden_archive_that_is_none_is_refused(stripes, settings, rewrite, spoil):
    path = stripes / "golden.npz"
    with np.load(path) as archive:
        inputs, outputs = archive["inputs"], archive["outputs"]
    if spoil == "no archive":
        path.write_bytes(b"PK but not really")
    elif spoil == "no outputs":
        np.savez(path, inputs=inputs)
    elif spoil == "one case":
        np.savez(path, inputs=inputs[:1], outputs=outputs[:1])
    elif spoil == "other shape":
        np.savez(path, inputs=inputs[:, :6], outputs=outputs)
    elif spoil == "other type":
        np.savez(path, inputs=inputs, outputs=outputs.astype(np.float32))
    else:
        np.savez(path, inputs=np.array([{"a": 1}, None]), outputs=outputs)
    rewrite(stripes, rehash=True)

    with pytest.raises(ModelRefused, match=r"golden\.npz") as refused:
        Model.load(stripes, settings)
    assert "\n" not in str(refused.value)


def wrong_shape(manifest):
    manifest["input"]["shape"] = [1, 24, 24, 1]


def wrong_scale(manifest):
    manifest["input"]["scale"] *= 1.01


def wrong_zero_point(manifest):
    manifest["output"]["zero_point"] += 1


def wrong_type(manifest):
    manifest["input"]["dtype"] = "uint8"


def wrong_labels(manifest):
    manifest["output"]["labels"].append("dots")
    manifest["output"]["shape"] = [1, 4]
    manifest["affect"]["dots"] = [0, 0]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (wrong_shape, "input shape is"),
        (wrong_scale, "input scale is"),
        (wrong_zero_point, "output zero point is"),
        (wrong_type, "input is int8"),
        (wrong_labels, "output shape is"),
    ],
)
def test_a_manifest_that_tells_of_another_model_is_refused(stripes, settings, rewrite, spoil, named):
    rewrite(stripes, spoil)

    with pytest.raises(ModelRefused, match=named) as refused:
        Model.load(stripes, settings)
    assert "model.tflite" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_another_file_with_matching_hashes_is_still_refused(stripes, settings, rewrite):
    (stripes / "model.tflite").write_bytes((stripes / "golden.npz").read_bytes())
    rewrite(stripes, rehash=True)

    with pytest.raises(ModelRefused, match="not a TFLite model"):
        Model.load(stripes, settings)


@pytest.mark.parametrize("bit", [0, 3, 7])
def test_one_flipped_bit_in_the_model_is_refused(stripes, settings, bit):
    content = bytearray((stripes / "model.tflite").read_bytes())
    content[len(content) // 3] ^= 1 << bit
    (stripes / "model.tflite").write_bytes(content)

    with pytest.raises(ModelRefused, match="altered"):
        Model.load(stripes, settings)


@given(
    values=hnp.arrays(np.float32, (1, 5), elements=st.floats(-8, 8, width=32)),
    scale=st.floats(0.001, 0.1),
    zero_point=st.integers(-128, 127),
)
def test_storing_loses_at_most_half_a_step_inside_the_range(values, scale, zero_point):
    contract = InputContract((1, 5), "int8", scale, zero_point, (-1.0, 1.0), "NC", {})

    real = (to_stored(values, contract).astype(np.float64) - zero_point) * scale
    inside = np.clip(values, (-128 - zero_point) * scale, (127 - zero_point) * scale)

    assert np.abs(real - inside).max() <= scale * 0.501 + 1e-5
