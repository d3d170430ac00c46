"""The page of the conformance suite says what its report says, and what is missing to run it."""

import sys
from pathlib import Path

import pytest

from robot.errors import RapportError
from tools.tuf_conformance import Case, main, page, read_report, run

REPORT = """<testsuites><testsuite>
<testcase classname="tuf_conformance.test_basic" name="test_good"/>
<testcase classname="tuf_conformance.test_basic" name="test_bad"><failure>boom</failure></testcase>
<testcase classname="tuf_conformance.test_keys" name="test_later"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_read_and_every_test_that_did_not_pass_is_named():
    cases = read_report(REPORT)
    assert cases == [
        Case("test_basic::test_good", "passed"),
        Case("test_basic::test_bad", "failed"),
        Case("test_keys::test_later", "skipped"),
    ]
    text = page(cases, 240.0, "eec841c")
    assert "**1 passed, 1 failed, 1 skipped**, of 3; suite at `eec841c`" in text
    assert "| `test_basic` | 1 | 1 | 0 |" in text
    assert "- failed: `test_basic::test_bad`" in text


def test_what_is_missing_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["tuf_conformance", str(tmp_path)])
    assert main() == 2
    assert "no clone of tuf-conformance" in capsys.readouterr().err
    (tmp_path / "tuf_conformance").mkdir()
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(RapportError, match="apt-get install faketime"):
        run(tmp_path)
