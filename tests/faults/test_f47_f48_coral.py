"""Faults 47 and 48: a Coral that is unplugged, hangs, crashes, or is found late. The robot goes on at once.

No Coral and no libedgetpu are here. A library with the same entry points stands in for them, loaded by the real
interpreter in the real second process (tests/inference/plugin.py). A process that is stopped (SIGSTOP) stands for a run
that never returns, one that is killed for a runtime that crashes.
"""

import os
import shutil
import signal

import numpy as np
import pytest

from hardware.clock import SteppedClock
from robot.config import InferenceSettings
from robot.inference import coprocess
from robot.inference.coprocess import LONGEST_RETRY_S, LOOK_EVERY_S
from robot.inference.delegates import accelerator_for
from robot.inference.model import Model
from tests.inference.conftest import DATA
from tests.inference.plugin import Plugin

SETTINGS = InferenceSettings(accelerator="auto")


class Usb:
    """A port that a test pulls and plugs."""

    plugged = True

    def __call__(self):
        return self.plugged


@pytest.fixture
def usb():
    return Usb()


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def plugin(tmp_path):
    return Plugin(tmp_path)


@pytest.fixture
def accelerator(plugin, usb, clock):
    made = accelerator_for(SETTINGS, clock, plugin.library, usb)
    yield made
    made.close()


@pytest.fixture
def model(tmp_path, accelerator):
    return Model.load(with_variant(tmp_path), SETTINGS, accelerator)


def with_variant(tmp_path):
    """A model whose manifest has a variant for the accelerator, the same file: the stand-in takes no operator."""
    directory = tmp_path / "stripes"
    shutil.copytree(DATA / "stripes" / "1.0.0", directory)
    shutil.copy(directory / "model.tflite", directory / "model_edgetpu.tflite")
    text = (directory / "manifest.json").read_text()
    sha256 = text.partition('"model.tflite": "')[2][:64]
    text = text.replace('"sha256": {', f'"edgetpu": {{"file": "model_edgetpu.tflite"}}, "sha256": {{'
                        f'"model_edgetpu.tflite": "{sha256}",')  # fmt: skip
    (directory / "manifest.json").write_text(text)
    return directory


def row():
    return np.random.default_rng(3).integers(-128, 128, (12, 12, 1)).astype(np.int8)


def process_id(accelerator):
    return accelerator._process._popen.pid


def test_f47_a_coral_that_hangs_in_a_run_costs_one_answer_a_second_and_is_killed(accelerator, model, clock):
    assert accelerator.settle(60.0), accelerator.fault
    expected = model.run(row())
    hung = process_id(accelerator)
    os.kill(hung, signal.SIGSTOP)

    assert coprocess.RUN_LIMIT_S < 2.0
    assert (model.run(row()) == expected).all()
    assert (model.runs_on, accelerator.state, accelerator.losses) == ("cpu", "lost", 1)
    assert "did not answer within 1 s" in model.fell_back
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)

    clock.wait_s(2.1)
    assert accelerator.settle(60.0), "and it is taken back"
    assert (model.run(row()) == expected).all()
    assert model.runs_on == "edgetpu"


def test_f47_a_runtime_that_crashes_takes_only_its_own_process_along(accelerator, model):
    assert accelerator.settle(60.0), accelerator.fault
    expected = model.run(row())
    os.kill(process_id(accelerator), signal.SIGSEGV)

    for _ in range(3):
        assert (model.run(row()) == expected).all()
    assert (model.runs_on, "its process ended" in model.fell_back) == ("cpu", True)


def test_f47_a_coral_that_hangs_while_it_is_loaded_holds_nobody_up(accelerator, model, plugin, clock, monkeypatch):
    monkeypatch.setattr(coprocess, "LOAD_LIMIT_S", 0.3)
    plugin.hangs(True)

    assert not accelerator.settle(60.0)
    assert "did not answer within 0.3 s" in accelerator.fault
    assert np.isfinite(model.run(row())).all()

    monkeypatch.setattr(coprocess, "LOAD_LIMIT_S", 60.0)
    plugin.hangs(False)
    clock.wait_s(2.1)
    assert accelerator.settle(60.0), accelerator.fault


def test_f47_tries_come_ever_later_while_it_fails_and_soon_again_after_it_was_away(
    accelerator, model, plugin, usb, clock
):
    plugin.absent(True)
    accelerator.settle(60.0)
    gaps = []
    for _ in range(8):
        began_s, before = clock.now_s(), accelerator._starter
        while accelerator._starter is before:
            clock.wait_s(0.5)
            model.run(row())
        accelerator._starter.join(60.0)
        gaps.append(clock.now_s() - began_s)
    assert gaps == sorted(gaps)
    assert gaps[0] == pytest.approx(2.0, abs=0.6)
    assert gaps[-1] == pytest.approx(LONGEST_RETRY_S, abs=0.6)
    assert "no device" in accelerator.fault

    usb.plugged = False
    clock.wait_s(LONGEST_RETRY_S)
    model.run(row())
    usb.plugged = True
    plugin.absent(False)
    clock.wait_s(LOOK_EVERY_S)
    assert accelerator.settle(60.0), "plugged in anew, it is not made to wait"


def test_f48_a_coral_that_is_found_late_is_taken_without_a_restart(accelerator, model, usb, clock):
    usb.plugged = False
    expected = model.run(row())
    assert (model.runs_on, model.fell_back) == ("cpu", "no edgetpu found")

    usb.plugged = True
    clock.wait_s(LOOK_EVERY_S)
    assert (model.run(row()) == expected).all(), "the processor answers while it starts"
    assert accelerator.settle(60.0), accelerator.fault
    assert (model.run(row()) == expected).all()
    assert (model.runs_on, accelerator.state) == ("edgetpu", "ok")


def test_f48_two_models_share_the_one_process_that_a_coral_can_have(accelerator, model, tmp_path):
    other = Model.load(with_variant(tmp_path / "other"), SETTINGS, accelerator)
    other._key, before = "another model", other._key
    accelerator.offer("another model", accelerator._offers[before].model, other._wrong_by)

    assert accelerator.settle(60.0), accelerator.fault
    assert (model.run(row()) == other.run(row())).all()
    assert model.runs_on == other.runs_on == "edgetpu"


def test_f47_closing_ends_the_process(accelerator, model):
    assert accelerator.settle(60.0), accelerator.fault
    number = process_id(accelerator)
    accelerator.close()
    accelerator.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert np.isfinite(model.run(row())).all()
    assert not accelerator.settle(1.0), "what is closed does not start again"
