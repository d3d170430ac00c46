from robot.messages import HeardCommand, HeardWords
from robot.mind.reasons import Reasons, face_clue, heard_clue, voice_clue
from robot.scenario.percepts import TONE_LABELS, percept
from tests.mind.percepts import face, hearing


def test_reasons_are_numbered_and_drained_once() -> None:
    reasons = Reasons()
    assert [reasons.add(0.5, "state", "alone", "I am by myself") for _ in range(3)] == ["r0", "r1", "r2"]
    drained = reasons.drain()
    assert [reason.id for reason in drained] == ["r0", "r1", "r2"]
    assert (drained[0].t_s, drained[0].kind, drained[0].what, drained[0].because) == (0.5, "state", "alone", ())
    assert reasons.drain() == []


def test_a_chain_leads_from_a_word_back_to_what_was_seen() -> None:
    reasons = Reasons()
    seen = reasons.cite(face_clue("s4", face("happiness", sure=0.83)))
    reasons.note("m2", "You seem happy", seen)
    state = reasons.add(1.0, "state", "sharing_joy", "I share your joy", ("m2",))
    word = reasons.add(1.0, "word", "sharing_joy", "I say so", (state,))
    assert reasons.explain(word) == [
        "I say so",
        "I share your joy",
        "You seem happy",
        "I saw a face that looked happy (0.83 sure, quality 0.80)",
    ]


def test_a_cause_shared_by_two_links_is_told_once() -> None:
    reasons = Reasons()
    reasons.note("s1", "a face")
    left = reasons.add(0.0, "state", "a", "left", ("s1",))
    right = reasons.add(0.0, "state", "b", "right", ("s1",))
    both = reasons.add(0.0, "state", "c", "both", (left, right))
    assert reasons.explain(both) == ["both", "left", "a face", "right"]


def test_a_circle_ends() -> None:
    reasons = Reasons()
    reasons.note("a", "first", ("b",))
    reasons.note("b", "second", ("a",))
    assert reasons.explain("a") == ["first", "second"]


def test_what_was_never_noted_is_said_to_be_forgotten() -> None:
    assert Reasons().explain("m99") == ["What m99 was, I no longer remember."]


def test_the_ring_forgets_the_oldest_and_never_grows() -> None:
    reasons = Reasons(capacity=10)
    for number in range(100):
        reasons.add(float(number), "state", "alone", f"reason {number}", (f"r{number - 1}",) if number else ())
    assert "r89" not in reasons
    assert "r90" in reasons
    assert reasons.explain("r90") == ["reason 90", "What r89 was, I no longer remember."]
    assert [reason.id for reason in reasons.drain()] == [f"r{number}" for number in range(90, 100)]


def test_a_link_cited_again_stays_longer() -> None:
    reasons = Reasons(capacity=3)
    reasons.note("s1", "a face")
    reasons.note("s2", "another")
    reasons.note("s1", "a face")
    reasons.note("s3", "a third")
    reasons.note("s4", "a fourth")
    assert "s1" in reasons
    assert "s2" not in reasons


def test_citing_gives_each_id_once_in_order() -> None:
    reasons = Reasons()
    first, second = voice_clue(hearing(1, 0.0)), voice_clue(hearing(2, 0.1, "angry", sure=0.7))
    assert reasons.cite(second, first, second) == ("h2", "h1")
    assert reasons.explain("h1") == ["I heard a voice (-30 dBFS)"]
    assert reasons.explain("h2") == ["I heard a voice that sounded angry (0.70 sure, quality 0.80)"]


def test_a_face_without_an_expression_is_just_a_face() -> None:
    assert face_clue("s0", face()).text == "I saw a face"


def test_what_was_said_is_cited_by_its_meaning_and_a_command_by_its_name():
    said = HeardWords("w3", 4.0, 1.0, 3.5, "en", 7, 0.9, "tells", "work", percept("sad", 0.8, TONE_LABELS))
    assert heard_clue(said) == (
        "w3",
        "I heard 7 words (tells about work, 0.90 sure), and they were sad (0.80 sure, quality 0.80)",
    )
    assert heard_clue(HeardCommand("c1", 2.0, 1.8, "stop", 0.97)).text == "I heard the command “stop” (0.97 sure)"
