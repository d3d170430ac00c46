"""Which operations an Edge TPU would leave to the processor, and the command that lists them."""

import json

import pytest

from robot.cli.main import main
from tests.inference.conftest import DATA

pytest.importorskip("ai_edge_litert", reason="not tested: the schema comes with LiteRT")

from robot.inference.edgetpu_operations import operations, unmapped


def test_an_operation_that_does_not_map_is_named():
    assert unmapped([("CONV_2D", True), ("GELU", True), ("ADD", False)]) == [
        "operation 1 GELU is not in the Edge TPU's list",
        "operation 2 ADD has a tensor that is not an integer of static shape",
    ]


def test_the_models_that_ship_have_nothing_that_would_not_map(capsys):
    assert main(["models", "check-edgetpu"]) == 0
    said = capsys.readouterr().out
    assert "face_expression" in said
    assert "CONV_2D" in said
    assert "only its compiler can say for sure" in said
    assert "_deep" not in said


def test_a_model_made_for_the_processor_says_so_where_it_is_named(capsys):
    assert main(["models", "check-edgetpu", "voice_tone_deep"]) == 1
    assert "has a tensor that is not an integer" in capsys.readouterr().out


def test_a_float_model_does_not_map_and_each_operation_is_named_in_json(capsys):
    float_model = DATA / "nan.tflite"
    assert main(["models", "check-edgetpu", str(float_model), "--json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert 0 < len(result["unmapped"]) <= len(operations(float_model.read_bytes()))


@pytest.mark.parametrize(("content", "says"), [(None, "cannot be read"), (b"no model at all", "not a TFLite model")])
def test_what_is_no_model_is_named(tmp_path, capsys, content, says):
    file = tmp_path / "some.tflite"
    if content is not None:
        file.write_bytes(content)
    assert main(["models", "check-edgetpu", str(file)]) == 2
    assert says in capsys.readouterr().err
