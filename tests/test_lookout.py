import numpy as np
import pytest
from PIL import Image

from hardware.clock import SteppedClock
from hardware.virtual.sources import open_camera, parse_source
from robot.care.keeper import Keeper
from robot.config import InferenceSettings, RobotSettings, SightSettings
from robot.lookout import Lookout
from robot.messages import OwnMotion
from robot.policy import permission_for
from robot.sense import Sense
from robot.senses.hearing.words.listener import WordListener
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.sight import Sight


@pytest.mark.parametrize(("camera_on_head", "expected"), [(True, (6.0, -2.0)), (False, (0.0, 0.0))])
def test_a_sighting_says_where_a_camera_on_the_head_pointed_when_the_frame_was_taken(
    tmp_path, camera_on_head, expected
):
    picture = tmp_path / "wall.png"
    Image.fromarray(np.full((120, 160, 3), 128, np.uint8)).save(picture)
    clock = SteppedClock()
    sight = Sight(FaceDetector.open(InferenceSettings(), 0.6), None, SightSettings())
    source = parse_source(f"file:{picture}")
    lookout = Lookout(
        clock,
        Keeper("camera", lambda: open_camera(source, clock), clock),
        Keeper("microphone", None, clock),
        Sense(lambda _allowed: sight, lambda allowed: (allowed.camera,)),
        None,
        15.0,
        camera_on_head=camera_on_head,
    )
    lookout.permit(permission_for(RobotSettings()))
    sightings = []
    for _ in range(50):
        lookout.own = OwnMotion(clock.now_s(), 0.0, False, neck_pan_deg=6.0, neck_tilt_deg=-2.0)
        if (sighting := lookout.look(0.0)) is not None:
            sightings.append(sighting)
        assert lookout.own.neck_pan_deg == 6.0
        clock.wait_s(0.02)
    assert len(sightings) >= 2
    assert {(each.camera_pan_deg, each.camera_tilt_deg) for each in sightings} == {expected}
    lookout.close()


def test_muted_nothing_that_is_said_or_how_may_be_listened_for():
    clock, words = SteppedClock(), WordListener("en", threaded=False)
    words.tones.judge_with(lambda: pytest.fail("a turn was judged"))
    nobody = [Keeper(name, None, clock) for name in ("camera", "microphone")]
    lookout = Lookout(clock, *nobody, None, None, 15.0, words=words)
    for muted, wanted in ((False, True), (True, False), (False, True)):
        lookout.permit(permission_for(RobotSettings()), muted)
        assert (words.tones.wanted, words.state == "off") == (wanted, muted)
    lookout.close()
