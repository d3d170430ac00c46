import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.clock import SteppedClock
from hardware.ports import JOINTS
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.body.body import REST_AFTER_S, REST_AWAKE_AFTER_S, RETRY_S, Body
from robot.body.joints import JOINT_MANNERS
from robot.body.lights.mixer import LAMP
from robot.body.profile import QuietHours
from robot.body.voice.voice import Voice
from robot.config import MotionSettings, QuietSettings
from robot.errors import ConfigError, DeviceLost
from robot.messages import Health, Intent, Utterance

TICK_S = 0.02


class Loseable:
    """Passes on to a real part until `gone`, then raises as a lost device does; counts the tries."""

    def __init__(self, part):
        self._part, self.gone, self.tries = part, False, 0

    def __getattr__(self, name):
        value = getattr(self._part, name)
        if not callable(value):
            return value

        def call(*arguments):
            self.tries += 1
            if self.gone:
                raise DeviceLost(f"{name}: gone; plug it in")
            return value(*arguments)

        return call


class Stage:
    """A whole body on virtual parts, each of which can be taken away, and a clock to step."""

    def __init__(self, seed=1, lights=5, voice=True, quiet=None, **settings):
        self.clock = SteppedClock()
        self.servos = Loseable(VirtualServos())
        self.lights = Loseable(VirtualLights(lights))
        self.recorder = RecordingSpeaker(self.clock)
        self.speaker = Loseable(self.recorder)
        self.voice = Voice(self.speaker, None) if voice else None
        motion = MotionSettings(**settings)
        self.body = Body(self.servos, self.lights, self.voice, motion, random.Random(seed), quiet=quiet)

    def step(self, intent, seconds=TICK_S, health=None, camera_on=False, tick_s=TICK_S):
        told = []
        for _ in range(round(seconds / tick_s)):
            told.append(self.body.step(self.clock.now_s(), intent, health, camera_on=camera_on))
            self.clock.wait_s(tick_s)
        return told


def test_a_happy_intent_ends_in_a_smile_and_a_sad_one_does_not(intend):
    stage = Stage()
    assert stage.step(intend(valence=0.9, arousal=0.3), 3.0)[-1][1].angles_deg["mouth_left"] > 10
    assert stage.step(intend(id="i2", valence=-0.9, arousal=-0.5), 3.0)[-1][1].angles_deg["mouth_left"] < -8


def test_what_it_tells_is_what_the_parts_were_told(intend):
    stage = Stage()
    pose = stage.step(intend(valence=0.5, gaze_pan_deg=30.0, light="warm"), 2.0)[-1][1]
    assert tuple(pose.angles_deg) == JOINTS
    assert pose.angles_deg["neck_pan"] == pytest.approx(stage.servos.angles.neck_pan_deg, abs=0.01)
    for told, shown in zip(pose.lights, stage.lights.pixels.colours, strict=True):
        assert told == pytest.approx(shown, abs=0.001)


def test_eyes_and_neck_together_look_where_the_intent_looks(intend):
    angles = Stage().step(intend(gaze_pan_deg=35.0, gaze_tilt_deg=8.0), 4.0)[-1][1].angles_deg
    assert angles["neck_pan"] + angles["eyes_pan"] == pytest.approx(35.0, abs=0.1)
    assert angles["neck_tilt"] + angles["eyes_tilt"] == pytest.approx(8.0, abs=0.1)


def test_what_an_intent_utters_is_uttered_once(intend):
    stage = Stage()
    stage.step(intend(chirp="hello", say=Utterance("hi", "en", 0.5, 0.0)), 5.0)
    assert len(stage.recorder.played) == 2
    stage.step(intend(), 1.0)
    assert len(stage.recorder.played) == 2
    stage.step(intend(id="i2", chirp="happy"), 1.0)
    assert len(stage.recorder.played) == 3


def test_the_jaw_moves_while_it_speaks_and_the_senses_are_told(intend):
    told = Stage().step(intend(chirp="hello"), 2.0)
    jaws = [pose.angles_deg["jaw"] for _, pose in told]
    assert max(jaws) > 5.0
    assert jaws[-1] == 0.0
    speaking = [own.speaking for own, _ in told]
    assert speaking[2]
    assert not speaking[-1]


def test_hush_stops_the_speech_of_the_intent_before(intend):
    stage = Stage()
    stage.step(intend(chirp="yawn"), 0.2)
    own, _ = stage.step(intend(id="i2", hush=True), 0.1)[-1]
    assert not own.speaking
    assert not stage.recorder.playing


def test_hush_and_a_chirp_in_one_intent_leave_the_chirp(intend):
    stage = Stage()
    stage.step(intend(chirp="yawn"), 0.2)
    assert stage.step(intend(id="i2", hush=True, chirp="soothe"), 0.1)[-1][0].speaking


