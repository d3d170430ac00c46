import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.messages import EVENT_SURE, Percept
from robot.mind.attention import NOBODY
from robot.mind.baseline import Baselines
from robot.mind.mood_labels import MOODS, VOICE_SHARES, spread
from robot.mind.reasons import voice_clue
from robot.mind.rested import RestedPercept
from robot.mind.vocal_events import AFFECT, LEAST, hearing_with_events, is_event, with_events
from robot.scenario.percepts import TONE_LABELS, burst, hearing, percept

EVENTS = sorted(AFFECT)
shares = st.floats(0.0, 1.0)


def heard(tone: Percept) -> Percept:
    found = hearing_with_events(msgspec.structs.replace(hearing(1, 1.0), tone=tone)).tone
    assert found is not None
    return found


@given(sure=shares, tone=st.sampled_from(TONE_LABELS), event=st.sampled_from(EVENTS))
def test_tone_and_event_are_one_percept_that_sums_to_one(sure: float, tone: str, event: str) -> None:
    found = with_events(burst(event, sure, tone))
    assert math.isclose(sum(found.probabilities.values()), 1.0, abs_tol=1e-3)
    assert found.label == max(found.probabilities, key=lambda name: found.probabilities[name])
    assert found.confidence == found.probabilities[found.label]
    assert -1.0 <= found.valence <= 1.0
    assert -1.0 <= found.arousal <= 1.0


def test_a_laugh_speaks_for_joy_whatever_its_tone() -> None:
    laugh = with_events(burst("laugh", 0.9, "angry"))
    moods = dict(zip(MOODS, spread(laugh.probabilities, VOICE_SHARES), strict=True))
    assert laugh.label == "laugh"
    assert not laugh.unsure
    assert laugh.valence > 0.6
    assert max(moods, key=lambda mood: moods[mood]) == "happy"
    assert moods["angry"] < 0.1


def test_a_sound_that_is_hardly_an_event_leaves_the_tone_as_it_is() -> None:
    speech = burst("laugh", LEAST / 2, "sad")
    assert with_events(speech) is speech
    assert with_events(percept("sad", 0.8, TONE_LABELS)) == percept("sad", 0.8, TONE_LABELS)


def test_an_event_that_is_only_the_likeliest_names_nothing() -> None:
    found = with_events(burst("cry", EVENT_SURE - 0.05, "happy"))
    assert found.label == "cry"
    assert found.unsure


def test_a_tone_that_still_leads_keeps_its_kind_and_its_doubt() -> None:
    rested = RestedPercept(
        **msgspec.structs.asdict(burst("sigh", 0.2, "happy")) | {"unsure": True, "at_first": "angry"}
    )
    found = with_events(rested)
    assert isinstance(found, RestedPercept)
    assert found.at_first == "angry"
    assert found.unsure
    assert found.label == "happy"
    assert found.probabilities["sigh"] == pytest.approx(0.2)


def test_of_a_sound_that_was_no_speech_what_is_left_over_says_nothing() -> None:
    events = {"none": 0.3, "laugh": 0.6, "cry": 0.1}
    alone = Percept("laugh", 0.6, False, 0.0, 0.0, 0.8, events, events)
    found = with_events(alone)
    moods = dict(zip(MOODS, spread(found.probabilities, VOICE_SHARES), strict=True))
    assert (found.label, found.unsure) == ("laugh", False)
    assert found.valence == pytest.approx(0.6 * 0.8 - 0.1 * 0.7)
    assert moods["happy"] == pytest.approx(0.6 * 0.85 + 0.3 / 6, abs=1e-3)
    assert moods["angry"] == pytest.approx(0.3 / 6, abs=1e-3)


def test_the_model_may_know_other_events_than_the_mind() -> None:
    cough = msgspec.structs.replace(percept("sad", 0.8, TONE_LABELS), events={"none": 0.1, "cough": 0.9})
    assert with_events(cough) is cough


def test_numbers_that_are_no_probabilities_change_nothing() -> None:
    for broken in ({"laugh": math.nan}, {"laugh": 3.0}, {"laugh": math.inf}):
        odd = msgspec.structs.replace(percept("sad", 0.8, TONE_LABELS), events=broken)
        assert with_events(odd) is odd


def test_a_reason_names_the_sound() -> None:
    clue = voice_clue(msgspec.structs.replace(hearing(1, 1.0), tone=heard(burst("laugh", 0.9))))
    assert clue.text == "I heard a voice that sounded like a laugh (0.90 sure, quality 0.80)"


def test_laughing_is_not_taken_for_how_somebody_sounds_at_rest() -> None:
    laugh = msgspec.structs.replace(hearing(1, 1.0), tone=burst("laugh", 0.9, "sad"))
    baselines = Baselines()
    for count in range(40):
        baselines.step(1.0 + count, NOBODY, [laugh])
    assert is_event(burst("laugh", 0.9))
    assert baselines.voice.rest == {}
    speech = msgspec.structs.replace(laugh, tone=percept("neutral", 0.5, TONE_LABELS))
    baselines.step(42.0, NOBODY, [speech])
    assert baselines.voice.rest != {}
