"""Camera and microphone of a visitor's browser: a page sends, the robot reads.

`offer` is called from the server's thread and only lays the bytes down; they are judged and decoded in the reader's
thread. What comes over the wire is not trusted: anything but a plain picture or sound of sane size is dropped and
counted in `bad`. A page that is closed is no lost device: reading gives None, `connected` becomes false, and the next
page that hands over its camera goes on where this one stopped.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from hardware.clock import Clock
from hardware.errors import MediaError
from hardware.mailbox import FifoMailbox, LatestMailbox
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound

SILENT_PAGE_S = 2.0
"""A page that has sent nothing for so long is taken for gone."""

MAX_SIDE_PX = 2048
MAX_PIXELS = 1280 * 960
"""Four times what the page sends. A small file that claims more is a bomb: it is never decoded."""

MAX_BLOCK_SAMPLES = SAMPLE_RATE_HZ
BLOCKS_HELD = 64
"""Two seconds of the page's 32 ms blocks."""

MAX_DRIFT_S = 0.25
"""How far arrival may wander from the count of samples before the time of the sound is set anew."""


class Presence:
    """Remembers when something last came."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_s: float | None = None

    @property
    def connected(self) -> bool:
        """True while something came within the last `SILENT_PAGE_S`."""
        last_s = self._last_s
        return last_s is not None and self._clock.now_s() - last_s <= SILENT_PAGE_S

    def mark(self) -> float:
        """Something came now; returns the time."""
        self._last_s = now_s = self._clock.now_s()
        return now_s

    def forget(self) -> None:
        """The page has gone."""
        self._last_s = None


class _FromPage:
    """What camera and microphone of a page share: the bytes it laid down, and whether it is still there."""

    def __init__(self, clock: Clock, mailbox: FifoMailbox[tuple[float, bytes]]) -> None:
        self._presence = Presence(clock)
        self._mailbox = mailbox
        self._seq = 0
        self._lent = True
        self.bad = 0

    @property
    def connected(self) -> bool:
        """True while a page sends."""
        return self._presence.connected

    @property
    def dropped(self) -> int:
        """Pictures or blocks that were lost because nobody read them in time."""
        return self._mailbox.dropped

    @property
    def finished(self) -> bool:
        """True after `close`: until then another page may always come."""
        return self._mailbox.closed

    def lend(self) -> None:
        """The robot looks or listens: what a page sends is taken."""
        self._drop_all()
        self._lent = True

    def give_back(self) -> None:
        """The robot may not, or is muted: what a page sends is dropped unread, and so is what still lay there."""
        self._lent = False
        self._drop_all()

    def offer(self, data: bytes) -> None:
        """Lay down what a page sent. Never waits; from any thread."""
        if not self._lent:
            return
        self._mailbox.put((self._presence.mark(), data))

    def disconnect(self) -> None:
        """The page took its device back, or is gone."""
        self._presence.forget()

    def _drop_all(self) -> None:
        while self._mailbox.take() is not None:
            pass

    def close(self) -> None:
        """Take no more. May be called twice."""
        self._presence.forget()
        self._mailbox.close()


class BrowserCamera(_FromPage):
    """The camera of a page that handed it over: JPEG pictures. Implements `hardware.ports.Camera`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, LatestMailbox())

    def disconnect(self) -> None:
        """The page took its camera back, or is gone: no picture of it stays behind."""
        super().disconnect()
        self._mailbox.take()

    def read(self, timeout_s: float) -> Frame | None:
        """The newest picture not yet read, waiting up to `timeout_s` for one; None if there is none or it was bad."""
        laid = self._mailbox.take(timeout_s)
        if laid is None:
            return None
        t_s, jpeg = laid
        try:
            pixels = decode_jpeg(jpeg)
        except MediaError:
            self.bad += 1
            return None
        frame = Frame(self._seq, t_s, pixels)
        self._seq += 1
        return frame


class BrowserMicrophone(_FromPage):
    """The microphone of a page that handed it over. Implements `hardware.ports.Microphone`.

    It takes int16 little-endian sound, mono, 16 kHz, up to a second at a time.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, FifoMailbox(BLOCKS_HELD))
        self._next_s: float | None = None

    def read(self, timeout_s: float) -> Sound | None:
        """The next block, waiting up to `timeout_s` for one; None if there is none or it was bad."""
        laid = self._mailbox.take(timeout_s)
        if laid is None:
            return None
        arrival_s, pcm = laid
        if not pcm or len(pcm) % 2 or len(pcm) // 2 > MAX_BLOCK_SAMPLES:
            self.bad += 1
            return None
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)
        sound = Sound(self._seq, self._start_s(arrival_s, len(samples)), samples)
        self._seq += 1
        return sound

    def _start_s(self, arrival_s: float, count: int) -> float:
        """Time of the first sample: counted on from the block before, so that a jittery network leaves no holes."""
        duration_s = count / SAMPLE_RATE_HZ
        measured_s = arrival_s - duration_s
        if self._next_s is None or abs(measured_s - self._next_s) > MAX_DRIFT_S:
            self._next_s = measured_s
        start_s = self._next_s
        self._next_s = start_s + duration_s
        return start_s


def decode_jpeg(jpeg: bytes) -> NDArray[np.uint8]:
    """Pixels of a baseline JPEG: uint8 RGB of shape (height, width, 3), read-only.

    Progressive pictures are refused: a few bytes can ask for thousands of passes, and no browser's canvas makes them.

    Raises:
        MediaError: it is not a baseline JPEG, is larger than `MAX_PIXELS`, or is cut short.
    """
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX or image.info.get("progressive"):
                raise MediaError(
                    f"a browser's picture is a baseline JPEG of up to {MAX_PIXELS} pixels; send it smaller"
                )
            pixels = np.array(image.convert("RGB"))
    except MediaError:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"a browser's picture cannot be read as JPEG ({error}); send a whole one") from error
    pixels.flags.writeable = False
    return pixels
