from pathlib import Path

import pytest

from robot.messages import Percept
from robot.mind.vocal_events import with_events
from robot.scenario.percepts import burst
from tools.benchmark.burst_moods import Heard, main, mood_of, page
from tools.train.voice_data import Clip


def clip(event: str, speech_s: float = 2.0, tone: str = "") -> Clip:
    kind = "speech" if tone else "burst"
    return Clip("a.opus", "emogator", "p1", "F", "", kind, tone, event, 1.0, speech_s)


def test_a_sure_laugh_is_named_happy_only_with_its_events() -> None:
    clips, heard = [clip("laugh")], [burst("laugh", 0.95, "sad")]
    rows = [line for line in page(Heard(clips, heard)).splitlines() if line.startswith("| laugh")]
    assert rows[0] == "| laugh, its tone alone | 1 | 0.0 % | 0.0 % | 100.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % |"
    assert rows[1] == "| laugh, with events | 1 | 0.0 % | 100.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % |"


def test_what_the_events_cost_speech_is_said() -> None:
    clips = [clip("none", tone="happy"), clip("none", tone="happy")]
    text = page(Heard(clips, [burst("laugh", 0.05, "happy"), burst("cry", 0.95, "happy")]))
    assert "Of 2 clips of speech the events change the mood that is named in 1 (50.0 %)." in text


def test_a_short_sound_that_is_hardly_known_is_unsure() -> None:
    assert mood_of(clip("laugh", speech_s=0.3), with_events(burst("laugh", 0.5, "sad"))) == "unsure"


def test_a_second_opinion_that_is_sure_tells_a_doubtful_laugh_and_none_changes_nothing() -> None:
    shares = {"none": 0.05, "laugh": 0.95}
    sure = Percept("laugh", 0.95, False, 0.0, 0.0, 1.0, shares, shares)
    clips, doubtful = [clip("laugh"), clip("laugh")], [burst("laugh", 0.4, "sad"), burst("laugh", 0.4, "sad")]
    rows = page(Heard(clips, doubtful, [sure, None])).splitlines()
    told = next(line for line in rows if line.startswith("| laugh, with events and a second opinion"))
    assert told.split("|")[4].strip() == "50.0 %"
    assert mood_of(clips[0], with_events(doubtful[0]), None) == mood_of(clips[0], with_events(doubtful[0]))


def test_without_answers_one_line_says_what_makes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    assert main(["--voice-run", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("not measured: data absent")
