"""The page of results says what the run and the manifest say."""

import json

from tools.train import report


def write_run(folder, epochs=30):
    run, model = folder / "run", folder / "model"
    run.mkdir()
    model.mkdir()
    rows = "\n".join(f"{epoch},{1 / epoch:.3f}" for epoch in range(1, epochs + 1))
    (run / "curves.csv").write_text(f"epoch,loss\n{rows}\n")
    figure = {
        "name": "accuracy",
        "value": 0.83,
        "interval_95": [0.81, 0.85],
        "n": 99,
        "data": "made up",
        "file": "int8",
    }
    (model / "manifest.json").write_text(
        json.dumps(
            {
                "id": "face_expression",
                "task": "face_expression",
                "version": "0.1.0",
                "made": "2026-01-01",
                "size_bytes": 1234,
                "temperature": 0.9,
                "thresholds": {"unsure_below": 0.5},
                "metrics": [figure],
            }
        )
    )
    return run, model


def test_the_page_holds_figures_note_and_the_last_epoch(tmp_path):
    run, model = write_run(tmp_path)
    page = tmp_path / "docs" / "page.md"
    assert report.main([str(run), str(model), str(page), "--note", "Stopped once."]) == 0
    text = page.read_text()
    assert "83.0 % (81.0 to 85.0)" in text
    assert "Stopped once." in text
    assert "| 30 | 0.033 |" in text


def test_a_long_curve_is_shown_in_about_a_dozen_rows(tmp_path):
    run, _ = write_run(tmp_path, epochs=100)
    assert len(report.curve_table(run / "curves.csv").splitlines()) <= 16


def test_a_missing_run_is_one_clear_line(tmp_path, capsys):
    assert report.main([str(tmp_path), str(tmp_path), str(tmp_path / "p.md")]) == 2
    assert "cannot read" in capsys.readouterr().err


def test_of_several_runs_the_last_epoch_of_each_is_shown(tmp_path):
    run, model = write_run(tmp_path)
    (run / "curves.csv").unlink()
    for name, head, row in (("all", "epoch,loss", "20,2.1"), ("speakers0", "epoch,loss,held_out_recall", "20,2.2,0.6")):
        folder = run / "seed0" / name
        folder.mkdir(parents=True)
        (folder / "curves.csv").write_text(f"{head}\n{row}\n")
    page = tmp_path / "page.md"
    assert report.main([str(run), str(model), str(page)]) == 0
    text = page.read_text()
    assert "| run | epoch | loss | held out recall |" in text
    assert "| seed0/all | 20 | 2.1 | - |" in text
    assert "| seed0/speakers0 | 20 | 2.2 | 0.6 |" in text


def test_the_note_of_a_page_is_kept_when_it_is_written_again(tmp_path):
    run, model = write_run(tmp_path)
    page = tmp_path / "page.md"
    note = "Stopped once.\n\n## What was tried\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert report.main([str(run), str(model), str(page), "--note", note]) == 0
    first = page.read_text()
    assert report.main([str(run), str(model), str(page)]) == 0
    assert page.read_text() == first
    assert note in first


def test_a_page_names_the_command_that_makes_the_model(tmp_path):
    run, model = write_run(tmp_path)
    assert "`python -m tools.train.face_expression`" in report.page(run, model, "")
    manifest = json.loads((model / "manifest.json").read_text()) | {"id": "voice_tone_open", "task": "voice_tone"}
    (model / "manifest.json").write_text(json.dumps(manifest))
    assert "`python -m tools.train.voice_tone --open`" in report.page(run, model, "")
