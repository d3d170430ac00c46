"""The interpreter is the package asked for, and a package that does not work says how to mend it."""

import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from robot.config import InferenceSettings
from robot.errors import EngineMissing
from robot.inference.engine import find_engine
from robot.inference.interpreter import open_interpreter

MODEL = (Path(__file__).resolve().parent / "data" / "stripes" / "1.0.0" / "model.tflite").read_bytes()


def pretend(monkeypatch, package: str, interpreter: object) -> None:
    """Put a package with this Interpreter where Python will find it."""
    module = types.ModuleType(f"{package}.interpreter")
    module.Interpreter = interpreter
    module.load_delegate = lambda library: None
    monkeypatch.setitem(sys.modules, package, types.ModuleType(package))
    monkeypatch.setitem(sys.modules, f"{package}.interpreter", module)


def remove(monkeypatch, package: str) -> None:
    """Make importing this package fail, as if it were not installed."""
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setitem(sys.modules, f"{package}.interpreter", None)


def test_the_engine_asked_for_is_the_one_that_runs(settings):
    assert find_engine(settings.interpreter).name == settings.interpreter
    assert open_interpreter(MODEL, settings).engine == settings.interpreter


def test_auto_prefers_litert(monkeypatch):
    pretend(monkeypatch, "ai_edge_litert", object)
    pretend(monkeypatch, "tflite_runtime", object)

    assert find_engine("auto").name == "litert"


def test_auto_takes_tflite_where_litert_is_not_installed(monkeypatch):
    remove(monkeypatch, "ai_edge_litert")
    pretend(monkeypatch, "tflite_runtime", object)

    assert find_engine("auto").name == "tflite"


@pytest.mark.parametrize(
    ("choice", "fixes"),
    [("litert", ["ai-edge-litert"]), ("tflite", ["numpy<2"]), ("auto", ["ai-edge-litert", "numpy<2"])],
)
def test_a_missing_engine_names_the_command_that_installs_it(monkeypatch, choice, fixes):
    remove(monkeypatch, "ai_edge_litert")
    remove(monkeypatch, "tflite_runtime")

    with pytest.raises(EngineMissing) as missing:
        find_engine(choice)
    assert all(fix in str(missing.value) for fix in fixes)
    assert "\n" not in str(missing.value)


def test_a_package_that_raises_systemerror_when_built_says_which_numpy_it_needs(monkeypatch):
    def explode(**options):
        raise SystemError("initialization of _pywrap failed\nmore lines")

    pretend(monkeypatch, "tflite_runtime", explode)

    with pytest.raises(EngineMissing, match="numpy<2") as missing:
        open_interpreter(MODEL, InferenceSettings(interpreter="tflite"))
    assert "\n" not in str(missing.value)


@pytest.mark.skipif(
    importlib.util.find_spec("tflite_runtime") is None or np.__version__ < "2",
    reason="not tested: needs tflite_runtime beside NumPy 2",
)
def test_the_real_tflite_runtime_beside_numpy_2_is_explained():
    with pytest.raises(EngineMissing, match="numpy<2"):
        open_interpreter(MODEL, InferenceSettings(interpreter="tflite"))
