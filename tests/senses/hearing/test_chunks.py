from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.ports import Sound
from robot.errors import MediaError
from robot.senses.hearing.chunks import Chunks

RATE = 16_000


def ramp(count: int) -> np.ndarray:
    """Samples that all differ, so that a lost or doubled one shows."""
    return np.linspace(-1.0, 1.0, count, dtype=np.float32)


def in_blocks(samples: np.ndarray, cuts: list[int], start_s: float = 0.0) -> list[Sound]:
    edges = [0, *sorted(cut % (len(samples) + 1) for cut in cuts), len(samples)]
    pairs = pairwise(edges)
    return [Sound(i, start_s + a / RATE, samples[a:b]) for i, (a, b) in enumerate(pairs)]


@given(cuts=st.lists(st.integers(0, 5000), max_size=30), start_s=st.floats(0, 1e5))
def test_any_cut_gives_the_same_chunks(cuts, start_s):
    samples = ramp(5000)
    whole = list(Chunks().push(Sound(0, start_s, samples)))
    chunks = Chunks()
    cut = [chunk for block in in_blocks(samples, cuts, start_s) for chunk in chunks.push(block)]
    assert [(c.start_s, c.end_s, c.continues) for c in cut] == [(c.start_s, c.end_s, c.continues) for c in whole]
    assert np.array_equal(np.concatenate([c.samples for c in cut]), samples[: len(whole) * 512])
    assert (chunks.gaps, chunks.faults) == (0, 0)


def test_chunks_stand_32_ms_apart_on_the_clock_of_the_first_block():
    chunks = list(Chunks().push(Sound(0, 2.5, ramp(1100))))
    assert [(c.start_s, c.end_s) for c in chunks] == [(2.5, 2.532), (2.532, 2.564)]


def test_samples_that_are_no_numbers_become_silence_and_are_counted():
    samples = np.full(512, 0.5, np.float32)
    samples[:3] = np.nan, np.inf, -np.inf
    chunks = Chunks()
    (chunk,) = chunks.push(Sound(0, 0.0, samples))
    assert chunk.samples[:4].tolist() == [0.0, 0.0, 0.0, 0.5]
    assert chunks.faults == 1


def test_a_slight_overshoot_is_clipped_and_no_fault_a_huge_sample_is_one():
    chunks = Chunks()
    (chunk,) = chunks.push(Sound(0, 0.0, np.full(512, 1.01, np.float32)))
    assert chunk.samples.max() == 1.0
    assert chunks.faults == 0
    (chunk,) = chunks.push(Sound(1, 0.032, np.full(512, -1e30, np.float32)))
    assert chunk.samples.min() == -1.0
    assert chunks.faults == 1


def test_double_precision_is_taken_as_it_is():
    chunks = Chunks()
    (chunk,) = chunks.push(Sound(0, 0.0, np.full(512, 0.25)))
    assert chunk.samples.dtype == np.float32
    assert chunks.faults == 0


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(512, np.int16),
        np.zeros((512, 2), np.float32),
        np.zeros(512, np.complex64),
        np.array(["a"]),
        np.float32(1),
    ],
)
def test_what_is_no_mono_sound_is_refused_in_one_line_and_the_sound_goes_on(samples):
    chunks = Chunks()
    with pytest.raises(MediaError, match="expected mono float32") as caught:
        chunks.push(Sound(0, 0.0, samples))
    assert "\n" not in str(caught.value)
    assert chunks.faults == 1
    assert len(list(chunks.push(Sound(1, 0.0, ramp(512))))) == 1


def test_an_empty_block_gives_nothing_and_breaks_nothing():
    chunks = Chunks()
    assert list(chunks.push(Sound(0, 0.0, ramp(0)))) == []
    assert len(list(chunks.push(Sound(1, 0.0, ramp(512))))) == 1


def test_lost_sound_starts_a_new_chunk_that_says_so():
    chunks = Chunks()
    list(chunks.push(Sound(0, 0.0, ramp(700))))
    (after,) = chunks.push(Sound(1, 1.0, ramp(512)))
    assert not after.continues
    assert after.start_s == 1.0
    assert np.array_equal(after.samples, ramp(512))
    assert chunks.gaps == 1
    (following,) = chunks.push(Sound(2, 1.032, ramp(512)))
    assert following.continues


def test_a_break_is_told_even_if_the_next_chunk_is_long_in_coming():
    chunks = Chunks()
    list(chunks.push(Sound(0, 0.0, ramp(700))))
    assert list(chunks.push(Sound(1, 1.0, ramp(100)))) == []
    (after,) = chunks.push(Sound(2, 1.0 + 100 / RATE, ramp(412)))
    assert not after.continues


def test_stamps_that_jitter_do_not_move_the_time_line():
    chunks = Chunks()
    ends = []
    for i in range(50):
        late_s = 0.015 * (-1) ** i
        ends += [c.end_s for c in chunks.push(Sound(i, i * 0.032 + (late_s if i else 0.0), ramp(512)))]
    assert ends == [round((i + 1) * 0.032, 6) for i in range(50)]


def test_a_microphone_whose_crystal_is_slow_is_followed():
    chunks = Chunks()
    end_s = 0.0
    for i in range(40_000):
        for chunk in chunks.push(Sound(i, i * 0.032 * 1.0002, ramp(512))):
            end_s = chunk.end_s
    assert end_s == pytest.approx(40_000 * 0.032 * 1.0002, abs=0.025)
    assert chunks.gaps == 0


@given(
    stamps=st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(float("nan"))), min_size=1, max_size=30),
    sizes=st.lists(st.integers(0, 2500), min_size=30, max_size=30),
)
def test_time_never_runs_back_whatever_the_stamps_say(stamps, sizes):
    chunks = Chunks()
    ends = [
        chunk.end_s
        for i, (stamp, size) in enumerate(zip(stamps, sizes, strict=False))
        for chunk in chunks.push(Sound(i, stamp, ramp(size)))
    ]
    assert all(later > earlier for earlier, later in pairwise(ends))


def test_what_another_microphone_had_waiting_is_left_out():
    chunks = Chunks()
    list(chunks.push(Sound(0, 0.0, ramp(10 * RATE))))
    waiting = [chunk for i in range(100) for chunk in chunks.push(Sound(i, 6.8 + i * 0.032, ramp(512)))]
    assert len(waiting) == 7  # those less than a quarter of a second old
    assert waiting[0].start_s >= 9.984
    assert [chunk.continues for chunk in waiting] == [False, True, True, True, True, True, True]
    assert chunks.faults == 93


def test_a_wrong_stamp_far_ahead_does_not_leave_the_ear_deaf():
    chunks = Chunks()
    list(chunks.push(Sound(0, 1e6, ramp(512))))
    heard = [chunk.start_s for i in range(400) for chunk in chunks.push(Sound(i, i * 0.032, ramp(512)))]
    assert len(heard) > 200
    assert heard[-1] == pytest.approx(399 * 0.032)
