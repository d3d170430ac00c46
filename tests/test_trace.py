import stat

import msgspec
import pytest

from robot.chronicle import last_decisions
from robot.config import RobotSettings
from robot.errors import ReportError
from robot.messages import BodyPose, Sighting
from robot.recording import Recording
from robot.trace import MOST_CITED, MOST_MOODS, MOST_REASONS, Trace, forget_trace, may_trace, trace_path


@pytest.fixture
def lived(scene_report, tmp_path):
    """The trace of the sample scene, and the recording it came from."""
    recording = Recording(scene_report)
    path = tmp_path / "state" / "rapport" / "trace.jsonl"
    trace = Trace(path, lambda: recording.run)
    for line in recording.lines():
        trace.note(line.message)
    trace.write()
    return recording, path


def texts(path, last):
    return [link.text for decision in last_decisions(Recording(path), last) for link in decision.links]


def test_the_trace_answers_like_the_whole_report(lived):
    recording, path = lived
    assert texts(path, 4) == texts(recording.path, 4)
    assert "is not in this report" not in str(last_decisions(Recording(path), 4))


def test_the_trace_holds_only_what_chains_need(lived):
    recording, path = lived
    kept = [line.message for line in Recording(path).lines()]
    assert not [message for message in kept if isinstance(message, BodyPose)]
    seen = [line.message for line in recording.lines() if isinstance(line.message, Sighting)]
    assert 0 < len([message for message in kept if isinstance(message, Sighting)]) < len(seen) / 10


def test_the_trace_is_its_owners_only(lived):
    _, path = lived
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["trace.jsonl"]


def test_a_long_life_leaves_a_short_trace(lived, tmp_path):
    recording, _ = lived
    messages = [line.message for line in recording.lines() if not isinstance(line.message, BodyPose)]
    path = tmp_path / "long.jsonl"
    trace = Trace(path, lambda: recording.run)
    for day in range(40):
        for message in messages:
            moved = {"t_s": message.t_s + 30.0 * day}
            if hasattr(message, "id"):
                moved |= {"id": f"{message.id}x{day}"}
            if hasattr(message, "because"):
                moved |= {"because": tuple(f"{link}x{day}" for link in message.because)}
            trace.note(msgspec.structs.replace(message, **moved))
    trace.write()
    assert len(path.read_bytes().splitlines()) <= 1 + MOST_REASONS + MOST_MOODS + MOST_CITED
    assert last_decisions(Recording(path), 1)[0].t_s > 39 * 30.0
    assert "is not in this report" not in str(last_decisions(Recording(path), 10))


def test_it_is_written_now_and_then_while_the_robot_lives(lived, tmp_path):
    recording, _ = lived
    path = tmp_path / "running.jsonl"
    trace = Trace(path, lambda: recording.run)
    written = set()
    for line in recording.lines():
        trace.note(line.message)
        if path.exists():
            written.add(path.stat().st_mtime_ns)
    assert 1 <= len(written) <= 5, "24 s, at most once in 5 s, and only with news"


def test_a_disk_that_fails_costs_only_the_trace(lived, tmp_path):
    recording, _ = lived
    (tmp_path / "file").write_text("")
    trace = Trace(tmp_path / "file" / "trace.jsonl", lambda: recording.run)
    for line in recording.lines():
        trace.note(line.message)
    trace.write()
    assert "file" in trace.fault


@pytest.mark.parametrize(
    ("robot", "may"),
    [
        (RobotSettings(), True),
        (RobotSettings(consent="remember"), True),
        (RobotSettings(consent="presence"), False),
        (RobotSettings(consent="off"), False),
        (RobotSettings(place="workplace"), False),
        (RobotSettings(place="school", consent="remember"), False),
    ],
)
def test_nothing_is_traced_where_feelings_may_not_be_read(robot, may):
    assert may_trace(robot) is may


def test_it_can_be_forgotten(lived):
    _, path = lived
    assert forget_trace(path)
    assert not path.exists()
    assert not forget_trace(path)


def test_what_cannot_be_deleted_is_said(tmp_path):
    folder = tmp_path / "trace.jsonl"
    folder.mkdir()
    with pytest.raises(ReportError, match="delete it by hand"):
        forget_trace(folder)


def test_it_lies_in_memory_and_goes_with_the_robot(lived, monkeypatch, tmp_path):
    recording, _ = lived
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert trace_path() == tmp_path / "rapport" / "trace.jsonl"
    with Trace(trace_path(), lambda: recording.run) as trace:
        trace.write()
        assert trace_path().exists()
    assert not trace_path().exists()
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert trace_path().is_relative_to("/dev/shm")
