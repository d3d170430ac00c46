"""An accelerator is used where it works; whatever goes wrong with it, the model runs on the processor.

The Edge TPU itself is not here: `plugin.py` says what stands in for it.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.coral import edge_tpu_plugged
from robot.config import InferenceSettings
from robot.inference.delegates import EdgeTpu, accelerator_for
from robot.inference.engine import find_engine
from robot.inference.model import Model
from tests.inference.plugin import Plugin, compile_library

NOISE = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Both packages let go of a delegate that was never loaded with an exception that Python then ignores."""


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def edge_tpu(settings, tmp_path, clock):
    """Builds the accelerator of a robot whose Edge TPU runtime is a `Plugin`; every one is closed at the end."""
    made = []

    def make(status: int = 0, plugged=lambda: True, plugin: Plugin | None = None):
        asked = InferenceSettings(interpreter=settings.interpreter, accelerator="auto")
        library = (plugin or Plugin(tmp_path, status)).library
        made.append(accelerator_for(asked, clock, library, plugged))
        return made[-1]

    yield make
    for accelerator in made:
        accelerator.close()


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


def test_cpu_asks_for_no_accelerator(settings, clock):
    assert accelerator_for(settings, clock) is None


@NOISE
def test_without_the_library_there_is_no_delegate_and_it_says_why(settings):
    accelerator = EdgeTpu(find_engine(settings.interpreter).load_delegate, "libnot-there.so.1")

    assert accelerator.delegate() is None
    assert "libnot-there.so.1" in accelerator.missing


@NOISE
def test_without_the_device_there_is_no_delegate(settings, tmp_path):
    plugin = Plugin(tmp_path)
    plugin.absent(True)
    accelerator = EdgeTpu(find_engine(settings.interpreter).load_delegate, plugin.library)

    assert accelerator.delegate() is None
    assert "no device" in accelerator.missing


@NOISE
def test_another_library_gives_no_delegate(settings, tmp_path):
    library = compile_library(tmp_path, "other", "int unrelated(void) { return 0; }\n")

    assert EdgeTpu(find_engine(settings.interpreter).load_delegate, library).delegate() is None


@pytest.mark.parametrize(("how", "state"), [("auto", "off"), ("edgetpu", "lost")])
def test_a_robot_without_an_edge_tpu_runs_on_the_processor_and_starts_no_process(compiled, settings, clock, how, state):
    asked = InferenceSettings(interpreter=settings.interpreter, accelerator=how)
    accelerator = accelerator_for(asked, clock, plugged=lambda: False)
    model = Model.load(compiled, asked, accelerator)

    assert not accelerator.settle(1.0)
    assert (model.runs_on, model.fell_back, accelerator.state) == ("cpu", "no edgetpu found", state)
    assert np.isfinite(model.run(rows(1)[0])).all()
    assert accelerator._starter is None


def test_a_model_without_a_variant_does_not_even_ask(stripes, settings, edge_tpu):
    accelerator = edge_tpu()
    assert Model.load(stripes, settings, accelerator).fell_back == ""
    assert not accelerator.offered
    assert not accelerator.settle(1.0)


def test_a_working_delegate_is_used_and_answers_the_same(compiled, settings, edge_tpu):
    accelerator = edge_tpu()
    plain, fast = Model.load(compiled, settings), Model.load(compiled, settings, accelerator)

    assert accelerator.settle(60.0), accelerator.fault
    assert (fast.runs_on, fast.fell_back, accelerator.state) == ("edgetpu", "", "ok")
    for row in rows(5):
        assert np.abs(fast.run(row) - plain.run(row)).max() <= plain.manifest.output.scale * 1.01
    assert len({fast.run(row).tobytes() for row in rows(5)}) > 1


def test_a_delegate_that_fails_to_take_the_model_leaves_the_processor(compiled, settings, edge_tpu):
    accelerator = edge_tpu(status=1)
    model = Model.load(compiled, settings, accelerator)
    accelerator.settle(60.0)

    assert model.runs_on == "cpu"
    assert model.fell_back
    assert np.isfinite(model.run(rows(1)[0])).all()


def test_a_variant_that_answers_otherwise_leaves_the_processor(compiled, settings, edge_tpu, rewrite):
    variant = bytearray((compiled / "model.tflite").read_bytes())
    bias = variant.find(np.int32(last_bias(settings, compiled)).tobytes())
    variant[bias : bias + 4] = np.int32(1 << 20).tobytes()
    (compiled / "model_edgetpu.tflite").write_bytes(variant)
    rewrite(compiled, rehash=True)
    accelerator = edge_tpu()

    model = Model.load(compiled, settings, accelerator)

    assert accelerator.settle(60.0), "the device itself is in order"
    assert model.runs_on == "cpu"
    assert "golden test" in model.fell_back
    assert np.isfinite(model.run(rows(1)[0])).all()


def test_a_variant_that_is_no_model_leaves_the_processor(compiled, settings, edge_tpu, rewrite):
    (compiled / "model_edgetpu.tflite").write_bytes(b"not a model")
    rewrite(compiled, rehash=True)
    accelerator = edge_tpu()

    model = Model.load(compiled, settings, accelerator)
    accelerator.settle(60.0)

    assert (model.runs_on, "not a TFLite model" in model.fell_back) == ("cpu", True)


def last_bias(settings: InferenceSettings, directory: Path) -> int:
    """The first bias of the last layer, to be found in the model's bytes."""
    engine = find_engine(settings.interpreter)
    native = engine.interpreter(model_content=(directory / "model.tflite").read_bytes())
    native.allocate_tensors()
    biases = [d for d in native.get_tensor_details() if d["dtype"] == np.int32 and tuple(d["shape"]) == (3,)]
    return int(native.get_tensor(biases[0]["index"])[0])


@pytest.mark.parametrize(
    ("files", "plugged"),
    [
        ({}, False),
        ({"sys/bus/usb/devices/1-1/idVendor": "1a6e\n", "sys/bus/usb/devices/1-1/idProduct": "089a\n"}, True),
        ({"sys/bus/usb/devices/2-1/idVendor": "18d1\n", "sys/bus/usb/devices/2-1/idProduct": "9302\n"}, True),
        ({"sys/bus/usb/devices/2-1/idVendor": "18d1\n", "sys/bus/usb/devices/2-1/idProduct": "4ee7\n"}, False),
        ({"sys/bus/usb/devices/2-1/idVendor": "18d1\n"}, False),
        ({"dev/apex_0": ""}, True),
    ],
)
def test_an_edge_tpu_is_seen_where_the_kernel_lists_it(tmp_path, files, plugged):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert edge_tpu_plugged(tmp_path) is plugged
