"""The main job, end to end, on real pictures and real voices: percept to mood to state to word, with reasons."""

import csv
import json

import pytest

from robot.cli.main import main
from tests.life.scenes import film, sound_track

pytestmark = pytest.mark.data


def lived(tmp_path, *arguments):
    """Run the robot on files as fast as it can; returns the messages of its report by type."""
    report = tmp_path / "report.jsonl"
    assert main(["run", "--pace", "max", "--quiet", "--report", str(report), *arguments]) == 0
    messages = {}
    for line in report.read_text().splitlines():
        message = json.loads(line)
        messages.setdefault(message["type"], []).append(message)
    return messages


def states(messages):
    """The states the behaviour went through, in order, each once."""
    path = []
    for intent in messages["Intent"]:
        if not path or path[-1] != intent["state"]:
            path.append(intent["state"])
    return path


def chain(messages, first):
    """Every id that stands behind the message `first`, found by following `because` back."""
    known = {message["id"]: message for kind in messages.values() for message in kind if "id" in message}
    found, todo = set(), [first]
    while todo:
        message_id = todo.pop()
        if message_id in found:
            continue
        found.add(message_id)
        todo.extend(known.get(message_id, {}).get("because", ()))
    return found


def voices(data, dataset, emotion, limit, **wanted):
    with (data / "voice" / "voice.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == dataset and row["emotion"] == emotion]
    rows = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return [data / "voice" / row["file"] for row in rows[:limit]]


def test_a_smiling_face_makes_it_happy_and_when_it_leaves_it_says_goodbye(tmp_path, labelled_data):
    smile = labelled_data / "face" / "photos" / "london_002_smile.jpg"
    visit = film(tmp_path / "visit.mp4", [(None, 1.0), (smile, 6.0), (None, 6.0)])
    messages = lived(tmp_path, "--camera", f"file:{visit}")
    path = states(messages)
    assert path.index("sharing_joy") < path.index("parting")
    assert "happy" in {mood["label"] for mood in messages["Mood"]}
    joy = next(intent for intent in messages["Intent"] if intent["state"] == "sharing_joy")
    assert joy["valence"] > 0.3
    assert any(message_id.startswith("s") for message_id in chain(messages, joy["id"])), (
        "its reasons lead to a sighting"
    )
    farewell = next(intent for intent in messages["Intent"] if intent["state"] == "parting")
    assert farewell["say"]["text"]


def test_an_angry_voice_calms_it_down(tmp_path, labelled_data):
    clips = voices(labelled_data, "emodb", "angry", 4)
    assert clips
    track = sound_track(tmp_path / "angry.wav", [(None, 1.0), *((clip, 0) for clip in clips), (None, 3.0)])
    messages = lived(tmp_path, "--microphone", f"file:{track}")
    assert "calming" in states(messages)
    calming = next(intent for intent in messages["Intent"] if intent["state"] == "calming")
    assert calming["arousal"] <= 0.0, "it answers anger with calm"
    assert any(message_id.startswith("h") for message_id in chain(messages, calming["id"])), (
        "its reasons lead to a voice"
    )


def test_a_calm_face_is_not_called_a_strong_feeling(tmp_path, labelled_data):
    neutral = labelled_data / "face" / "photos" / "london_002_neutral.jpg"
    visit = film(tmp_path / "visit.mp4", [(neutral, 6.0)])
    messages = lived(tmp_path, "--camera", f"file:{visit}")
    assert {mood["label"] for mood in messages["Mood"]} <= {"unsure", "neutral"}
    assert "sharing_joy" not in states(messages)


def test_an_empty_room_and_everyday_noise_wake_no_feeling(tmp_path, labelled_data):
    room = film(tmp_path / "room.mp4", [(None, 8.0)])
    noises = sorted((labelled_data / "voice" / "noise_esc10").glob("*"))[:2]
    track = sound_track(tmp_path / "noise.wav", [(noise, 0) for noise in noises])
    messages = lived(tmp_path, "--camera", f"file:{room}", "--microphone", f"file:{track}")
    assert {mood["label"] for mood in messages["Mood"]} == {"unsure"}
    assert not {"sharing_joy", "comforting", "calming"} & set(states(messages))


def test_real_clips_of_people_are_lived_through(tmp_path, labelled_data):
    clip = labelled_data / "face" / "videos" / "intel_head-pose-face-detection-female.gif"
    messages = lived(tmp_path, "--camera", f"file:{clip}")
    with_face = [sighting for sighting in messages["Sighting"] if sighting["faces"]]
    assert len(with_face) > 0.8 * len(messages["Sighting"])
    assert "parting" in states(messages)


def test_the_same_files_and_seed_give_the_same_report_byte_for_byte(tmp_path, labelled_data):
    smile = labelled_data / "face" / "photos" / "london_003_smile.jpg"
    visit = film(tmp_path / "visit.mp4", [(smile, 3.0), (None, 1.0)])
    clip = voices(labelled_data, "emodb", "happy", 1)
    track = sound_track(tmp_path / "voice.wav", [(None, 0.5), (clip[0], 0)])
    reports = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        lived(tmp_path / name, "--camera", f"file:{visit}", "--microphone", f"file:{track}", "--seed", "5")
        reports.append((tmp_path / name / "report.jsonl").read_bytes())
    assert reports[0] == reports[1]
    assert len(reports[0].splitlines()) > 100
