"""Failure has a face: the matrix of everything that can be wrong, in face and light, as the whole body shows it."""

import itertools
import random

import numpy as np
import pytest

from hardware.ports import JOINTS
from hardware.virtual.body import VirtualLights, VirtualServos
from robot.body.ailments import AILMENTS, ailing
from robot.body.body import Body
from robot.body.catalogue import names
from robot.body.joints import JOINT_MANNERS, values_deg
from robot.body.lights.mixer import EFFECTS
from robot.body.motion import Motion
from robot.body.stance import Liveness, Stance
from robot.config import MotionSettings
from robot.messages import Health

TICK_S = 0.02
WRONG = {
    "well": {"camera": "ok", "microphone": "ok", "voice_tone": "off"},
    "blind": {"camera": "lost"},
    "deaf": {"microphone": "lost"},
    "hot": {"processor": "hot"},
    "updating": {"models": "updating"},
    "muted": {"microphone": "muted"},
    "degraded": {"face_expression": "refused"},
}
MOODS = [(0.0, 0.0), (0.8, 0.4), (-0.6, -0.4), (-0.8, 0.5), (0.1, 0.9)]
SEEN_DEG = 4.0
"""A joint of the face that is this far off is seen from two metres: a tenth or more of its travel."""


def lived(intend, parts, seconds, lights=1, tick_s=TICK_S, **changes):
    """(angles in the end, brightness over time of the last light) with the health of `parts`."""
    body = Body(VirtualServos(), VirtualLights(lights), None, MotionSettings(liveliness=0.0), random.Random(1))
    health = Health(t_s=0.0, parts=parts)
    told = [
        body.step(tick * tick_s, intend(**changes), health, camera_on=False)[1]
        for tick in range(round(seconds / tick_s))
    ]
    glow = [0.2126 * pose.lights[-1][0] + 0.7152 * pose.lights[-1][1] + 0.0722 * pose.lights[-1][2] for pose in told]
    return np.array([told[-1].angles_deg[joint] for joint in JOINTS]), np.array(glow[round(1.0 / tick_s) :])


@pytest.mark.parametrize(("valence", "arousal"), MOODS)
def test_every_two_failures_and_health_itself_have_different_faces_in_every_mood(intend, valence, arousal):
    faces = {name: lived(intend, parts, 3.0, valence=valence, arousal=arousal)[0] for name, parts in WRONG.items()}
    for one, other in itertools.combinations(WRONG, 2):
        assert np.abs(faces[one] - faces[other]).max() >= SEEN_DEG, (one, other)


def test_so_they_do_over_the_whole_plane_of_moods(intend):
    stance, motion = Stance((), random.Random(1), 50.0), Motion(50.0)
    for valence, arousal in itertools.product(np.linspace(-1, 1, 11), np.linspace(-1, 1, 11)):
        mood = intend(valence=valence, arousal=arousal)
        wishes = {
            name: stance.wish(0.0, mood, ailing(parts), None, Liveness(), motion) for name, parts in WRONG.items()
        }
        for one, other in itertools.combinations(WRONG, 2):
            apart = np.abs(np.subtract(values_deg(wishes[one]), values_deg(wishes[other]))).max()
            assert apart >= SEEN_DEG, (one, other, valence, arousal)


@pytest.mark.parametrize("light", ["fault", "breathe", "soft"])
@pytest.mark.parametrize("lights", [1, 5])
def test_every_two_failures_and_health_itself_have_different_lights_without_regard_to_colour(intend, light, lights):
    glows = {name: lived(intend, parts, 40.0, lights, 0.1, light=light)[1] for name, parts in WRONG.items()}
    for one, other in itertools.combinations(WRONG, 2):
        first, second = (glow / glow.mean() for glow in (glows[one], glows[other]))
        stretches = np.lib.stride_tricks.sliding_window_view(second, 200)
        assert np.sqrt(np.mean((stretches - first[:200]) ** 2, axis=1)).min() > 0.15, (one, other)


def test_every_failure_has_a_light_of_its_own_name():
    assert set(AILMENTS) == set(WRONG) - {"well"}
    assert set(AILMENTS) <= set(names(EFFECTS))


@pytest.mark.parametrize("name", WRONG)
def test_each_failure_is_known_by_the_health_of_the_parts(name):
    found = ailing(WRONG[name])
    assert (found.name if found is not None else "well") == name


def test_the_most_telling_failure_shows_where_several_are_wrong():
    everything = {part: health for parts in WRONG.values() for part, health in parts.items()}
    assert ailing(everything | {"camera": "lost", "microphone": "lost"}).name == "blind"
    assert ailing({"microphone": "lost", "speaker": "lost"}).name == "deaf"
    assert ailing({"servos": "hot", "lights": "lost"}).name == "hot"


def test_what_nobody_asked_for_is_no_failure():
    assert ailing({"camera": "off", "microphone": "off", "face_expression": "off"}) is None
    assert ailing({}) is None


@pytest.mark.parametrize("name", AILMENTS)
@pytest.mark.parametrize(("valence", "arousal"), MOODS)
def test_an_ailing_face_stays_inside_every_joint(intend, name, valence, arousal):
    angles, _ = lived(intend, WRONG[name], 3.0, valence=valence, arousal=arousal)
    for joint, angle in zip(JOINTS, angles, strict=True):
        assert JOINT_MANNERS[joint].low_deg <= angle <= JOINT_MANNERS[joint].high_deg
