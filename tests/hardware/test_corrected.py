"""Pictures the right way up and sound at its level, and everything else of the part as it is."""

import numpy as np
import pytest

from hardware.corrected import LeveledMicrophone, TurnedCamera
from hardware.errors import DeviceLost
from hardware.ports import Frame, Sound


class Part:
    """A camera and a microphone in one."""

    dropped, finished = 3, False

    def __init__(self, value):
        self._value, self.closed = value, False

    def read(self, timeout_s):
        if isinstance(self._value, Exception):
            raise self._value
        return self._value

    def close(self):
        self.closed = True


@pytest.mark.parametrize(("turn_deg", "corner"), [(0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))])
def test_the_upper_left_corner_goes_where_a_clockwise_turn_takes_it(turn_deg, corner):
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[0, 0] = 200
    frame = TurnedCamera(Part(Frame(7, 1.5, pixels, pixels[::2, ::2])), turn_deg).read(0.0)
    assert frame.pixels[corner].tolist() == [200, 200, 200]
    assert frame.pixels.shape == ((4, 6, 3) if turn_deg % 180 == 0 else (6, 4, 3))
    assert frame.small[corner].tolist() == [200, 200, 200]
    assert (frame.seq, frame.t_s) == (7, 1.5)


def test_sound_is_made_louder_and_stays_in_its_range():
    sound = Sound(1, 2.0, np.array([0.01, -0.2, 0.9], dtype=np.float32))
    heard = LeveledMicrophone(Part(sound), 20.0).read(0.0)
    assert heard.samples == pytest.approx([0.1, -1.0, 1.0])
    assert heard.samples.dtype == np.float32
    assert (heard.seq, heard.t_s) == (1, 2.0)


@pytest.mark.parametrize("wrap", [lambda part: TurnedCamera(part, 90), lambda part: LeveledMicrophone(part, 6.0)])
def test_the_rest_is_the_parts_own(wrap):
    part = Part(None)
    wrapped = wrap(part)
    assert wrapped.read(0.0) is None
    assert (wrapped.dropped, wrapped.finished) == (3, False)
    wrapped.close()
    assert part.closed
    with pytest.raises(DeviceLost):
        wrap(Part(DeviceLost("gone; plug it in"))).read(0.0)
