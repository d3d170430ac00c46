"""Answers about voices from models made without the speaker, on made-up statistics."""

import numpy as np
import pytest

from tools.benchmark.fusion_voices import (
    RATE_HZ,
    WINDOW,
    best_temperature,
    held_out,
    loudest,
)


def people(rng, spread, own):
    """Statistics (n,9) of 20 people: four places tell the label, `spread` hides it, five tell who speaks."""
    labels, speakers = np.tile(np.arange(4), 100), np.repeat(np.arange(20), 20)
    told = 2.0 * np.eye(4)[labels] + rng.normal(0, spread, (400, 4))
    # Each person has a habit of their own that tells their labels, and nobody else's.
    habits = rng.integers(0, 5, (20, 4))
    return np.concatenate([told, own * np.eye(5)[habits[speakers, labels]]], axis=1), labels, speakers.astype(str)


def test_what_tells_the_label_of_everybody_is_learned_and_what_tells_only_ones_own_is_not():
    clear, labels, speakers = people(np.random.default_rng(1), spread=0.3, own=0.0)
    found, _ = held_out(clear, clear, labels, speakers)
    assert (found.argmax(axis=1) == labels).mean() > 0.95
    hidden, labels, speakers = people(np.random.default_rng(1), spread=50.0, own=5.0)
    found, _ = held_out(hidden, hidden, labels, speakers)
    assert (found.argmax(axis=1) == labels).mean() < 0.4, "its own speakers were never heard"


def test_answers_are_probabilities_and_noise_makes_them_less_sure():
    clear, labels, speakers = people(np.random.default_rng(2), spread=2.0, own=0.0)
    clean, noisy = held_out(clear, 0.5 * clear, labels, speakers)
    assert clean.sum(axis=1) == pytest.approx(np.ones(len(labels)))
    assert noisy.max(axis=1).mean() < clean.max(axis=1).mean()


def test_the_temperature_undoes_too_much_certainty():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 1, (4000, 4))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (rng.random((4000, 1)) > chances.cumsum(axis=1)).sum(axis=1)
    assert best_temperature(3.0 * logits, labels) == pytest.approx(3.0, rel=0.15)


def test_the_loudest_two_seconds_are_taken_and_a_short_clip_is_padded_in_front():
    sound = np.full(5 * RATE_HZ, 0.01, np.float32)
    sound[2 * RATE_HZ : 4 * RATE_HZ] = 0.5
    assert loudest(sound) == pytest.approx(np.full(WINDOW, 0.5))
    short = loudest(np.ones(RATE_HZ, np.float32))
    assert len(short) == WINDOW
    assert short[0] == 0.0
    assert short[-1] == 1.0
