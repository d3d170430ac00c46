"""The expression model beside another file."""

from robot.inference.store import factory_models, find_model
from tools.benchmark import peer


def test_any_file_can_be_the_peer_and_absent_data_is_said(tmp_path, capsys):
    model = find_model("face_expression", factory_models()) / "model.tflite"
    page = tmp_path / "peer.md"
    assert peer.main(["--peer", str(model), "--data", str(tmp_path), "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.count(f"{model.stat().st_size:,}") == 2
    assert "ours by theirs" in text
    assert "data absent" in text
    assert text in capsys.readouterr().out


def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path, capsys):
    broken = tmp_path / "peer.tflite"
    broken.write_bytes(b"nothing of the kind")
    assert peer.main(["--peer", str(broken)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "the peer" in told