def test_own_motion_is_none_at_rest_and_some_in_a_move(intend):
    stage = Stage()
    stage.step(intend(), 4.0)
    assert stage.step(intend(), 1.0)[-1][0].servo_speed == 0.0
    moving = [own.servo_speed for own, _ in stage.step(intend(id="i2", gaze_pan_deg=60.0, valence=1.0), 1.0)]
    assert 0.2 < max(moving) <= 1.0


@pytest.mark.parametrize("part", ["servos", "lights", "speaker"])
def test_one_part_gone_is_reported_the_others_go_on_and_it_comes_back(intend, part):
    stage = Stage()
    stage.step(intend(), 2.0)
    getattr(stage, part).gone = True
    stage.step(intend(id="i2", valence=1.0, light="warm", chirp="hello"), 3.0)
    assert stage.body.faults == {part: "lost"}
    assert (part == "servos") == (stage.servos.angles.mouth_left_deg < 5)
    assert (part == "lights") == (sum(stage.lights.pixels.colours[1]) < 1)
    assert (part == "speaker") == (not stage.recorder.played)
    getattr(stage, part).gone = False
    stage.step(intend(id="i3", valence=1.0, light="warm", chirp="hello"), RETRY_S + 2.0)
    stage.step(intend(id="i4", valence=1.0, light="warm", chirp="hello"), 2.0)
    assert stage.body.faults == {}
    assert stage.servos.angles.mouth_left_deg > 5
    assert sum(stage.lights.pixels.colours[1]) > 1
    assert stage.recorder.played


def test_a_dead_bus_is_tried_once_a_second_and_not_on_every_tick(intend):
    stage = Stage()
    stage.servos.gone = True
    stage.step(intend(), 10.0)
    assert stage.servos.tries <= 11


def test_with_everything_gone_it_neither_raises_nor_hangs_and_closes(intend):
    stage = Stage()
    for part in (stage.servos, stage.lights, stage.speaker):
        part.gone = True
    stage.step(intend(chirp="hello", hush=True), 3.0)
    assert set(stage.body.faults) == {"servos", "lights", "speaker"}
    stage.body.close()


def test_a_lost_speaker_keeps_the_mouth_shut(intend):
    stage = Stage()
    health = Health(t_s=0.0, parts={"speaker": "lost"})
    told = stage.step(intend(chirp="hello"), 1.0, health)
    assert max(pose.angles_deg["jaw"] for _, pose in told) == 0.0
    assert not any(own.speaking for own, _ in told)


@pytest.mark.parametrize("part", ["camera", "microphone", "speaker"])
def test_a_lost_sense_shows_in_face_and_light(intend, part):
    well, ill = Stage(), Stage()
    _, healthy = well.step(intend(), 3.0, Health(t_s=0.0, parts={part: "ok"}))[-1]
    _, ailing = ill.step(intend(), 3.0, Health(t_s=0.0, parts={part: "lost"}))[-1]
    assert healthy.angles_deg != ailing.angles_deg
    assert healthy.lights[-1] != ailing.lights[-1]


@pytest.mark.parametrize("state", ["ok", "off"])
def test_a_part_that_is_meant_to_be_off_is_no_fault(intend, state):
    plain, other = Stage(), Stage()
    expected = plain.step(intend(), 2.0)[-1]
    assert other.step(intend(), 2.0, Health(t_s=0.0, parts={"camera": state}))[-1] == expected


def test_the_lamp_follows_the_camera(intend):
    stage = Stage()
    assert stage.step(intend(), camera_on=True)[0][1].lights[0] == LAMP
    assert stage.step(intend(), 1.0)[-1][1].lights[0] == (0.0, 0.0, 0.0)


def test_asleep_it_shuts_its_eyes_and_lets_the_servos_go_and_waking_it_holds_again(intend):
    stage = Stage()
    stage.step(intend(liveliness=1.0), 2.0)
    assert stage.servos.holding
    pose = stage.step(intend(id="i2", state="asleep", light="sleep", liveliness=1.0), 4.0 + REST_AFTER_S)[-1][1]
    assert pose.angles_deg["lid_left"] == JOINT_MANNERS["lid_left"].low_deg
    assert not stage.servos.holding
    stage.step(intend(id="i3", liveliness=1.0), 0.2)
    assert stage.servos.holding


def test_reduced_motion_holds_the_face_still(intend):
    stage = Stage(liveliness=0.0)
    stage.step(intend(liveliness=1.0), 3.0)
    still = {tuple(pose.angles_deg.values()) for _, pose in stage.step(intend(liveliness=1.0), 30.0)}
    assert len(still) == 1


