"""How something sounds as a whole: trimmed, level taken away, and the same in training and in the robot."""

import numpy as np
import pytest

from robot.senses.hearing.words.statistics import features_of, statistics, statistics_of, trimmed
from robot.senses.hearing.words.whisper import Whisper


def speech(seconds: float, level: float = 0.1) -> np.ndarray:
    time = np.arange(round(16_000 * seconds)) / 16_000
    return (level * np.sin(2 * np.pi * 220 * time)).astype(np.float32)


def test_trimming_takes_the_silence_off_both_ends() -> None:
    silence = np.zeros(16_000, np.float32)
    assert 1.0 <= len(trimmed(np.concatenate([silence, speech(1.0), silence]))) / 16_000 <= 1.25


def test_trimming_keeps_a_pause_in_the_middle() -> None:
    whole = np.concatenate([speech(0.5), np.zeros(8000, np.float32), speech(0.5)])
    assert len(trimmed(whole)) == len(whole)


@pytest.mark.parametrize("samples", [0, 5, 400])
def test_trimming_a_tiny_or_silent_sound_does_not_fail(samples: int) -> None:
    assert len(trimmed(np.zeros(samples, np.float32))) <= samples


def test_statistics_are_mean_and_spread_over_time() -> None:
    told = statistics(np.array([[1.0, 4.0], [3.0, 4.0]], np.float32))
    np.testing.assert_allclose(told, [2.0, 4.0, 1.0, 0.0])
    assert told.dtype == np.float32


@pytest.fixture(scope="module")
def whisper(engines: None) -> Whisper:
    return Whisper(threads=1)


def test_of_a_sound_come_fifty_frames_a_second_and_of_nothing_one(whisper: Whisper) -> None:
    assert features_of(whisper, speech(1.5)).shape == (75, 384)
    assert features_of(whisper, np.zeros(0, np.float32)).shape == (1, 384)


def test_silence_around_and_level_change_next_to_nothing(whisper: Whisper, say) -> None:
    said = say("I did not expect you here.")
    plain = statistics_of(whisper, said)
    quiet = np.zeros(8000, np.float32)
    for other in (said * np.float32(0.1), said * np.float32(1.9), np.concatenate([quiet, said, quiet])):
        assert np.abs(statistics_of(whisper, other) - plain).max() < 0.05, "far below what tells clips apart"
