"""How the check of an emulated Pi judges what commands said; the roots themselves take too long for every commit."""

import json

import numpy as np
import pytest

from tools.pi_check import judge
from tools.pi_check.__main__ import Found, main
from tools.pi_check.agreement import compare
from tools.pi_check.boot import Boot
from tools.pi_check.plan import all_steps
from tools.pi_check.steps import Check

HERE = Boot(start_cpu_s=0.25, slowest_cpu_s=0.3, step_us=3.0, pi_4_s=1.9, pi_4_old_s=2.7)


@pytest.mark.parametrize(
    ("judged", "said", "code", "well"),
    [
        (judge.exit_0("installed"), "", 0, True),
        (judge.exit_0("installed"), "", 124, False),
        (judge.exit_not_0("gone"), "", 2, True),
        (judge.exit_not_0("gone"), "", 0, False),
        (judge.says("rapport: done."), "one\nrapport: done.\n", 0, True),
        (judge.says("rapport: done."), "rapport: done.", 1, False),
        (judge.says("rapport: done."), "nothing of the kind", 0, False),
        (judge.silent_about("rapport"), "other.service: a fault", 1, True),
        (judge.silent_about("rapport"), "rapport.service: a fault", 0, False),
    ],
)
def test_a_step_holds_only_with_the_right_end_and_the_right_words(judged, said, code, well):
    assert judged(said, code).startswith("!") != well


def life(states, sights, code=0):
    lines = [{"type": "Intent", "state": state} for state in states]
    lines += [{"type": kind} for kind in ("Sighting", "Hearing") for _ in range(sights)]
    lines.append({"type": "Mood", "label": "happy"})
    return judge.lived("\n".join(map(json.dumps, lines)), code)


def test_a_life_ends_well_with_people_and_sound_in_it():
    assert life(["alone", "noticing"], 100) == "100 pictures, 100 hops of sound; states alone, noticing; moods happy"
    assert life(["alone"], 100).startswith("!")
    assert life(["alone", "noticing"], 3).startswith("!")
    assert life(["alone", "noticing"], 100, code=1).startswith("!")


def test_answers_agree_within_a_step_and_flip_only_where_two_labels_tie():
    here = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5625]], np.float32)
    assert compare("m", here, here.copy(), 0.125).holds
    tie = here + np.array([[0, 0], [0, 0], [0.125, 0]], np.float32)
    found = compare("m", here, tie, 0.125)
    assert (found.flips, found.near_ties, found.holds) == (1, 1, True)
    other = here + np.array([[1.5, 0], [0, 0], [0, 0]], np.float32)
    assert not compare("m", here, other, 0.125).holds
    assert not compare("m", here[:1], here[:1].copy(), 0.125).holds, "a model that always says the same is no proof"


def test_what_was_found_is_written_after_each_step_and_joins_what_was_there(tmp_path):
    found = Found(tmp_path, HERE)
    found.add(Check("bookworm", "the installer runs", True, "rapport: done.", 12.0))
    assert found.well
    again = Found(tmp_path, HERE)
    again.add(Check("trixie", "the installer runs", False, "exit code 1", 3.0))
    assert not again.well
    written = (tmp_path / "pi_check.md").read_text()
    assert "| bookworm | the installer runs | ok | rapport: done. | 12 s |" in written
    assert "| trixie | the installer runs | **failed** | exit code 1 | 3 s |" in written
    (tmp_path / "pi_check.md").unlink()
    assert main(["--page", "--results", str(tmp_path)]) == 0
    assert (tmp_path / "pi_check.md").read_text() == written


def test_it_installs_compares_lives_and_leaves_in_that_order():
    names = [step.name for step in all_steps("clip.mkv", "answers.npz")]
    order = ["the installer runs", "every model answers as on x86-64", "a headless run on a film ends well"]
    places = [names.index(name) for name in (*order, "it leaves again")]
    assert places == sorted(places)
