import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.ports import JOINTS, JointAngles
from robot.body.ailments import AILMENTS
from robot.body.joints import JOINT_MANNERS, values_deg
from robot.body.layers import PRIORITIES, Layer, blended
from robot.body.motion import Motion
from robot.body.stance import Liveness, Stance

TICK_HZ = 50.0
POSE = st.builds(lambda values: JointAngles(*values), st.lists(st.floats(-60.0, 60.0), min_size=11, max_size=11))
LAYER = st.builds(
    Layer,
    st.sampled_from(PRIORITIES),
    POSE,
    st.dictionaries(st.sampled_from(JOINTS), st.floats(0.0, 1.0), max_size=4),
)


def test_layers_add_up():
    layers = [Layer("posture", JointAngles(neck_tilt_deg=4.0)), Layer("habit", JointAngles(neck_tilt_deg=-1.0))]
    assert blended(layers).neck_tilt_deg == pytest.approx(3.0)


def test_a_claim_takes_a_joint_from_lower_layers_only():
    layers = [
        Layer("expression", JointAngles(jaw_deg=8.0, mouth_left_deg=10.0)),
        Layer("speech", JointAngles(jaw_deg=3.0), {"jaw": 1.0, "mouth_left": 0.5}),
    ]
    assert blended(layers).jaw_deg == pytest.approx(3.0)
    assert blended(layers).mouth_left_deg == pytest.approx(5.0)
    upside_down = [
        Layer("expression", JointAngles(jaw_deg=8.0), {"jaw": 1.0}),
        Layer("speech", JointAngles(jaw_deg=3.0)),
    ]
    assert blended(upside_down).jaw_deg == pytest.approx(11.0)


@given(st.permutations(PRIORITIES), st.lists(POSE, min_size=5, max_size=5))
def test_the_priority_counts_and_not_the_order_of_telling(names, poses):
    claims = {"jaw": 0.5, "neck_pan": 1.0}
    layers = [Layer(name, poses[PRIORITIES.index(name)], claims) for name in names]
    ordered = [Layer(name, pose, claims) for name, pose in zip(PRIORITIES, poses, strict=True)]
    assert values_deg(blended(layers)) == pytest.approx(values_deg(blended(ordered)))


@given(st.lists(LAYER, max_size=6), POSE)
def test_a_layer_that_claims_everything_has_the_last_word(layers, pose):
    below = [layer for layer in layers if layer.name != "speech"]
    top = Layer("speech", pose, dict.fromkeys(JOINTS, 1.0))
    assert values_deg(blended([*below, top])) == pytest.approx(values_deg(pose))


def test_a_layer_or_joint_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="'dance' is no layer"):
        Layer("dance", JointAngles())
    with pytest.raises(ValueError, match="claims 'tail'"):
        Layer("habit", JointAngles(), {"tail": 1.0})


def test_interrupted_at_any_moment_by_any_layer_no_joint_jumps(intend):
    """Speech, ailments, sleep, gaze and mood come and go at random; what they change is only the wish."""
    chance, motion = random.Random(7), Motion(TICK_HZ)
    stance = Stance(("blink", "breathe", "glance"), random.Random(1), TICK_HZ)
    path, until = [], 0
    intent, ailment, jaw_deg = intend(), None, None
    for tick in range(6000):
        if tick >= until:
            until = tick + chance.randint(1, 25)
            intent = intend(
                state=chance.choice(["attending", "asleep", "curious"]),
                valence=chance.uniform(-1, 1),
                arousal=chance.uniform(-1, 1),
                gaze_pan_deg=chance.uniform(-60, 60),
                gaze_tilt_deg=chance.uniform(-20, 20),
                liveliness=chance.random(),
            )
            ailment = chance.choice([None, *AILMENTS.values()])
            jaw_deg = chance.choice([None, 0.0, 16.0])
        wish = stance.wish(tick / TICK_HZ, intent, ailment, jaw_deg, Liveness(), motion)
        path.append(values_deg(motion.step(tick / TICK_HZ, wish)))
    speeds = [[TICK_HZ * (b - a) for a, b in zip(*pair, strict=True)] for pair in itertools.pairwise(path)]
    changes = [[TICK_HZ * (b - a) for a, b in zip(*pair, strict=True)] for pair in itertools.pairwise(speeds)]
    for index, joint in enumerate(JOINTS):
        assert max(abs(speed[index]) for speed in speeds) <= JOINT_MANNERS[joint].speed_deg_s + 1e-6
        assert max(abs(change[index]) for change in changes) <= JOINT_MANNERS[joint].acceleration_deg_s2 + 1e-3


def test_speech_has_the_jaw_however_surprised_the_face_is(intend):
    stance = Stance((), random.Random(1), TICK_HZ)
    surprised = intend(arousal=1.0)
    silent = stance.wish(0.0, surprised, None, None, Liveness(), Motion(TICK_HZ))
    closed = stance.wish(0.02, surprised, None, 0.0, Liveness(), Motion(TICK_HZ))
    assert silent.jaw_deg > 5.0
    assert closed.jaw_deg == 0.0
