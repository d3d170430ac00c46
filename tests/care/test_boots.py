"""A computer that hangs again and again is started again by its watchdog three times in an hour, then stays up."""

import msgspec
import pytest

from robot.care.boots import (
    BOOK,
    HOUR_S,
    MOST_AN_HOUR,
    NOTE_EVERY_S,
    Book,
    Boot,
    UpNote,
    begun,
    ended,
    hangs_in_the_last_hour,
    in_words,
    read_book,
    read_noted,
    write_book,
)

START_S = 9.0
"""How long after the computer's start it is counted."""


def lives(*ups_s, shut_down=False):
    """A book after starts that were up so long each, and one more that has just begun."""
    book = Book()
    for number, up_s in enumerate(ups_s):
        book = begun(book, f"boot {number}", START_S, Boot(f"boot {number - 1}", ups_s[number - 1]) if number else None)
        if shut_down:
            book = ended(book, f"boot {number}", up_s)
    return begun(book, "the last", START_S, Boot(f"boot {len(ups_s) - 1}", ups_s[-1]) if ups_s else None)


def test_a_first_start_is_no_hang():
    assert lives() == Book((Boot("the last", START_S),))


@pytest.mark.parametrize(("hangs", "held"), [(1, False), (2, False), (3, True), (5, True)])
def test_the_third_hang_within_an_hour_is_the_last_that_ends_in_a_restart(hangs, held):
    book = lives(*[300.0] * hangs)
    assert hangs_in_the_last_hour(book.boots) == hangs
    assert book.held == held
    assert ("watchdog is off" in in_words(book)) == held


def test_shutdowns_are_no_hangs():
    assert hangs_in_the_last_hour(lives(*[60.0] * 6, shut_down=True).boots) == 0


def test_hangs_that_lie_an_hour_of_life_apart_are_borne_for_ever():
    assert not lives(*[HOUR_S] * 7).held


def test_an_hour_of_life_makes_good_for_what_was_before():
    assert not lives(60.0, 60.0, 60.0, HOUR_S).held


def test_the_same_start_is_counted_once_however_often_it_is_told():
    book = lives(60.0)
    assert begun(begun(book, "the last", 20.0, None), "the last", 30.0, None).boots[-1] == Boot("the last", 30.0)
    assert len(begun(book, "the last", 20.0, None).boots) == len(book.boots)


def test_a_service_that_is_stopped_and_started_by_hand_forgives_nothing():
    book = lives(60.0, 60.0, 60.0)
    assert begun(ended(book, "the last", 40.0), "the last", 41.0, None).held


def test_what_is_written_is_read_again_and_rubbish_is_an_empty_book(tmp_path):
    book = lives(60.0)
    write_book(tmp_path, book)
    assert read_book(tmp_path) == book
    (tmp_path / BOOK).write_bytes(b"\0" * 64)
    assert read_book(tmp_path) == Book()
    assert read_book(tmp_path / "none") == Book()


def test_the_robot_notes_seldom_that_the_computer_is_up(tmp_path):
    note = UpNote(tmp_path)
    for up_s in (100.0, 102.0, 100.0 + NOTE_EVERY_S - 1):
        note.write(up_s)
    assert read_noted(tmp_path).up_s == 100.0
    note.write(100.0 + NOTE_EVERY_S)
    assert read_noted(tmp_path).up_s == 100.0 + NOTE_EVERY_S


def test_a_disk_that_takes_no_note_stops_no_robot(tmp_path):
    (tmp_path / "file").touch()
    UpNote(tmp_path / "file").write(1.0)


def test_the_limit_is_the_one_of_the_unit_and_the_recipe():
    assert MOST_AN_HOUR == 3
    assert msgspec.json.decode(msgspec.json.encode(Book((), True)), type=Book).held
