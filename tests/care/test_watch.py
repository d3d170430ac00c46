"""The watch in stepped time: every part that hangs is noticed, mended in stages, bounded, and shown."""

import pytest

from hardware.clock import SteppedClock
from robot.care.gauge import Gauge
from robot.care.ladder import AGAIN_S, RENEWALS, REST_S, WINDOW_S, Ladder
from robot.care.notify import ServiceManager
from robot.care.watch import LOOK_EVERY_S, STUCK_S, Watch

NOTICED_WITHIN_S = 10.0


class Manager(ServiceManager):
    def __init__(self, ping_every_s=2.5):
        super().__init__("", 4 * ping_every_s)
        self.pings = 0
        self.gave_up = []

    def ping(self):
        self.pings += 1

    def give_up(self, status):
        self.gave_up.append(status)


class Loop:
    """A part that hangs whenever a test says so; `cured_by` renewals mend it."""

    name = "camera"

    def __init__(self, clock, cured_by=1):
        self.gauge = Gauge(clock)
        self.cured_by = cured_by
        self.hung = False
        self.renewed = 0
        self.rested = 0

    def work(self):
        if not self.hung:
            self.gauge.leave(worked=True)

    def trouble(self):
        return "has delivered nothing" if self.gauge.idle_s() > STUCK_S else ""

    def renew(self, why):
        self.renewed += 1
        self.gauge.reset()
        self.hung = self.hung and self.renewed < self.cured_by

    def rest(self, why):
        self.rested += 1


class Restarts:
    def __init__(self, left):
        self.left = left

    def may(self, part):
        return self.left > 0

    def add(self, part):
        self.left -= 1


class World:
    def __init__(self, cured_by=1, restarts=0):
        self.clock = SteppedClock()
        self.part = Loop(self.clock, cured_by)
        self.body = Gauge(self.clock)
        self.body_hangs = False
        self.manager = Manager()
        self.notes = []
        self.watch = Watch(
            [self.part], self.body, self.manager, Restarts(restarts), lambda *note: self.notes.append(note)
        )

    def live(self, seconds):
        until_s = self.clock.now_s() + seconds
        while self.clock.now_s() < until_s:
            self.part.work()
            if not self.body_hangs:
                self.body.leave(worked=True)
            self.watch.step(self.clock.now_s())
            self.clock.wait_s(LOOK_EVERY_S)


def test_a_healthy_robot_is_left_alone_and_systemd_hears_of_its_progress():
    world = World()
    world.live(3600.0)
    assert (world.part.renewed, world.notes, world.manager.gave_up) == (0, [], [])
    assert world.manager.pings == pytest.approx(3600 / 2.5, abs=2)


def test_a_part_that_hangs_is_noticed_within_ten_seconds_and_made_anew():
    world = World()
    world.live(60.0)
    world.part.hung = True
    world.live(NOTICED_WITHIN_S)
    assert world.part.renewed == 1
    assert not world.part.hung
    assert world.notes == [("warning", "camera: has delivered nothing; made anew (number 1)")]
    world.live(3600.0)
    assert (world.part.renewed, world.part.rested) == (1, 0)


def test_a_part_that_cannot_be_mended_is_given_up_after_so_many_tries_and_tried_again_rarely_for_ever():
    world = World(cured_by=10**9)
    world.part.hung = True
    world.live(60.0)
    assert (world.part.renewed, world.part.rested) == (RENEWALS, 1)
    assert world.notes[-1] == ("error", "camera: has delivered nothing; given up, tried again in 10 minutes")
    world.live(24 * 3600.0)
    tries_a_day = 24 * 3600.0 / REST_S
    assert world.part.renewed <= tries_a_day + RENEWALS, "each leaves a thread behind"
    assert world.part.rested > 100


def test_a_part_that_comes_back_while_it_rests_is_taken_back_by_itself():
    world = World(cured_by=RENEWALS + 1)
    world.part.hung = True
    world.live(60.0)
    assert world.part.rested == 1
    world.live(REST_S)
    assert not world.part.hung
    renewed = world.part.renewed
    world.live(3600.0)
    assert (world.part.renewed, world.part.rested) == (renewed, 1)


def test_one_restart_of_the_whole_robot_comes_between_the_tries_and_the_rest():
    world = World(cured_by=10**9, restarts=1)
    world.part.hung = True
    world.live(60.0)
    assert world.watch.restart_for == "camera: has delivered nothing"
    assert world.watch.recoveries[0].renewals == RENEWALS


def test_a_body_that_hangs_is_said_once_and_gets_no_pings():
    world = World()
    world.live(60.0)
    pings = world.manager.pings
    world.body_hangs = True
    world.live(NOTICED_WITHIN_S)
    assert len(world.manager.gave_up) == 1
    world.live(60.0)
    assert len(world.manager.gave_up) == 1
    assert world.manager.pings <= pings + 1


def test_pings_come_of_the_bodys_progress_and_not_of_the_watchs_own_life():
    world = World()
    world.body_hangs = True
    world.live(30.0)
    assert world.manager.pings == 1, "the first one, before anything was known"


def test_the_ladder_forgets_troubles_that_are_long_past():
    ladder = Ladder()
    stages = [ladder.next(at_s, False) for at_s in (0.0, 10.0, 20.0, 30.0)]
    assert stages == ["renew"] * RENEWALS + ["rest"]
    assert ladder.next(30.0 + WINDOW_S, may_restart=False) == "renew"


def test_one_that_hangs_at_once_after_a_rest_rests_again_and_one_that_lived_meanwhile_is_tried():
    ladder = Ladder()
    ladder.tried(1000.0)
    assert ladder.next(1000.0 + AGAIN_S, may_restart=False) == "rest"
    assert ladder.next(1000.0 + AGAIN_S, may_restart=True) == "restart"
    assert ladder.next(1001.0 + AGAIN_S, may_restart=False) == "renew"
