from itertools import pairwise

import msgspec
import pytest

from robot.chronicle import in_words, last_decisions, plain_words
from robot.messages import HeardTone, Mood, Percept, Reason
from robot.recording import Recording
from robot.report import Report
from robot.scenario.percepts import TONE_LABELS, face, hearing, percept, sighting

LAUGH = {"none": 0.3, "laugh": 0.7}


@pytest.fixture
def recording(scene_report):
    return Recording(scene_report)


def mood(because=(), label="happy", face_weight=0.8):
    return Mood(
        id="m7", t_s=1.0, label=label, confidence=0.7, valence=0.5, arousal=0.2, face_weight=face_weight,
        voice_weight=0.0, because=because,
    )  # fmt: skip


def ends(link):
    """The last links of a chain."""
    return [link] if not link.behind else [end for cause in link.behind for end in ends(cause)]


def test_every_decision_of_a_visit_leads_back_to_percepts_or_to_nobody(recording):
    decisions = last_decisions(recording, 100)
    assert len(decisions) > 5
    kinds = {end.kind for decision in decisions for link in decision.links for end in ends(link)}
    assert kinds <= {"sight", "hearing", "words", "tone", "state"}, "a state without percepts: nobody is there"
    smiled = [link for decision in decisions for link in decision.links if link.text.startswith("I share your joy")]
    assert smiled
    assert all("looked happy" in end.text for end in ends(smiled[0]))


def test_only_as_many_as_asked_for_the_newest_last(recording):
    every = last_decisions(recording, 1000)
    assert last_decisions(recording, 3) == every[-3:]
    assert [decision.t_s for decision in every] == sorted({decision.t_s for decision in every})
    written = [line.message for line in recording.lines() if isinstance(line.message, Reason)]
    assert sum(len(decision.links) for decision in every) == len(written)


def test_in_words_each_cause_stands_below_what_it_explains_and_nothing_twice(recording):
    for decision in last_decisions(recording, 100):
        first, *lines = in_words(decision)
        assert first == f"{decision.t_s:.2f} s"
        assert len(set(lines)) == len(lines)
        assert lines[0].startswith("  I ") or lines[0].startswith("  You ")
        depths = [len(line) - len(line.lstrip()) for line in lines]
        assert all(later - earlier <= 2 for earlier, later in pairwise(depths))


def report(path, recording, *messages):
    with Report(path) as written:
        written.write(recording.run)
        for message in messages:
            written.write(message)
    return Recording(path)


def test_what_is_not_in_the_report_is_said_and_not_invented(recording, tmp_path):
    smile = Reason("r1", 1.0, "state", "sharing_joy", "I share your joy", ("m7",))
    cut = report(tmp_path / "cut.jsonl", recording, mood(("s1",)), smile)
    (decision,) = last_decisions(cut, 1)
    assert list(in_words(decision))[-1] == "      what s1 was is not in this report"


def test_a_chain_that_bites_its_own_tail_ends(recording, tmp_path):
    first = Reason("r1", 1.0, "state", "alone", "A", ("r2",))
    second = msgspec.structs.replace(first, id="r2", text="B", because=("r1",))
    (decision,) = last_decisions(report(tmp_path / "circle.jsonl", recording, first, second), 1)
    assert list(in_words(decision)) == ["1.00 s", "  A", "  B"]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (mood(), "You seemed happy (0.70 sure, going by 80% my eyes)"),
        (mood(label="unsure", face_weight=0.0), "I was not sure how you feel (best guess 0.70 sure)"),
        (sighting(1, 0.0), "I saw nobody"),
        (sighting(1, 0.0, face("happiness")), "I saw a face that looked happy (0.85 sure, quality 0.80)"),
        (
            sighting(1, 0.0, face("happiness"), face()),
            "I saw 2 faces: a face that looked happy (0.85 sure, quality 0.80), a face",
        ),
        (hearing(1, 0.0, "angry"), "I heard a voice that sounded angry (0.80 sure, quality 0.80)"),
        (hearing(1, 0.0, speaking=False), "I heard no voice (-70 dBFS)"),
        (
            HeardTone("t1", 3.2, 1.0, 2.8, percept("sad", 0.7, TONE_LABELS)),
            "I heard 1.8 s of speech that as a whole sounded sad (0.70 sure, quality 0.80)",
        ),
        (
            HeardTone("t1", 3.2, 1.0, 2.8, Percept("laugh", 0.7, False, 0, 0, 0.8, LAUGH, LAUGH)),
            "I heard 1.8 s of a sound that as a whole sounded like a laugh (0.70 sure, quality 0.80)",
        ),
    ],
)
def test_a_message_is_one_plain_sentence(message, words):
    assert plain_words(message) == words