def test_a_lively_robot_blinks_breathes_and_glances(intend):
    told = [pose.angles_deg for _, pose in Stage(liveliness=1.0).step(intend(liveliness=1.0), 30.0)]
    assert min(angles["lid_left"] for angles in told) < -30
    assert max(angles["neck_tilt"] for angles in told) > 1.0
    assert max(abs(angles["eyes_pan"]) for angles in told) > 5.0


def test_the_same_seed_gives_the_same_body_and_another_seed_another(intend):
    lively = intend(liveliness=1.0, chirp="hello")
    assert Stage(seed=5).step(lively, 20.0) == Stage(seed=5).step(lively, 20.0)
    assert Stage(seed=5).step(lively, 20.0) != Stage(seed=6).step(lively, 20.0)


def test_without_a_voice_it_moves_and_shines(intend):
    stage = Stage(voice=False)
    own, pose = stage.step(intend(valence=1.0, chirp="hello", hush=True), 2.0)[-1]
    assert pose.angles_deg["mouth_left"] > 10
    assert not own.speaking
    stage.body.close()


def test_an_unknown_habit_is_refused():
    with pytest.raises(ConfigError, match="'shrug'"):
        Stage(habits=("shrug",))


class Wall:
    """A wall clock to set."""

    def __init__(self, minute):
        self.minute = minute

    def __call__(self):
        return self.minute


def quiet_stage(wall, **settings):
    return Stage(quiet=QuietHours(QuietSettings(from_minute=1320, to_minute=420), wall), liveliness=1.0, **settings)


def test_in_quiet_hours_it_moves_less_and_slower_shines_dimmer_and_speaks_lower(intend):
    day, night = quiet_stage(Wall(720)), quiet_stage(Wall(60))
    lively = intend(liveliness=1.0, light="warm", chirp="hello")
    by_day, by_night = ([pose for _, pose in stage.step(lively, 40.0)] for stage in (day, night))

    def travel(poses):
        necks = [pose.angles_deg["neck_tilt"] for pose in poses]
        return sum(abs(b - a) for a, b in itertools.pairwise(necks))

    assert travel(by_night) < 0.6 * travel(by_day)
    assert sum(by_night[-1].lights[2]) < 0.4 * sum(by_day[-1].lights[2])
    loud, low = (np.abs(stage.recorder.played[0].sound.samples).max() for stage in (day, night))
    assert low == pytest.approx(QuietSettings().voice * loud, rel=0.01)


def test_quiet_hours_come_and_go_with_the_wall_clock_and_without_a_jump(intend):
    wall = Wall(1319)
    stage = quiet_stage(wall)
    bright = stage.step(intend(light="warm"), 12.0)[-1][1].lights[2]
    wall.minute = 1320
    dimming = [pose.lights[2][0] for _, pose in stage.step(intend(light="warm"), 25.0)]
    assert dimming[-1] < 0.4 * bright[0]
    assert max(abs(b - a) for a, b in itertools.pairwise(dimming)) < 0.02
    wall.minute = 420
    assert stage.step(intend(light="warm"), 25.0)[-1][1].lights[2][0] > 0.7 * bright[0]


def test_reduced_motion_changes_faces_without_haste_and_keeps_habits_small(intend):
    full, reduced = Stage(liveliness=1.0), Stage(liveliness=1.0, profile="reduced")
    fast, slow = (stage.step(intend(gaze_pan_deg=50.0, valence=1.0), 4.0) for stage in (full, reduced))
    assert max(own.servo_speed for own, _ in slow[60:]) < 0.6
    assert fast[-1][1].angles_deg["neck_pan"] == pytest.approx(slow[-1][1].angles_deg["neck_pan"], abs=0.5)
    breaths = [
        [pose.angles_deg["neck_tilt"] for _, pose in stage.step(intend(id="i2", liveliness=1.0), 20.0)[200:]]
        for stage in (full, reduced)
    ]
    assert np.ptp(breaths[1]) < 0.5 * np.ptp(breaths[0])


def test_however_slow_the_face_a_blink_shuts_the_eyes(intend):
    slowest = quiet_stage(Wall(60), profile="reduced", habits=("blink",))
    lids = [pose.angles_deg["lid_left"] for _, pose in slowest.step(intend(liveliness=1.0), 60.0)]
    assert min(lids) < -37.0


@pytest.mark.parametrize(
    ("let_go", "awake", "asleep"), [("asleep", True, False), ("still", False, False), ("never", True, True)]
)
def test_at_rest_the_servos_are_let_go_as_the_configuration_says(intend, let_go, awake, asleep):
    stage = Stage(liveliness=0.0, let_go=let_go)
    stage.step(intend(), REST_AWAKE_AFTER_S + 2.0)
    assert stage.servos.holding is awake
    stage.step(intend(id="i2", valence=0.5), 0.5)
    assert stage.servos.holding
    stage.step(intend(id="i3", state="asleep"), 4.0 + REST_AFTER_S)
    assert stage.servos.holding is asleep


