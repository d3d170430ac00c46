"""What the fleet may know: presence and health; moods only where consent, place and configuration all say so."""

import json

import pytest

from robot.called import HandOff
from robot.config import Config, FleetSettings, RobotSettings
from robot.fleet.bulletin import Bulletin
from robot.fleet.discovery import discovery
from robot.messages import Consent, Health, HeardWords, Hearing, Intent, Mood, Utterance
from robot.mind.statechart import BEHAVIOURS


def bulletin(share_moods=True, **robot):
    fleet = FleetSettings(enabled=True, share_moods=share_moods, moods_every_s=60)
    return Bulletin(Config(robot=RobotSettings(**robot), fleet=fleet))


def intent(state, t_s=1.0, **more):
    return Intent("i1", t_s, state, 0.4, 0.2, 0, 0, "breathe", 0.5, (), **more)


def mood(label, t_s):
    return Mood("m1", t_s, label, 0.8, 0.5, 0.5, 1.0, 0.0, ())


def told(posts):
    return [(post.name, json.loads(post.payload)) for post in posts]


def test_no_state_of_the_behaviour_tells_a_feeling():
    seen = set()
    for state in sorted(BEHAVIOURS):
        for _, payload in told(bulletin().note(intent(state))):
            seen.add(payload["activity"])
    assert seen == {"asleep", "alone", "with_somebody"}


def test_between_states_with_somebody_nothing_is_told_at_all():
    member = bulletin()
    assert len(told(member.note(intent("attending")))) == 1
    for state in ("comforting", "calming", "sharing_joy", "curious", "parting", "noticing"):
        assert told(member.note(intent(state))) == []


def test_words_percepts_and_what_is_said_never_go_out():
    member = bulletin()
    said = Utterance("Hello Ada", "en", 0.1, 0.1)
    posts = [
        *member.note(intent("attending", say=said, notice="Ada")),
        *member.note(HeardWords("w1", 1.0, 0.0, 1.0, "en", 3, 0.9, "tells", "work")),
        *member.note(Hearing("h1", 1.0, 0.1, -30.0, 0.9, True, 0.0)),
    ]
    assert b"Ada" not in b"".join(post.payload for post in posts)
    assert [post.name for post in posts] == ["state"]


def moods_of(member, from_s=0.0):
    posts = []
    for count in range(40):
        posts += member.note(mood(("happy", "sad", "sad", "unsure")[count % 4], from_s + 10.0 * count))
    return [payload for name, payload in told(posts) if name == "moods"]


def test_moods_go_out_as_counts_and_rarely():
    counts = moods_of(bulletin())
    assert counts[-1].keys() == {"happy", "sad"}
    assert counts[-1]["happy"] in (9, 10)
    assert len(counts) == 6, "every minute of nearly seven"


@pytest.mark.parametrize(
    "robot",
    [{"consent": "presence"}, {"consent": "off"}, {"place": "workplace"}, {"place": "school"}],
)
def test_where_feelings_may_not_be_read_no_count_of_them_goes_out(robot):
    assert moods_of(bulletin(**robot)) == []
    assert b"mood" not in discovery(
        Config(robot=RobotSettings(**robot), fleet=FleetSettings(share_moods=True)), "ada", "1"
    )


def test_when_consent_is_taken_back_the_counts_are_gone_and_no_more_come():
    member = bulletin()
    assert moods_of(member)[-1]["sad"] > 0
    assert told(member.note(Consent(401.0, "presence", "feelings", "remember"))) == [("moods", {})]
    assert moods_of(member, 410.0) == []
    assert list(member.note(Consent(810.0, "feelings", "presence", "remember"))) == []
    assert moods_of(member, 820.0)[-1]["happy"] in (9, 10), "they begin anew"


def test_nor_without_being_asked_for():
    assert moods_of(bulletin(share_moods=False)) == []


def test_a_part_that_is_switched_off_is_no_event():
    member = bulletin()
    names = [name for name, _ in told(member.note(Health(1.0, {"camera": "off", "speaker": "lost"})))]
    assert names == ["event", "health"]


def test_a_hand_off_goes_out_with_each_step_and_an_offer_does_not():
    member = bulletin()
    list(member.note(intent("attending")))
    steps = [HandOff(state, "crisis", "why") for state in ("offered", "calling", "coming", "unneeded")]
    out = [told(member.note(intent("attending", 2.0, hand_off=step))) for step in steps]
    assert out[0] == []
    assert [entries[-1][1]["hand_off"] for entries in out[1:]] == ["calling", "coming", "unneeded"]
