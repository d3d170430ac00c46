"""The simulator's page beside a running robot: what goes to it, and what it hands over."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from hardware.clock import Clock
from hardware.ports import Frame, Sound
from hardware.virtual.browser import BrowserCamera, BrowserMicrophone
from robot.cli.screen import offer_address
from robot.config import ServerSettings
from robot.simulator.hub import Hub
from robot.simulator.server import SimulatorServer

PICTURE_EVERY_S = 0.1
PICTURE_SIZE = (480, 360)
PICTURE_QUALITY = 60


class Page:
    """A server with its hub, and the browser's camera and microphone as devices of the robot.

    `takes_source` false: the page shows, but may not hand over its camera.
    """

    def __init__(self, settings: ServerSettings, clock: Clock, takes_source: bool) -> None:
        self.hub = Hub(takes_source=takes_source)
        self.camera = BrowserCamera(clock)
        self.microphone = BrowserMicrophone(clock)
        self.hub.on_camera = self.camera.offer
        self.hub.on_microphone = self.microphone.offer
        self.hub.source_requested = self._choose
        self._choices: list[Callable[[str], None]] = []
        self._server = SimulatorServer(settings, self.hub)
        self._next_picture_s = 0.0
        self._offered = False

    def start(self) -> str:
        """Start the server; returns the address to open, good for one use.

        Raises:
            ServerError: the port is in use.
        """
        return self._server.start()

    def fresh_address(self) -> str:
        """Another address that works once, for another browser."""
        return self._server.fresh_address()

    def offer(self, folder: Path) -> None:
        """Lay an unused address down in `folder` for the browser of the screen, whenever the last one was used."""
        if self._offered and not self._server.address_used:
            return
        offer_address(folder, self._server.fresh_address())
        self._offered = True

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()

    def on_choice(self, select: Callable[[str], None]) -> None:
        """Call `select` with `browser` when a page hands over its camera, with `sample` when it takes it back."""
        self._choices.append(select)

    def watch(self, frame: Frame) -> None:
        """Show a frame to the pages that look, at most ten times a second. Held in memory until sent, never stored."""
        if not self.hub.wants_picture or frame.t_s < self._next_picture_s:
            return
        self._next_picture_s = frame.t_s + PICTURE_EVERY_S
        picture = Image.fromarray(frame.pixels)
        picture.thumbnail(PICTURE_SIZE, Image.Resampling.BILINEAR, reducing_gap=1.0)
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=PICTURE_QUALITY)
        self.hub.picture(jpeg.getvalue())

    def _choose(self, source: str) -> None:
        for select in self._choices:
            select(source)
        if source != "browser":
            self.camera.disconnect()
            self.microphone.disconnect()

    def play(self, _t_s: float, sound: Sound) -> None:
        """Let the pages hear what the robot says."""
        self.hub.sound(sound)
