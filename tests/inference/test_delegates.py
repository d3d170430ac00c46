"""An accelerator is used where it works; whatever goes wrong with it, the model runs on the processor.

The Edge TPU itself is not here: small shared libraries with the entry points of its runtime stand in for it, loaded by
the real interpreter. They show what the robot does, not that a Coral works.
"""

import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from robot.config import InferenceSettings
from robot.errors import InferenceError
from robot.inference.bounded import call_within
from robot.inference.delegates import EdgeTpu, accelerator_for
from robot.inference.engine import find_engine
from robot.inference.model import Model

PLUGIN = """
#include <stdint.h>
#include <stdlib.h>
typedef struct Delegate {{  /* TfLiteDelegate, tensorflow/lite/core/c/common.h */
  void *data; int (*prepare)(void *, struct Delegate *); void *from, *to, *free; int64_t flags; void *builder;
}} Delegate;
static int prepare(void *context, Delegate *self) {{ return {status}; }}
void *tflite_plugin_create_delegate(char **keys, char **values, size_t n, void (*report)(const char *)) {{
  if ({absent}) {{ report("no device"); return NULL; }}
  Delegate *made = calloc(1, sizeof(Delegate)); made->prepare = prepare; return made;
}}
void tflite_plugin_destroy_delegate(void *made) {{ free(made); }}
"""
NOISE = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Both packages let go of a delegate that was never loaded with an exception that Python then ignores."""


def build(folder: Path, name: str, source: str) -> str:
    """Compile a shared library; skipped where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("not tested: no C compiler")
    path = folder / f"{name}.so"
    (folder / f"{name}.c").write_text(source)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", path, folder / f"{name}.c"], check=True)
    return str(path)


@pytest.fixture
def edge_tpu(settings, tmp_path):
    """Builds an `EdgeTpu` whose library behaves as told."""

    def make(status: int = 0, absent: int = 0) -> EdgeTpu:
        library = build(tmp_path, f"plugin_{status}_{absent}", PLUGIN.format(status=status, absent=absent))
        return EdgeTpu(find_engine(settings.interpreter).load_delegate, library)

    return make


@pytest.fixture
def compiled(stripes, rewrite) -> Path:
    """The model directory with a variant for the accelerator (the same model: these plug-ins take no operator)."""
    shutil.copy(stripes / "model.tflite", stripes / "model_edgetpu.tflite")

    def add(manifest):
        manifest["edgetpu"] = {"file": "model_edgetpu.tflite"}
        manifest["sha256"]["model_edgetpu.tflite"] = manifest["sha256"]["model.tflite"]

    rewrite(stripes, add)
    return stripes


def rows(count: int) -> np.ndarray:
    return np.random.default_rng(3).integers(-128, 128, (count, 12, 12, 1)).astype(np.int8)


def test_cpu_asks_for_no_accelerator(settings):
    assert accelerator_for(settings) is None


@NOISE
def test_without_the_library_there_is_no_delegate_and_it_says_why(settings):
    accelerator = EdgeTpu(find_engine(settings.interpreter).load_delegate, "libnot-there.so.1")

    assert accelerator.delegate() is None
    assert "libnot-there.so.1" in accelerator.missing


@NOISE
def test_without_the_device_there_is_no_delegate(edge_tpu):
    accelerator = edge_tpu(absent=1)

    assert accelerator.delegate() is None
    assert accelerator.missing


@NOISE
def test_another_library_gives_no_delegate(settings, tmp_path):
    library = build(tmp_path, "other", "int unrelated(void) { return 0; }\n")

    assert EdgeTpu(find_engine(settings.interpreter).load_delegate, library).delegate() is None


@NOISE
@pytest.mark.parametrize("how", ["auto", "edgetpu"])
def test_a_robot_without_an_edge_tpu_runs_on_the_processor(compiled, settings, how):
    asked = InferenceSettings(interpreter=settings.interpreter, accelerator=how)
    accelerator = accelerator_for(asked)
    assert accelerator is not None

    model = Model.load(compiled, asked, accelerator)

    assert (model.runs_on, model.fell_back) == ("cpu", "no edgetpu found")
    assert np.isfinite(model.run(rows(1)[0])).all()


