"""A day and a night of the robot's life in stepped time: mind and body, with visitors as messages.

Time goes on in small steps while somebody is there or the robot sounds, and in longer ones while it is alone or asleep.
"""

import gc
import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from hardware.clock import SteppedClock
from hardware.limits import Duty
from hardware.virtual.body import VIRTUAL_LIMITS, RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import inner_parts
from robot.body.voice.choose import build_voice
from robot.config import Config, VoiceSettings
from robot.messages import Health
from robot.mind.statechart import BEHAVIOURS, ENGAGED
from robot.scenario.percepts import PARTS
from tests.life.visitors import DAY_S, VISITS, Senses, visits_of_a_day

WITH_SOMEBODY_S, ALONE_S, ASLEEP_S = 0.05, 0.2, 5.0
WEIGHED_S = (16 * 3600.0, 23.9 * 3600.0)
"""When live objects are counted: once the ring of reasons is full, and at the end."""

SHUT_DEG = -20.0
ASIDE_DEG = 2.0


@dataclass
class Diary:
    """What was counted over the day."""

    awake_s: float = 0.0
    with_somebody_s: float = 0.0
    talking_s: float = 0.0
    asleep_s: float = 0.0
    blinks: int = 0
    looks_aside: int = 0
    travel_deg: Counter = field(default_factory=Counter)
    said_s: list = field(default_factory=list)
    words: Counter = field(default_factory=Counter)
    said_alone: list = field(default_factory=list)
    states: Counter = field(default_factory=Counter)
    let_go_s: float = 0.0
    objects: list = field(default_factory=list)
    reasons: int = 0


class Robot:
    """Mind and body of the default robot, stepped by hand."""

    def __init__(self, seed):
        config = Config(voice=VoiceSettings(engine="chirps"))
        self.clock = SteppedClock()
        self.servos = VirtualServos()
        voice = build_voice(config.voice, RecordingSpeaker(self.clock, keep=2), "en", threaded=False)
        self.mind, self.body = inner_parts(config, self.servos, VirtualLights(5), voice)
        self.health = Health(t_s=0.0, parts=dict.fromkeys(PARTS, "ok"))
        self.intent = self.own = self.pose = None

    def step(self, picture, hops):
        """One tick now; gives the intent if there is a new one."""
        t_s = self.clock.now_s()
        _, intent = self.mind.step(t_s, picture, hops, self.health)
        self.intent = intent or self.intent
        self.own, self.pose = self.body.step(t_s, self.intent, self.health, camera_on=True)
        return intent


def pause_s(robot, senses, t_s, visit):
    """How long until the next tick: short where something goes on, never beyond the next visitor."""
    if visit is not None or robot.own.speaking or robot.intent.state in (*ENGAGED, "noticing", "parting"):
        return WITH_SOMEBODY_S
    step_s = ASLEEP_S if robot.intent.state == "asleep" else ALONE_S
    return max(WITH_SOMEBODY_S, min(step_s, senses.next_s - t_s))


def live_a_day(seed):
    """Live 24 hours and write the diary."""
    robot, senses, diary = Robot(seed), Senses(visits_of_a_day(random.Random(seed))), Diary()
    weigh = list(WEIGHED_S)
    before = None
    t_s = 0.0
    while t_s < DAY_S:
        visit = senses.visit_at(t_s)
        intent = robot.step(senses.look(t_s), senses.listen(t_s, robot.own))
        diary.reasons += len(robot.mind.reasons.drain())
        step_s = pause_s(robot, senses, t_s, visit)
        note_words(diary, robot, t_s, intent)
        note_moves(diary, robot, before, step_s, visit)
        before = robot.pose.angles_deg
        if weigh and t_s >= weigh[0] and robot.intent.state == "asleep":
            weigh.pop(0)
            gc.collect()
            diary.objects.append(len(gc.get_objects()))
        robot.clock.wait_s(step_s)
        t_s = robot.clock.now_s()
    return diary


def note_words(diary, robot, t_s, intent):
    diary.states[robot.intent.state] += 1
    if intent is not None and intent.say is not None:
        diary.said_s.append(t_s)
        diary.words[intent.say.text] += 1
        if robot.intent.state in ("alone", "asleep"):
            diary.said_alone.append((t_s, intent.say.text))


def note_moves(diary, robot, before, step_s, visit):
    state, angles = robot.intent.state, robot.pose.angles_deg
    for joint, angle in angles.items():
        limit = VIRTUAL_LIMITS[joint]
        assert limit.min_deg - 0.01 <= angle <= limit.max_deg + 0.01, (joint, angle)
    travel = {joint: abs(angle - before[joint]) for joint, angle in angles.items()} if before else {}
    if state == "asleep":
        diary.asleep_s += step_s
        diary.let_go_s += 0.0 if robot.servos.holding else step_s
        return
    diary.awake_s += step_s
    diary.travel_deg.update(travel)
    if robot.own.speaking:
        diary.talking_s += step_s
    if visit is not None and state in ENGAGED:
        diary.with_somebody_s += step_s
        diary.blinks += angles["lid_left"] < SHUT_DEG <= before["lid_left"]
        gaze_deg = robot.intent.gaze_pan_deg
        now_deg, then_deg = (abs(pose["eyes_pan"] + pose["neck_pan"] - gaze_deg) for pose in (angles, before))
        diary.looks_aside += now_deg > ASIDE_DEG >= then_deg


@pytest.fixture(scope="module")
def diary():
    return live_a_day(seed=5)


@pytest.mark.timeout(300)
def test_a_day_has_people_and_sleep_in_it(diary):
    assert set(diary.states) == BEHAVIOURS
    assert diary.asleep_s > 18 * 3600
    assert 0.25 * 3600 < diary.with_somebody_s < 2 * 3600


def test_it_blinks_like_a_person(diary):
    per_minute = diary.blinks / (diary.with_somebody_s / 60)
    assert 8 <= per_minute <= 26, f"{per_minute}: 8 to 21 at rest, more when it talks"


def test_it_looks_away_now_and_then_and_does_not_stare(diary):
    per_minute = diary.looks_aside / (diary.with_somebody_s / 60)
    assert 6 <= per_minute <= 22, per_minute


def test_it_says_enough_and_does_not_chatter(diary):
    assert len(diary.said_s) >= VISITS, "everybody is greeted or told goodbye"
    assert len(diary.said_s) / (diary.with_somebody_s / 60) < 12, diary.words
    gaps = [later - earlier for earlier, later in pairwise(diary.said_s)]
    assert min(gaps) > 0.5, "it never talks over itself"
    assert diary.talking_s < 0.25 * diary.with_somebody_s
    assert diary.said_alone == []
    assert len(diary.words) > 10
    assert max(diary.words.values()) < len(diary.said_s) / 3, "no phrase wears out"


def test_its_servos_rest_as_much_as_they_must(diary):
    for joint, travel_deg in diary.travel_deg.items():
        assert travel_deg / diary.awake_s < Duty().sustained_deg_s / 2, joint
    assert diary.let_go_s > 0.9 * diary.asleep_s, "asleep, nothing is held"


def test_a_day_leaves_nothing_behind(diary):
    early, late = diary.objects
    assert late < early * 1.02
