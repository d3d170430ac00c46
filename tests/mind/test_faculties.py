import pytest

from robot.mind.faculties import FAULTS, HEALTHY, PASSING, Change, changes, describe_part, faculties
from tests.mind.percepts import health


def test_with_all_parts_working_nothing_is_degraded() -> None:
    assert faculties(health().parts) == HEALTHY


def test_parts_that_nobody_named_are_taken_to_work() -> None:
    assert faculties({}) == HEALTHY


@pytest.mark.parametrize(
    ("part", "status", "state"),
    [
        ("camera", "lost", "blind"),
        ("camera", "refused", "blind"),
        ("camera", "off", "shut"),
        ("camera", "muted", "shut"),
        ("microphone", "lost", "deaf"),
        ("microphone", "muted", "plugged"),
        ("microphone", "off", "plugged"),
        ("servos", "lost", "limp"),
        ("servos", "off", "able"),
        ("speaker", "lost", "voiceless"),
        ("speaker", "off", "vocal"),
    ],
)
def test_each_part_decides_its_own_region(part: str, status: str, state: str) -> None:
    able = faculties(health(**{part: status}).parts)
    assert state in able
    assert able - HEALTHY == {state} - HEALTHY | ({"muted"} if status == "muted" else set())


@pytest.mark.parametrize(
    ("face", "voice", "state"),
    [
        ("ok", "ok", "reading"),
        ("lost", "ok", "reading"),
        ("ok", "off", "reading"),
        ("off", "off", "private"),
        ("refused", "off", "unreading"),
        ("refused", "lost", "unreading"),
    ],
)
def test_feelings_are_read_while_one_model_works(face: str, voice: str, state: str) -> None:
    assert state in faculties(health(face_expression=face, voice_tone=voice).parts)


def test_only_what_broke_is_a_fault_not_what_somebody_chose() -> None:
    chosen = {"camera": "off", "microphone": "muted", "face_expression": "off", "voice_tone": "off", "speaker": "off"}
    assert not faculties(health(**chosen).parts) & FAULTS
    broken = dict.fromkeys(health().parts, "lost")
    assert faculties(broken) == FAULTS | set(PASSING.values())


@pytest.mark.parametrize(("status", "state"), [("hot", "hot"), ("updating", "updating"), ("lost", "degraded")])
@pytest.mark.parametrize("part", ["lights", "processor"])
def test_what_has_no_region_of_its_own_still_shows(part: str, status: str, state: str) -> None:
    assert faculties({part: status}) - HEALTHY == {state}


@pytest.mark.parametrize("part", ["servos", "face_expression", "camera"])
@pytest.mark.parametrize("status", ["hot", "updating"])
def test_a_part_that_is_hot_or_updated_still_works(part: str, status: str) -> None:
    assert faculties(health(**{part: status}).parts) - HEALTHY == {status}


def test_changes_name_each_region_that_moved() -> None:
    after = faculties(health(camera="lost", servos="lost").parts)
    assert list(changes(HEALTHY, after)) == [Change("seeing", "blind"), Change("able", "limp")]
    assert list(changes(after, after)) == []


def test_parts_are_described_in_plain_words() -> None:
    assert describe_part("camera", "lost") == "My camera is lost"
    assert describe_part("voice_tone", "refused") == "My model of voices is refused because it broke its contract"
