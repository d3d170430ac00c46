"""The text of cards and the log of a run."""

import numpy as np

from robot.evaluation.metrics import Measured
from tools.train import card
from tools.train.runlog import RunLog


def test_a_share_is_said_in_per_cent_with_its_interval():
    assert card.percent(Measured(0.8312, 0.818, 0.8444, 3153)) == "83.1 % (81.8 to 84.4)"


def test_a_table_has_as_many_columns_in_every_line():
    lines = card.table(["a", "b"], [["1", "2"], ["3", "4"]]).splitlines()
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {3}


def test_confusion_shows_recall_and_a_dash_where_there_is_none():
    text = card.confusion_table(np.array([[3, 1], [0, 0]]), ("x", "y"))
    assert "75.0 %" in text
    assert text.splitlines()[-1].endswith("| - |")


def test_prose_joins_lines_but_keeps_paragraphs_and_headings():
    assert card.prose("## Head\n\none\ntwo\n\nthree") == "## Head\n\none two\n\nthree"


def test_a_log_keeps_lines_and_writes_the_head_of_the_curves_once(tmp_path, capsys):
    for epoch in (1, 2):
        RunLog(tmp_path / "run").row({"epoch": epoch, "loss": 0.5 / epoch})
    curves = (tmp_path / "run" / "curves.csv").read_text().split()
    assert curves == ["epoch,loss", "1,0.5", "2,0.25"]
    assert len((tmp_path / "run" / "train.log").read_text().splitlines()) == 2
    assert "loss 0.25" in capsys.readouterr().out
