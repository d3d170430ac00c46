"""Camera and microphone as calibrated: pictures turned the right way up, sound at the level that the robot expects.

Both wrap a real part and are one themselves; what they wrap does the rest.
"""

import numpy as np
from numpy.typing import NDArray

from hardware.ports import Camera, Frame, Microphone, Sound


class TurnedCamera:
    """A camera whose pictures are turned by `turn_deg` (0, 90, 180 or 270) clockwise."""

    def __init__(self, camera: Camera, turn_deg: int) -> None:
        self._camera = camera
        self._quarters = -(turn_deg // 90)

    @property
    def dropped(self) -> int:
        """What the camera dropped."""
        return self._camera.dropped

    @property
    def finished(self) -> bool:
        """True when the camera will never deliver again."""
        return self._camera.finished

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame, turned; see `hardware.ports.Camera.read`."""
        frame = self._camera.read(timeout_s)
        if frame is None or self._quarters == 0:
            return frame
        small = None if frame.small is None else turned(frame.small, self._quarters)
        return Frame(frame.seq, frame.t_s, turned(frame.pixels, self._quarters), small)

    def close(self) -> None:
        """Let the camera go."""
        self._camera.close()


def turned(pixels: NDArray[np.uint8], quarters: int) -> NDArray[np.uint8]:
    """A picture turned by quarter turns, counter-clockwise, read-only and in one piece."""
    picture = np.ascontiguousarray(np.rot90(pixels, quarters))
    picture.setflags(write=False)
    return picture


class LeveledMicrophone:
    """A microphone whose sound is louder by `gain_db`, and never beyond -1..1."""

    def __init__(self, microphone: Microphone, gain_db: float) -> None:
        self._microphone = microphone
        self._gain = np.float32(10.0 ** (gain_db / 20.0))

    @property
    def dropped(self) -> int:
        """What the microphone lost."""
        return self._microphone.dropped

    @property
    def finished(self) -> bool:
        """True when the microphone will never deliver again."""
        return self._microphone.finished

    def read(self, timeout_s: float) -> Sound | None:
        """The next block, at its level; see `hardware.ports.Microphone.read`."""
        sound = self._microphone.read(timeout_s)
        if sound is None:
            return None
        samples: NDArray[np.float32] = np.clip(sound.samples * self._gain, -1.0, 1.0)
        samples.setflags(write=False)
        return Sound(sound.seq, sound.t_s, samples)

    def close(self) -> None:
        """Let the microphone go."""
        self._microphone.close()