def test_a_model_without_a_variant_does_not_even_ask(stripes, settings):
    class Untouched:
        name = "edgetpu"

        def delegate(self):
            raise AssertionError("asked for a delegate")

    assert Model.load(stripes, settings, Untouched()).fell_back == "no model for it"


def test_a_working_delegate_is_used_and_answers_the_same(compiled, settings, edge_tpu):
    plain, fast = Model.load(compiled, settings), Model.load(compiled, settings, edge_tpu())

    assert (fast.runs_on, fast.fell_back) == ("edgetpu", "")
    for row in rows(5):
        assert np.abs(fast.run(row) - plain.run(row)).max() <= plain.manifest.output.scale * 1.01


def test_a_delegate_that_fails_to_take_the_model_leaves_the_processor(compiled, settings, edge_tpu):
    model = Model.load(compiled, settings, edge_tpu(status=1))

    assert model.runs_on == "cpu"
    assert model.fell_back
    assert np.isfinite(model.run(rows(1)[0])).all()


def test_a_variant_that_answers_otherwise_leaves_the_processor(compiled, settings, edge_tpu, rewrite):
    variant = bytearray((compiled / "model.tflite").read_bytes())
    bias = variant.find(np.int32(last_bias(settings, compiled)).tobytes())
    variant[bias : bias + 4] = np.int32(1 << 20).tobytes()
    (compiled / "model_edgetpu.tflite").write_bytes(variant)
    rewrite(compiled, rehash=True)

    model = Model.load(compiled, settings, edge_tpu())

    assert model.runs_on == "cpu"
    assert "golden test" in model.fell_back


def test_a_variant_that_is_no_model_leaves_the_processor(compiled, settings, edge_tpu, rewrite):
    (compiled / "model_edgetpu.tflite").write_bytes(b"not a model")
    rewrite(compiled, rehash=True)

    model = Model.load(compiled, settings, edge_tpu())

    assert (model.runs_on, "not a TFLite model" in model.fell_back) == ("cpu", True)


def last_bias(settings: InferenceSettings, directory: Path) -> int:
    """The first bias of the last layer, to be found in the model's bytes."""
    engine = find_engine(settings.interpreter)
    native = engine.interpreter(model_content=(directory / "model.tflite").read_bytes())
    native.allocate_tensors()
    biases = [d for d in native.get_tensor_details() if d["dtype"] == np.int32 and tuple(d["shape"]) == (3,)]
    return int(native.get_tensor(biases[0]["index"])[0])


class Vanished:
    """An interpreter whose device has gone."""

    def run(self, *arrays):
        raise InferenceError("usb device gone")


class Hanging:
    """An interpreter whose device never answers, until the test lets it."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def run(self, *arrays):
        self.let_go.wait()
        return arrays


def test_a_device_that_vanishes_while_running_costs_not_one_answer(compiled, settings, edge_tpu):
    model, plain = Model.load(compiled, settings, edge_tpu()), Model.load(compiled, settings)
    model._accelerated = Vanished()

    assert (model.run(rows(1)[0]) == plain.run(rows(1)[0])).all()
    assert (model.runs_on, model.fell_back) == ("cpu", "usb device gone")


def test_a_device_that_hangs_is_left_behind(compiled, settings, edge_tpu, monkeypatch):
    monkeypatch.setattr("robot.inference.model.ACCELERATOR_LIMIT_S", 0.01)
    model, plain = Model.load(compiled, settings, edge_tpu()), Model.load(compiled, settings)
    hanging = Hanging()
    model._accelerated = hanging

    assert (model.run(rows(1)[0]) == plain.run(rows(1)[0])).all()
    assert "did not answer" in model.fell_back
    hanging.let_go.set()


def test_a_call_in_time_gives_its_result_and_a_failed_one_its_error():
    assert call_within(60.0, lambda: 3) == 3
    with pytest.raises(InferenceError, match="bad usb"):
        call_within(60.0, lambda: (_ for _ in ()).throw(OSError("bad usb")))
