"""Sound from one rate to another as it comes, by FFmpeg's resampler (through `av`)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class StreamResampler:
    """Resamples a mono stream from `from_hz` to `to_hz`, stretch by stretch, without clicks between them."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        import av  # noqa: PLC0415

        self._from_hz = from_hz
        self._new_frame = av.AudioFrame.from_ndarray
        self._resampler = av.AudioResampler(format="fltp", layout="mono", rate=to_hz)

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """What comes out for `samples` (float32, shape (n,)); a little stays inside until the next push."""
        if len(samples) == 0:
            return samples
        frame = self._new_frame(np.ascontiguousarray(samples[np.newaxis, :]), format="fltp", layout="mono")
        frame.sample_rate = self._from_hz
        return _joined(self._resampler.resample(frame))

    def flush(self) -> NDArray[np.float32]:
        """What was still inside. Nothing can be pushed after that."""
        return _joined(self._resampler.resample(None))


def _joined(frames: list[Any]) -> NDArray[np.float32]:
    parts = [frame.to_ndarray()[0].astype(np.float32) for frame in frames]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def resample(samples: NDArray[np.float32], from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """A whole sound at another rate."""
    if from_hz == to_hz or len(samples) == 0:
        return samples
    stream = StreamResampler(from_hz, to_hz)
    return np.concatenate([stream.push(samples), stream.flush()])
