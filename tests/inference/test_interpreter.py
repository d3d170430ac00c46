"""A model built from bytes runs, on either package; what is no model is refused."""

from pathlib import Path

import numpy as np
import pytest

from robot.errors import InferenceError, ModelRefused
from robot.inference.interpreter import open_interpreter

DATA = Path(__file__).resolve().parent / "data"
MODEL = (DATA / "stripes" / "1.0.0" / "model.tflite").read_bytes()


def test_the_tensors_are_described(settings):
    interpreter = open_interpreter(MODEL, settings)

    assert [(t.shape, t.dtype) for t in interpreter.inputs] == [((1, 12, 12, 1), "int8")]
    assert [(t.shape, t.dtype) for t in interpreter.outputs] == [((1, 3), "int8")]
    assert interpreter.inputs[0].scale == pytest.approx(2 / 255, rel=1e-3)
    assert interpreter.inputs[0].zero_point == -1


def test_the_answer_depends_on_the_input_and_only_on_it(settings):
    interpreter = open_interpreter(MODEL, settings)
    rng = np.random.default_rng(5)
    inputs = rng.integers(-128, 128, (6, 1, 12, 12, 1)).astype(np.int8)

    first = [interpreter.run(row)[0] for row in inputs]
    again = [interpreter.run(row)[0] for row in inputs]

    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert len({row.tobytes() for row in first}) > 1


def test_an_answer_is_not_overwritten_by_the_next_run(settings):
    interpreter = open_interpreter(MODEL, settings)
    kept = interpreter.run(np.full((1, 12, 12, 1), -128, np.int8))[0]
    before = kept.copy()

    interpreter.run(np.random.default_rng(1).integers(-128, 128, (1, 12, 12, 1)).astype(np.int8))

    assert (kept == before).all()


def test_threads_do_not_change_the_answer(settings):
    more = type(settings)(interpreter=settings.interpreter, threads=2)
    row = np.random.default_rng(2).integers(-128, 128, (1, 12, 12, 1)).astype(np.int8)

    one, two = open_interpreter(MODEL, settings).run(row)[0], open_interpreter(MODEL, more).run(row)[0]

    assert (np.abs(one.astype(int) - two.astype(int)) <= 1).all()


@pytest.mark.parametrize("array", [np.zeros((12, 12, 1), np.int8), np.zeros((1, 12, 12, 1), np.float32)])
def test_an_array_that_does_not_fit_is_refused(settings, array):
    with pytest.raises(InferenceError, match="the model takes int8"):
        open_interpreter(MODEL, settings).run(array)


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 4096, MODEL[:20], b"\xff\xff\xff\xffTFL3" + MODEL[8:]])
def test_what_is_no_model_is_refused_in_one_line(settings, content):
    with pytest.raises(ModelRefused, match=r"thing\.tflite") as refused:
        open_interpreter(content, settings, "thing.tflite").run_zeros()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("left", [0.3, 0.6, 0.9])
def test_litert_refuses_a_model_cut_short(settings, left):
    if settings.interpreter == "tflite":
        pytest.skip("not tested: tflite-runtime crashes on a damaged model; only the hashes keep it from one")
    with pytest.raises(ModelRefused):
        open_interpreter(MODEL[: int(left * len(MODEL))], settings).run_zeros()