def test_driven_without_pause_it_gets_hot_says_so_slows_down_and_recovers(intend):
    stage, chance = Stage(tick_hz=10, liveliness=1.0), random.Random(3)
    seen_hot = False
    for number in range(700):
        wild = intend(
            id=f"i{number}", valence=chance.choice([-1, 1]), gaze_pan_deg=chance.choice([-60, 60]), liveliness=1.0
        )
        stage.step(wild, 0.5, tick_s=0.1)
        seen_hot = seen_hot or stage.body.faults.get("servos") == "hot"
    assert seen_hot
    wild_deg = [
        stage.step(intend(id=f"j{n}", gaze_pan_deg=60.0 * (-1) ** n), 0.5, tick_s=0.1)[-1][1].angles_deg["neck_pan"]
        for n in range(40)
    ]
    assert max(abs(b - a) for a, b in itertools.pairwise(wild_deg)) < 0.25 * JOINT_MANNERS["neck_pan"].speed_deg_s
    stage.step(intend(id="calm"), 120.0, tick_s=0.1)
    assert stage.body.faults == {}


NUMBER = st.floats(-200, 200) | st.sampled_from([float("nan"), float("inf"), float("-inf")])
STATE = st.sampled_from(["asleep", "alone", "noticing", "attending", "curious", "parting", "nonsense"])
LIGHT = st.sampled_from(["off", "warm", "calm", "fault", "farewell", "disco"])
INTENT = st.builds(
    lambda state, light, chirp, hush, numbers: (state, light, chirp, hush, numbers),
    STATE,
    LIGHT,
    st.sampled_from([None, "hello", "boing"]),
    st.booleans(),
    st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER),
)
LOST = st.sets(st.sampled_from(["servos", "lights", "speaker"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(INTENT, st.integers(1, 60), LOST), min_size=1, max_size=8))
def test_no_intent_and_no_fault_breaks_it_or_moves_a_joint_out_of_its_range(script):
    stage = Stage(liveliness=1.0)
    for number, ((state, light, chirp, hush, numbers), ticks, lost) in enumerate(script):
        for part in ("servos", "lights", "speaker"):
            getattr(stage, part).gone = part in lost
        valence, arousal, pan_deg, tilt_deg, liveliness = numbers
        intent = Intent(
            f"i{number}", 0.0, state, valence, arousal, pan_deg, tilt_deg, light, liveliness, (), None, chirp, hush
        )
        for own, pose in stage.step(intent, ticks * TICK_S):
            assert 0.0 <= own.servo_speed <= 1.0
            for joint, angle_deg in pose.angles_deg.items():
                assert JOINT_MANNERS[joint].low_deg <= angle_deg <= JOINT_MANNERS[joint].high_deg
            assert np.all(np.isfinite(pose.lights))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.2, 0.4]), st.floats(0.0, 1.0))
def test_a_frantic_mind_never_drives_a_joint_into_the_drivers_hard_stop(seed, every_s, liveliness):
    stage, chance = Stage(liveliness=liveliness), random.Random(seed)
    limiter = stage.servos._part._limiter
    for number in range(round(40.0 / every_s)):
        wild = {name: chance.choice([-1.0, 1.0]) for name in ("valence", "arousal")}
        pan_deg = chance.choice([-60.0, 60.0])
        intent = Intent(
            f"i{number}", 0.0, "attending", wild["valence"], wild["arousal"], pan_deg, pan_deg / 3, "soft", 1.0, ()
        )
        stage.step(intent, every_s)
        assert limiter.resting == ()


def test_asked_to_be_still_it_stops_where_it_is_and_goes_on_afterwards(intend):
    stage = Stage(liveliness=0.8)
    stage.step(intend(liveliness=0.8), 1.0)
    stage.step(intend(id="i2", gaze_pan_deg=60.0, liveliness=0.8), 0.1)
    still = intend(id="i3", gaze_pan_deg=60.0, liveliness=0.8, still=True)
    stage.step(still, 0.4)  # what is under way is eased out
    held = [pose for _, pose in stage.step(still, 2.0)]
    slow = [joint for joint in JOINTS if not JOINT_MANNERS[joint].quick]
    assert all(pose.angles_deg[joint] == held[0].angles_deg[joint] for pose in held for joint in slow)
    assert abs(held[-1].angles_deg["neck_pan"]) < 30
    ((_, last), *_) = stage.step(intend(id="i4", gaze_pan_deg=60.0), 2.0)[-1:]
    assert last.angles_deg["neck_pan"] > 30
