"""The state record: whatever happens to one copy, the other one counts; a record is whole or it is none."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from robot.updates.disk import RealDisk
from robot.updates.record import Record
from robot.updates.state import Floor, Slots, State, decode_state, encode_state

STATE = State(7, {"face": Slots(current="1.2.0-0123abcd")}, {"face/1.3.0-aaaaaaaa": "slow"}, Floor(root=3, time_s=9))


def test_a_record_comes_back_as_it_was():
    assert decode_state(encode_state(STATE)) == STATE


@given(st.integers(0, len(encode_state(STATE)) - 2), st.integers(1, 255))
def test_any_changed_byte_makes_it_no_record(position: int, change: int):
    content = bytearray(encode_state(STATE))
    content[position] ^= change
    assert decode_state(bytes(content)) is None


@given(st.integers(0, len(encode_state(STATE)) - 2))
def test_cut_anywhere_it_is_no_record(length: int):
    assert decode_state(encode_state(STATE)[:length]) is None


@given(st.binary(max_size=300))
def test_garbage_is_no_record(content: bytes):
    assert decode_state(content) is None


def test_copies_take_turns_and_the_newer_counts(tmp_path: Path):
    record = Record(tmp_path, RealDisk())
    for time_s in (1, 2, 3):
        record.commit(State(floor=Floor(time_s=time_s)))
    assert Record(tmp_path, RealDisk()).state.floor.time_s == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]
    (tmp_path / "a.json").write_bytes(b"")
    assert Record(tmp_path, RealDisk()).state.floor.time_s == 2
