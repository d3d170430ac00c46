import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.errors import DeviceError, DeviceLost
from robot.care.doctor.checks.camera import examine
from tests.care.doctor.patient import Eyes, Silence, only, patient, scene


def look(picture=scene, live=True, **how):
    clock = SteppedClock()
    subject = patient(clock, camera=lambda: Eyes(clock, picture, **how), camera_is_live=live)
    return list(examine(subject))


def noisy(grey, spread=2.0):
    return lambda index: np.clip(
        np.random.default_rng(index).normal(grey, spread, (240, 320, 3)), 0, 255
    ).astype(np.uint8)  # fmt: skip


def test_a_camera_that_sees_well_is_well_and_says_what_was_measured():
    finding = only(look())
    assert finding.severity == "ok"
    assert finding.measured["rate_hz"] == pytest.approx(15.0, abs=0.2)
    assert finding.measured["late_ms"] == pytest.approx(50, abs=2)
    assert 0.2 < finding.measured["brightness"] < 0.6
    assert finding.measured["sharpness"] > 0.1


@pytest.mark.parametrize(
    ("picture", "severity", "says"),
    [
        (noisy(4), "fault", "dark"),
        (noisy(250), "fault", "white"),
        (noisy(120), "fault", "one even grey"),
        (lambda index: scene(1), "fault", "frozen"),
    ],
)
def test_what_keeps_it_from_seeing_is_named_with_a_fix(picture, severity, says):
    finding = only(look(picture))
    assert finding.severity == severity
    assert says in finding.what
    assert finding.fix


def test_a_blurred_picture_is_told_from_a_sharp_one():
    rows, columns = np.mgrid[0:240, 0:320]

    def soft(index):
        waves = 120 + 60 * np.sin(rows / 25) + 50 * np.cos(columns / 30)
        grain = np.random.default_rng(index).normal(0, 0.5, waves.shape)
        return np.repeat((waves + grain)[..., None], 3, axis=2).astype(np.uint8)

    finding = only(look(soft))
    assert (finding.severity, "blurred" in finding.what) == ("warning", True)
    assert "lens" in finding.fix


def test_slow_and_late_pictures_are_each_a_finding_of_their_own():
    found = look(rate_hz=4.0, late_s=0.9)
    assert [each.severity for each in found] == ["warning", "warning"]
    assert "4.0 pictures a second, 15 are wanted" in found[0].what
    assert "0.9 s late" in found[1].what


def test_a_file_may_stand_still_and_be_soft():
    assert only(look(lambda index: scene(1), live=False)).severity == "ok"


def test_a_camera_that_sends_nothing_is_a_fault():
    clock = SteppedClock()
    finding = only(examine(patient(clock, camera=lambda: Silence(clock))))
    assert (finding.severity, "no picture within 6 s" in finding.what) == ("fault", True)


def test_a_camera_that_is_not_there_goes_or_is_not_asked_for():
    def busy():
        raise DeviceError("camera 0: cannot start it (busy); see that no other program uses it")

    class Goes(Eyes):
        def read(self, timeout_s):
            raise DeviceLost("camera 0: no picture for 3 s; check its ribbon cable")

    finding = only(examine(patient(camera=busy)))
    assert (finding.severity, "busy" in finding.what) == ("fault", True)
    assert "rpicam-hello" in finding.fix
    clock = SteppedClock()
    assert "ribbon" in only(examine(patient(clock, camera=lambda: Goes(clock, scene)))).what
    assert only(examine(patient(camera=None))).severity == "note"


def test_the_camera_is_let_go():
    clock = SteppedClock()
    eyes = Eyes(clock, scene)
    list(examine(patient(clock, camera=lambda: eyes)))
    assert eyes.closed
