import threading

import numpy as np

from hardware.ports import Sound
from robot.body.lipsync import mouth_track
from robot.body.voice.studio import MOST_WAITING, Chirp, InlineStudio, Take, ThreadedStudio
from tests.finished import finished


def take(round_, what):
    return Take(round_, Sound(int(what.name), 0.0, np.zeros(1, np.float32)), mouth_track(np.zeros(1, np.float32)))


def job(number):
    return Chirp(str(number), 0.0, 0.0)


def numbers(takes):
    return [each.sound.seq for each in takes]


def test_inline_everything_is_ready_at_once_and_in_order():
    studio = InlineStudio(take)
    for number in range(5):
        studio.ask(number, job(number))
    takes = studio.finished()
    assert numbers(takes) == [0, 1, 2, 3, 4]
    assert [each.round for each in takes] == [0, 1, 2, 3, 4]
    assert studio.finished() == []
    studio.close()


def test_threaded_asking_never_waits_and_the_order_is_kept():
    go = threading.Event()

    def slow(round_, what):
        go.wait()
        return take(round_, what)

    studio = ThreadedStudio(slow)
    studio.ask(0, job(0))
    studio.ask(0, job(1))
    assert studio.finished() == []
    go.set()
    assert numbers(finished(studio, 2)) == [0, 1]
    studio.close()


def test_what_waits_too_long_is_dropped_oldest_first_and_counted():
    started, go = threading.Event(), threading.Event()

    def slow(round_, what):
        started.set()
        go.wait()
        return take(round_, what)

    studio = ThreadedStudio(slow)
    studio.ask(0, job(0))
    started.wait()
    for number in range(1, MOST_WAITING + 3):
        studio.ask(0, job(number))
    go.set()
    assert numbers(finished(studio, 1 + MOST_WAITING)) == [0, 3, 4, 5]
    assert studio.dropped == 2
    studio.close()
