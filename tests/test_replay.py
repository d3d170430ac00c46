import msgspec
import pytest

from robot.config import Config
from robot.messages import Health
from robot.mind.persona import PERSONAS
from robot.recording import Recording
from robot.replay import Event, replay
from robot.report import Report
from tests.life.recorded import record_generated


def again(path, tmp_path, config=None):
    """Replay a report into a second report; gives the comparison and the second file."""
    recording = Recording(path)
    copy = tmp_path / "again.jsonl"
    with Report(copy) as report:
        report.write(recording.run)
        comparison = replay(recording, config or recording.run.config, report.write)
    return comparison, copy


def test_the_sample_scene_replays_byte_for_byte(scene_report, tmp_path):
    comparison, copy = again(scene_report, tmp_path)
    assert comparison.identical, (comparison.different, comparison.first_s)
    assert copy.read_bytes() == scene_report.read_bytes()
    assert comparison.same["BodyPose"] == 24 * 50
    assert min(comparison.same[kind] for kind in ("Mood", "Intent", "Reason")) > 5
    assert comparison.lost() == comparison.gained() == []


@pytest.mark.parametrize(("seed", "persona"), [(1, "companion"), (2, "greeter"), (3, "guide")])
def test_a_visit_with_faults_replays_byte_for_byte(seed, persona, tmp_path):
    path = tmp_path / "generated.jsonl"
    record_generated(path, seed, persona)
    recorded = [line.message for line in Recording(path).lines()]
    assert any("lost" in message.parts.values() for message in recorded if isinstance(message, Health))
    comparison, copy = again(path, tmp_path)
    assert comparison.identical, (comparison.different, comparison.first_s)
    assert copy.read_bytes() == path.read_bytes()


def test_another_seed_says_other_words_for_the_same_moods(scene_report, tmp_path):
    recording = Recording(scene_report)
    robot = recording.run.config.robot
    seeds = [msgspec.structs.replace(robot, seed=robot.seed + more) for more in range(1, 4)]
    words = set()
    for other in seeds:
        comparison, _ = again(scene_report, tmp_path, msgspec.structs.replace(recording.run.config, robot=other))
        assert {event.kind for event in (*comparison.lost(), *comparison.gained())} <= {"says"}
        assert comparison.different["Mood"] == 0
        words |= {event.what for event in comparison.gained()}
    assert words


def test_another_persona_shows_what_it_changes_and_nothing_else(scene_report, tmp_path):
    persona = tmp_path / "dim.toml"
    own = Config().robot.persona
    text = (PERSONAS / f"{own}.toml").read_text(encoding="utf-8")
    assert 'light = "warm"' in text
    persona.write_text(text.replace('light = "warm"', 'light = "soft"'), encoding="utf-8")
    config = msgspec.convert(msgspec.to_builtins(Config()) | {"robot": {"persona": str(persona)}}, Config)
    comparison, _ = again(scene_report, tmp_path, config)
    assert [event[1:] for event in comparison.lost()] == [("light", "warm")]
    assert [event[1:] for event in comparison.gained()] == [("light", "soft")]
    assert not comparison.identical
    assert comparison.different["Mood"] == 0
    assert comparison.first_s["Intent"] == comparison.lost()[0].t_s


def test_a_trace_that_was_tampered_with_is_noticed(scene_report, tmp_path):
    lines = scene_report.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if b'"state":"sharing_joy"' in line)
    lines[place] = lines[place].replace(b'"state":"sharing_joy"', b'"state":"calming"')
    path = tmp_path / "tampered.jsonl"
    path.write_bytes(b"".join(lines))
    comparison, _ = again(path, tmp_path)
    assert comparison.different == {"Intent": 1}
    assert Event(comparison.first_s["Intent"], "state", "calming") in comparison.lost()
