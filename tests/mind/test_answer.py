"""The answer to "why did you do that?": in plain words, in every language, true to the reasons."""

import pytest

from robot.config import Config, RobotSettings
from robot.messages import HeardCommand, Request
from robot.mind.answer import ANSWERS, TELLING, answer_why, answer_words
from robot.mind.decision import ANSWERS as STATES
from robot.mind.persona import Languages
from robot.mind.reasons import Cause, Reasons
from tests.mind.percepts import face, health
from tests.mind.test_behaviour import FRAME_S, Visit

EN = answer_words("en")


def asked(visit: Visit, *signals: Request | HeardCommand) -> list[str]:
    """What is said in the step in which the signals come."""
    visit.t_s += FRAME_S
    _, intent = visit.mind.step(visit.t_s, None, (), visit.health, signals)
    return [intent.say.text] if intent is not None and intent.say is not None else []


def why(visit: Visit) -> str:
    return answer_why(visit.reasons, EN).text


def test_shared_joy_is_explained_by_the_face_it_was_read_from() -> None:
    visit = Visit()
    visit.go(4.0, face("happiness"))
    told = why(visit)
    assert told == "I shared your joy because you seemed happy to me. I went by your face and I was quite sure."


def test_asked_again_it_never_answers_twice_the_same_in_a_row() -> None:
    visit = Visit()
    visit.go(4.0, face("happiness"))
    told = []
    for number in range(4):
        told += asked(visit, Request(f"q{number}", visit.t_s, "why", "", "page"))
        visit.go(2.0, face("happiness"))
    first, second, third, fourth = told
    assert second == f"I can only say it again: {first}"
    assert third == f"It is still so: {first}"
    assert fourth == second


def test_a_new_deed_is_explained_without_a_look_back() -> None:
    visit = Visit()
    visit.go(4.0, face("happiness"))
    asked(visit, Request("q1", visit.t_s, "why", "", "page"))
    asked(visit, Request("s1", visit.t_s, "stop", "", "page"))
    visit.go(5.0, face("happiness"))
    (told,) = asked(visit, Request("q2", visit.t_s, "why", "", "page"))
    assert told == "I went silent and still because you asked me to stop."


def test_both_senses_are_named_where_both_spoke() -> None:
    visit = Visit()
    visit.go(6.0, face("sadness"), tone="sad")
    assert why(visit).startswith(
        "I tried to comfort you because you seemed sad to me. I went by your face and your voice"
    )


def test_below_the_feelings_rung_no_feeling_is_named() -> None:
    visit = Visit()
    visit.health = health(face_expression="off", voice_tone="off")
    visit.go(4.0, face())
    assert why(visit) == "I told you what I perceive because your face was new to me."


@pytest.mark.parametrize(("by", "cause"), [("gesture", "you held up your palm"), ("page", "you asked me to stop")])
def test_a_stop_is_explained_by_who_asked_for_it(by: str, cause: str) -> None:
    visit = Visit()
    visit.go(4.0, face("neutral"))
    asked(visit, Request("s1", visit.t_s, "stop", "open_palm" if by == "gesture" else "", by))
    assert why(visit) == f"I went silent and still because {cause}."


def test_who_left_is_the_reason_of_a_goodbye_and_a_number_stands_in_it() -> None:
    visit = Visit()
    visit.go(4.0, face("neutral"))
    visit.go(2.5)
    assert why(visit) == "I said goodbye because your face had been gone for 2 seconds."


def test_a_new_robot_says_why_it_is_by_itself_and_an_empty_ring_that_it_did_nothing() -> None:
    visit = Visit()
    visit.go(0.2)
    assert why(visit) == "I turned back to myself because I had just been switched on."
    assert answer_why(Reasons(), EN).text == EN.nothing


def test_a_broken_part_is_named() -> None:
    visit = Visit()
    visit.go(4.0, face("neutral"))
    visit.health = health(microphone="lost")
    visit.go(0.2, face("neutral"))
    assert why(visit) == "I cannot hear, because my microphone has gone."


@pytest.mark.parametrize(
    "question",
    [Request("q0", 0.0, "why"), HeardCommand("c0", 0.0, 0.0, "why", 0.9)],
    ids=lambda each: type(each).__name__,
)
def test_it_says_so_at_once_however_it_was_asked(question: Request | HeardCommand) -> None:
    visit = Visit()
    visit.go(6.0, face("happiness"))
    told = why(visit)
    assert asked(visit, question) == [told]
    assert asked(visit, question) == [EN.again[0].format(answer=told)], "as often as it is asked"


def test_its_own_answer_is_not_what_it_explains_next() -> None:
    visit = Visit()
    visit.go(6.0, face("happiness"))
    before = why(visit)
    asked(visit, Request("q0", 0.0, "why"))
    visit.go(0.5, face("happiness"))
    assert why(visit) == before


def test_what_it_says_leads_back_to_the_question_and_to_what_it_explains() -> None:
    visit = Visit()
    visit.go(6.0, face("happiness"))
    asked(visit, Request("q7", 0.0, "why", by="voice"))
    spoken = next(sentence for _, sentence in visit.reasons.newest() if sentence.what == "answer")
    chain = visit.reasons.explain(spoken.because[0])
    assert "Somebody asked me why I did what I did aloud" in chain
    assert any(line.startswith("I share your joy") for line in chain)


def test_a_robot_without_a_voice_shows_the_answer() -> None:
    visit = Visit()
    visit.health = health(speaker="lost")
    visit.go(4.0, face("happiness"))
    visit.t_s += FRAME_S
    _, intent = visit.mind.step(visit.t_s, None, (), visit.health, [Request("q0", 0.0, "why")])
    assert intent is not None
    assert intent.say is None
    assert intent.notice is not None
    assert intent.notice.startswith("I shared your joy")


def test_in_german_the_whole_answer_is_german() -> None:
    visit = Visit(Config(robot=RobotSettings(language="de")))
    visit.go(6.0, face("happiness"))
    (said,) = asked(visit, Request("q0", 0.0, "why"))
    assert said.startswith("Ich habe mich mit dir gefreut, weil du mir fröhlich vorkamst. Ich habe nach deinem Gesicht")


def test_every_language_of_the_personas_has_every_answer() -> None:
    assert {path.stem for path in ANSWERS.glob("*.toml")} == set(Languages.__struct_fields__)
    words = {language: answer_words(language) for language in Languages.__struct_fields__}
    acts = TELLING["state"] | TELLING["answer"] | TELLING["care"] | TELLING["word"] | TELLING["command"]
    for each in words.values():
        assert set(each.did) == acts
        assert set(each.happened) == TELLING["health"] | TELLING["consent"]
        assert set(each.cause) == set(words["en"].cause)
        assert set(STATES) <= set(each.cause)


def test_a_cause_that_has_no_words_is_forgotten_rather_than_made_up() -> None:
    reasons = Reasons()
    reasons.add(0.0, "state", "curious", "I am curious because of something new", cause=Cause("something"))
    assert answer_why(reasons, EN).text == EN.forgotten
