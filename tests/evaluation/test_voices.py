"""Labelled voices: every clip is heard by the robot's own ear, and a bad one costs only itself."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from hardware.ports import SAMPLE_RATE_HZ
from hardware.virtual.sound_file import read_sound_file
from robot.cli.main import main
from robot.errors import EvaluationError
from robot.evaluation.answers import Answers
from robot.evaluation.views import views_of
from robot.evaluation.voices import Judged, read_clips
from robot.simulator import sample_scene

SPEECH = next(Path(sample_scene.__file__).parent.joinpath("sample").glob("*.ogg"))
HEADER = "file,dataset,speaker,sex,language,emotion,coarse"


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = SAMPLE_RATE_HZ, channels: int = 1) -> None:
    frames = np.repeat(np.asarray(np.clip(samples, -1, 1) * 32767, "<i2")[:, None], channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(frames.tobytes())


def listed(folder: Path, *rows: str, header: str = HEADER) -> Path:
    (folder / "voice.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return read_sound_file(SPEECH).samples[: 4 * SAMPLE_RATE_HZ]


def test_a_bad_clip_costs_only_itself(tmp_path: Path, speech: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    write_wav(tmp_path / "plain.wav", speech)
    write_wav(tmp_path / "telephone.wav", speech[::2], rate_hz=8_000)
    write_wav(tmp_path / "stereo.wav", np.repeat(speech, 3), rate_hz=44_100, channels=2)
    write_wav(tmp_path / "clipping.wav", speech * 40)
    write_wav(tmp_path / "short.wav", speech[:1_600])
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("this is no sound")
    names = ("plain", "telephone", "stereo", "clipping", "short", "empty", "text", "gone")
    rows = [f"{name}.wav,mine,anna,F,en,neutral,neutral" for name in names]
    listed(tmp_path, *rows, "plain.wav,mine,anna,F,en,proud,")
    assert main(["models", "evaluate", "voice_tone", "--data", str(tmp_path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["figures"]["n"] == 4
    assert shown["left_out"] == {
        "too little speech to judge": 1,
        "unreadable or empty": 3,
        "no tone that the model knows": 1,
    }


def test_a_file_of_many_minutes_is_left_out_and_said(
    tmp_path: Path, speech: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wav(tmp_path / "long.wav", np.zeros(8_000 * 601, np.float32), rate_hz=8_000)
    write_wav(tmp_path / "plain.wav", speech)
    listed(tmp_path, "long.wav,mine,anna,F,en,sad,sad", "plain.wav,mine,anna,F,en,sad,sad")
    assert main(["models", "evaluate", "voice_tone", "--data", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["left_out"] == {"longer than 10 minutes": 1}


def fine_answers(truth: list[str], said: list[str], sets: list[str]) -> Answers:
    labels = ("neutral", "calm", "happy", "sad", "angry", "disgust")
    shares = np.full((len(said), len(labels)), 0.02)
    shares[np.arange(len(said)), [labels.index(name) for name in said]] = 0.9
    numbers = np.array([labels.index(name) for name in truth])
    return Answers(labels, numbers, shares, np.zeros(len(said), bool), {"data set": np.array(sets)})


def test_a_calm_answer_is_right_among_four_tones_where_the_clip_is_neutral() -> None:
    answers = fine_answers(["neutral", "sad", "disgust"], ["calm", "sad", "disgust"], ["a", "a", "a"])
    (coarse,) = [view for view in views_of(Judged(answers, None, {})).values() if len(view.labels) == 4]
    assert len(coarse) == 2
    assert coarse.truth.tolist() == coarse.probabilities.argmax(axis=1).tolist() == [0, 2]


def test_a_tone_that_the_data_set_does_not_have_is_no_answer_in_its_own_view() -> None:
    answers = fine_answers(["neutral", "sad", "disgust"], ["disgust", "sad", "disgust"], ["a", "a", "b"])
    own = views_of(Judged(answers, None, {}))["among the tones of the data set"]
    assert own.probabilities[0].argmax() in (0, 3)
    assert own.probabilities[2].argmax() == 5
    np.testing.assert_allclose(own.probabilities.sum(axis=1), 1.0)


def test_a_sound_without_words_counts_for_the_events_alone(
    tmp_path: Path, speech: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reading is no laugh, and what the ear takes for no voice at all is an event not heard."""
    write_wav(tmp_path / "read.wav", speech)
    write_wav(tmp_path / "click.wav", np.zeros(8_000, np.float32))
    listed(
        tmp_path,
        "read.wav,mine,anna,F,en,neutral,neutral,speech",
        "read.wav,mine,anna,F,en,laugh,happy,burst",
        "click.wav,mine,anna,F,en,sighing,,burst",
        "read.wav,mine,anna,F,en,coughing,,body_sound",
        header=f"{HEADER},kind",
    )
    assert main(["models", "evaluate", "voice_tone", "--data", str(tmp_path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["figures"]["n"] == 1
    events = shown["views"]["vocal events, of sounds without words"]["all"]["together"]
    assert events["n"] == 3
    assert events["recall"] == {"none": 1.0, "laugh": 0.0, "sigh": 0.0}


def test_figures_are_told_for_each_sex_and_language(
    tmp_path: Path, speech: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wav(tmp_path / "a.wav", speech)
    listed(tmp_path, "a.wav,mine,anna,F,en,neutral,neutral", "a.wav,mine,ben,M,de,angry,angry")
    assert main(["models", "evaluate", "voice_tone", "--data", str(tmp_path), "--json"]) == 0
    parts = json.loads(capsys.readouterr().out)["parts"]
    assert {division: set(names) for division, names in parts.items()} == {
        "sex": {"F", "M"},
        "language": {"en", "de"},
    }


def test_the_coarse_tone_stands_in_for_a_finer_one_that_the_model_does_not_know(tmp_path: Path) -> None:
    (clip,) = read_clips(listed(tmp_path, "a.wav,mine,anna,F,en,furious,angry"))
    assert clip.tones == ("furious", "angry")


@pytest.mark.parametrize(
    ("rows", "header", "says"),
    [
        ((), HEADER, "lists no clip"),
        (("a.wav,neutral",), "file,emotion", "lacks the column coarse"),
        ((), "", "lacks the column file, emotion, coarse"),
    ],
)
def test_a_wrong_list_gets_one_line(rows: tuple[str, ...], header: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=says):
        read_clips(listed(tmp_path, *rows, header=header))


def test_an_unknown_data_set_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="there is: mine"):
        read_clips(listed(tmp_path, "a.wav,mine,anna,F,en,sad,sad"), ["yours"])


def test_no_clip_that_can_be_judged_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed(tmp_path, "gone.wav,mine,anna,F,en,sad,sad")
    assert main(["models", "evaluate", "voice_tone", "--data", str(tmp_path)]) == 2
    assert "no clip could be judged (1 unreadable or empty)" in capsys.readouterr().err


def test_a_folder_without_a_list_is_said(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no such file"):
        read_clips(tmp_path)


def test_a_second_opinion_is_asked_about_turns_and_about_no_bursts(
    tmp_path: Path, speech: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ctranslate2", reason="ctranslate2 is absent")
    write_wav(tmp_path / "plain.wav", speech)
    write_wav(tmp_path / "short.wav", speech[:1_600])
    header = f"{HEADER},kind"
    rows = (
        "plain.wav,mine,anna,F,en,neutral,neutral,speech",
        "short.wav,mine,anna,F,en,sad,sad,speech",
        "plain.wav,mine,anna,F,en,laugh,,burst",
    )
    listed(tmp_path, *rows, header=header)
    assert main(["models", "evaluate", "voice_tone_deep", "--data", str(tmp_path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["figures"]["n"] == 1
    assert shown["left_out"] == {"too little speech to judge": 1, "no tone that the model knows": 1}
