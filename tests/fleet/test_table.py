"""What a dashboard makes of the messages of a fleet."""

from hypothesis import given
from hypothesis import strategies as st

from robot.fleet.table import Table


def filled():
    table = Table()
    table.note(1.0, "rapport/ada/status", b"online")
    table.note(2.0, "rapport/ada/state", b'{"activity": "alone", "hand_off": "unneeded", "t_s": 3.0}')
    table.note(3.0, "rapport/bob/status", b"offline")
    table.note(4.0, "rapport/cid/status", b"online")
    table.note(5.0, "rapport/cid/state", b'{"activity": "with_somebody", "hand_off": "calling", "t_s": 9.0}')
    table.note(5.0, "rapport/cid/hand_off", b'{"reason": "somebody asked for a person"}')
    table.note(6.0, "rapport/ada/health", b'{"parts": {"camera": "lost", "speaker": "ok", "servos": "off"}}')
    return table


def test_whoever_wants_a_person_stands_first_then_who_is_ill_or_gone():
    table = filled()
    table.note(7.0, "rapport/dan/status", b"online")
    names = [line.split()[0] for line in table.lines(10.0)[1:]]
    assert names == ["cid", "ada", "bob", "dan"]


def test_each_line_says_what_is_wrong():
    lines = "\n".join(filled().lines(10.0))
    assert "somebody asked for a person" in lines
    assert "camera lost" in lines
    assert "servos" not in lines
    assert "OFFLINE" in lines


def test_the_change_is_dated_by_the_watcher():
    assert filled().robots["ada"].changed_s == 6.0


def test_what_belongs_to_nobody_is_left_alone():
    table = Table()
    assert table.note(1.0, "zigbee/lamp/state", b"{}") is None
    assert table.note(1.0, "rapport/ada/session", b"0123") is None
    assert table.robots == {}


@given(st.sampled_from(["state", "health", "hand_off"]), st.binary(max_size=60))
def test_no_payload_can_break_it(kind, payload):
    table = Table()
    table.note(1.0, f"rapport/ada/{kind}", payload)
    assert table.lines(2.0)
