import io

import pytest

from robot.cli.status_line import StatusLine
from robot.messages import Health, Hearing, Intent, Mood, Sighting, Utterance


def intent(t_s, state, say=None):
    utterance = Utterance(text=say, language="en", valence=0.0, arousal=0.0) if say else None
    return Intent(
        id="i0", t_s=t_s, state=state, valence=0.0, arousal=0.0, gaze_pan_deg=0.0, gaze_tilt_deg=0.0,
        light="breathe", liveliness=0.5, because=(), say=utterance,
    )  # fmt: skip


def mood(t_s, label, confidence):
    return Mood(
        id="m0", t_s=t_s, label=label, confidence=confidence, valence=0.0, arousal=0.0,
        face_weight=0.0, voice_weight=0.0, because=(),
    )  # fmt: skip


@pytest.fixture
def out():
    return io.StringIO()


def test_a_log_gets_one_line_for_each_new_state_and_each_utterance(out):
    line = StatusLine(out, live=False)
    for message in [
        mood(0.0, "happy", 0.8),
        Sighting(id="s0", t_s=0.0, frame=0, width_px=4, height_px=3, brightness=0.5, faces=()),
        Hearing(id="h0", t_s=0.1, duration_s=0.1, level_dbfs=-31.7, speech_probability=0.9, speaking=True, own_noise=0),
        intent(0.2, "sharing_joy", "How lovely!"),
        intent(0.3, "sharing_joy"),
    ]:
        line.show(message)
    line.close()
    first, second = out.getvalue().splitlines()
    assert " ".join(first.split()) == "0.20 s sharing_joy mood happy 0.80 faces 0 sound -32 dBFS speech"
    assert second.strip() == '0.20 s  says: "How lovely!"'


def test_a_terminal_line_is_rewritten_and_shorter_text_leaves_no_rest(out):
    line = StatusLine(out, live=True)
    line.show(mood(0.0, "surprised", 0.8))
    line.show(mood(0.1, "sad", 0.7))
    line.show(mood(1.0, "sad", 0.7))
    line.close()
    assert out.getvalue().count("\r") == 2, "not more often than five times a second"
    assert out.getvalue().endswith("\n")
    first, second = out.getvalue().strip("\n").split("\r")[1:]
    assert len(second) >= len(first)


def test_what_breaks_and_what_comes_back_is_said(out):
    line = StatusLine(out, live=False)
    line.show(Health(t_s=0.0, parts={"camera": "ok", "microphone": "off"}))
    line.show(Health(t_s=1.0, parts={"camera": "lost", "microphone": "off"}))
    line.show(Health(t_s=2.0, parts={"camera": "ok", "microphone": "off"}))
    lost, back = out.getvalue().splitlines()
    assert "camera lost" in lost
    assert "works again" in back


def test_why_a_part_does_not_work_is_said_once_in_full_and_again_when_it_changes(out):
    why = {"words": "", "fleet": ""}
    line = StatusLine(out, live=True, faults=lambda: why)
    for second in range(8):
        if second == 2:
            why["words"] = "no engine; install one with: pip install " + "x" * 200
        if second == 5:
            why["fleet"] = "no broker at 127.0.0.1:1883"
        line.show(mood(float(second), "sad", 0.7))
    text = out.getvalue()
    assert text.count("words: no engine") == text.count("x" * 200) == text.count("fleet: no broker") == 1
    why["fleet"] = "the broker refuses: Not authorized"
    line.show(mood(9.0, "sad", 0.7))
    assert out.getvalue().count("fleet: ") == 2
