"""Of several people the voice is that of the one whose lips move, and the robot says whose it takes it for."""

from robot.messages import SeenFace
from robot.scenario.percepts import regard
from tests.mind.percepts import face
from tests.mind.test_behaviour import Visit


def two(first_talks: bool, second_talks: bool) -> tuple[SeenFace, SeenFace]:
    """The attended person, and somebody beside them."""
    return (
        face("neutral", x=0.35, size=0.34, track=1, regard=regard(0.0, talking=first_talks)),
        face("neutral", x=0.75, size=0.24, track=2, regard=regard(0.0, talking=second_talks)),
    )


def said_of_voices(visit: Visit) -> list[str]:
    return [reason.what for reason in visit.reasons.drain() if reason.kind == "voice"]


def test_whose_lips_move_is_said_once_and_again_when_it_changes() -> None:
    visit = Visit()
    visit.go(2.0, *two(True, False), tone="neutral")
    assert said_of_voices(visit) == ["yours"]
    visit.go(2.0, *two(False, True), tone="neutral")
    assert said_of_voices(visit) == ["anothers"]
    visit.go(2.0, *two(True, True), tone="neutral")
    assert said_of_voices(visit) == ["either"]
    visit.go(2.0, *two(True, True), tone="neutral")
    assert said_of_voices(visit) == []


def test_it_leads_back_to_the_voice_and_the_face() -> None:
    visit = Visit()
    visit.go(2.0, *two(False, True), tone="neutral")
    (reason,) = (reason for reason in visit.reasons.drain() if reason.kind == "voice")
    assert {link[0] for link in reason.because} == {"h", "s"}
    assert all(link in visit.reasons for link in reason.because)


def test_without_a_voice_without_lips_or_with_one_person_there_is_nothing_to_say() -> None:
    silent, still, alone = Visit(), Visit(), Visit()
    silent.go(2.0, *two(True, False))
    still.go(2.0, *two(False, False), tone="neutral")
    alone.go(2.0, two(True, False)[0], tone="neutral")
    assert [said_of_voices(visit) for visit in (silent, still, alone)] == [[], [], []]
