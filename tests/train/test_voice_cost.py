"""What the tone model costs is told beside voice activity detection."""

import pytest

from tools.train import voice_cost
from tools.train.voice_cost import Cost


def test_the_share_is_features_and_invocations_over_voice_activity():
    cost = Cost(features_ms=0.6, invoke_ms=0.4, voice_activity_ms=4.0)
    assert cost.share == pytest.approx(0.25)
    assert "0.25 times" in cost.told()


def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path, capsys):
    assert voice_cost.main([str(tmp_path / "gone.tflite")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
