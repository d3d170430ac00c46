"""The weights of a command's evidence, on signs made up by hand."""

import numpy as np
import pytest

from robot.senses.hearing.words.choice import Choice
from tools.benchmark.word_evidence import Chosen, Sign, fit, main, page


def signs(count=200, again=None):
    rng = np.random.default_rng(3)
    for number in range(count):
        said = number % 2 == 0
        gain = float(rng.normal(2.0 if said else -0.5, 0.5))
        choice = Choice("stop", gain, gain, gain, same_words=False, same_word=said, same_command=False, fit=-2.0)
        chosen = Chosen(choice, float(rng.uniform(0.0, 0.3)), right=said)
        yield Sign(chosen, again or chosen, command=said, part=number // 2 % 4)


def test_a_regression_finds_what_made_the_labels():
    rng = np.random.default_rng(1)
    x = rng.normal(0, 1, (4000, 2))
    right = rng.random(4000) < 1 / (1 + np.exp(-(2.0 * x[:, 0] - x[:, 1] + 0.5)))
    weights, bias = fit(x, right)
    assert weights == pytest.approx([2.0, -1.0], abs=0.2)
    assert bias == pytest.approx(0.5, abs=0.15)


def test_the_page_says_how_many_commands_and_how_many_noises_pass_each_limit():
    for line in rows_of(signs()):
        right, wrong, false = figures(line)
        assert right > 0.95
        assert wrong == 0.0
        assert false < 0.05


def test_a_second_pass_rescues_what_the_first_left_in_doubt_and_costs_what_it_costs():
    sure = Choice("stop", 4.0, 4.0, 4.0, same_words=False, same_word=True, same_command=False, fit=-1.0)
    one, two = rows_of(signs(again=Chosen(sure, 0.1, right=True)))
    assert figures(two)[0] >= figures(one)[0]
    assert figures(two)[2] > figures(one)[2] + 0.05


def rows_of(made):
    """The lines of one pass and of two at the limit 0."""
    return [line for line in page(list(made)).splitlines() if line.startswith("| 0 |")]


def figures(line):
    return [float(cell) for cell in line.strip("| ").split("|")[2:]]


def test_without_the_data_it_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.delenv("RAPPORT_DATA", raising=False)
    assert main([]) == 2
    assert "RAPPORT_DATA" in capsys.readouterr().err
