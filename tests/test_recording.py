import json

import pytest

from robot.errors import ReportError
from robot.messages import BodyPose, Reason
from robot.recording import LONGEST_LINE, Recording


@pytest.fixture
def damaged(scene_report, tmp_path):
    """Writes the first lines of a real report, changed by a function over their list."""

    def write(change, count=200):
        lines = scene_report.read_bytes().splitlines(keepends=True)[:count]
        path = tmp_path / "damaged.jsonl"
        path.write_bytes(b"".join(change(lines)))
        return path

    return write


def read(path):
    return list(Recording(path).moments())


def test_a_report_is_read_back_line_by_line_and_step_by_step(scene_report):
    recording = Recording(scene_report)
    assert recording.run.camera == "scene"
    raw = scene_report.read_bytes().splitlines()
    assert [line.raw for line in recording.lines()] == raw[1:]
    moments = list(recording.moments())
    assert [line.raw for moment in moments for line in moment.lines] == raw[1:]
    assert len(moments) == 24 * 50
    assert all(sum(isinstance(line.message, BodyPose) for line in moment.lines) == 1 for moment in moments)
    assert moments[0].parts["camera"] == "ok"
    assert moments[1].parts is None
    assert any(moment.sighting and moment.sighting.faces for moment in moments)
    assert isinstance(moments[0].lines[-1].message, Reason), "reasons belong to the step that made them"


def test_no_report_at_all_is_one_clear_line(tmp_path):
    with pytest.raises(ReportError, match=r"absent\.jsonl: cannot read the report"):
        Recording(tmp_path / "absent.jsonl")
    for name, content in [
        ("empty", b""),
        ("text", b"hello\n"),
        ("other", b'{"type":"Mood"}\n'),
        ("binary", b"\xff\xfe"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ReportError, match="no report of a run"):
            Recording(tmp_path / name)


def test_a_damaged_line_is_named(damaged):
    path = damaged(lambda lines: [*lines[:9], lines[9].replace(b'"t_s":', b'"t_s":x', 1), *lines[10:]])
    with pytest.raises(ReportError, match=r"line 10: .*damaged"):
        read(path)
    unknown = damaged(lambda lines: [*lines[:4], b'{"type":"Thought","t_s":1.0}\n', *lines[4:]])
    with pytest.raises(ReportError, match=r"line 5: .*damaged"):
        read(unknown)


def test_a_report_that_was_cut_off_says_where(damaged):
    with pytest.raises(ReportError, match="line 200: cut off"):
        read(damaged(lambda lines: [*lines[:-1], lines[-1][: len(lines[-1]) // 2]]))

    def up_to_a_sighting(lines):
        last = max(number for number, line in enumerate(lines) if b'"type":"Sighting"' in line)
        return lines[: last + 1]

    with pytest.raises(ReportError, match="in the middle of a step"):
        read(damaged(up_to_a_sighting))


def test_a_report_of_the_future_is_refused(damaged):
    def from_the_future(lines):
        run = json.loads(lines[0])
        run["version"] = "99.1.0"
        return [json.dumps(run).encode() + b"\n", *lines[1:]]

    with pytest.raises(ReportError, match=r"written by rapport 99\.1\.0, and this is .*update"):
        Recording(damaged(from_the_future))


def test_a_run_with_settings_that_no_robot_has_is_refused(damaged):
    with pytest.raises(ReportError, match=r"line 1: .*damaged"):
        Recording(damaged(lambda lines: [lines[0].replace(b'"home"', b'"moon"'), *lines[1:]]))
    with pytest.raises(ReportError, match="version 'new' is none"):
        Recording(damaged(lambda lines: [lines[0].replace(b'"version":"0', b'"version":"new","v":"0'), *lines[1:]]))


def test_a_line_without_end_is_not_swallowed_whole(damaged):
    path = damaged(lambda lines: [*lines[:3], b"[" * (LONGEST_LINE + 10)])
    with pytest.raises(ReportError, match="longer than 1 MiB"):
        read(path)
