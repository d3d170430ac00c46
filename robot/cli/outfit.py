"""Which devices a command line asks for: cameras and microphones by source, bodies by name."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hardware.boards.board import Board
from hardware.boards.calibration import Calibration, calibrated, read_calibration
from hardware.boards.reading import load_board
from hardware.clock import Clock, SteppedClock
from hardware.corrected import LeveledMicrophone, TurnedCamera
from hardware.pi.vitals import read_vitals
from hardware.ports import Camera, Lights, Microphone, MuteSwitch, Servos, Speaker
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from hardware.virtual.lent import LentCamera, LentMicrophone
from hardware.virtual.sources import open_camera, open_microphone, parse_source
from hardware.virtual.switch import SwitchCamera, SwitchMicrophone
from robot.assembly import Devices
from robot.cli.calibration_file import calibration_path
from robot.config import Config

if TYPE_CHECKING:  # a web server is imported only where there is a page
    from robot.cli.page import Page

SCENE = "scene"
"""The source of `rapport simulate`: the sample scene, until a page hands over its camera and microphone."""

BROWSER = "browser"
Body = tuple[Callable[[], Servos], Callable[[], Lights], Callable[[], Speaker]]
LIVE = frozenset({"picamera2", "pyaudio"})
VIRTUAL_LIGHTS = 5
"""How many lights the drawn robot has: enough to see a colour run along them."""


@dataclass(frozen=True)
class Wish:
    """The sources that the person asked for, as they wrote them."""

    camera: str
    microphone: str

    def of_browser(self) -> bool:
        """True if a page is needed to see or hear at all."""
        return BROWSER in (self.camera, self.microphone)

    def live(self) -> frozenset[str]:
        """The devices among `camera` and `microphone` whose silence is a fault: a file may pause as it likes."""
        wished = {"camera": self.camera, "microphone": self.microphone}
        return frozenset(device for device, source in wished.items() if source.partition(":")[0] in LIVE)

    def never_ends(self) -> bool:
        """True if the camera is a still picture: it shows for ever, and a run at full pace would never stop."""
        from hardware.virtual.media import is_still_picture  # noqa: PLC0415  a robot on devices opens no file

        source = parse_source(self.camera)
        return source.path is not None and source.path.is_file() and is_still_picture(source.path)


def devices_for(wish: Wish, config: Config, clock: Clock, page: "Page | None") -> Devices:
    """How to open everything that `wish` and `config` name.

    Raises:
        ConfigError: a source or board is not known.
        BoardError: the board file is wrong.
    """
    servos, lights, speaker = _body(config, clock, page)
    return Devices(
        camera=_as_calibrated(_camera(wish.camera, clock, page), wish.camera, config),
        microphone=_at_its_level(_microphone(wish.microphone, config, clock, page), wish.microphone, config),
        servos=servos,
        lights=lights,
        speaker=speaker,
        mutes=_mutes(config),
        vitals=None if isinstance(clock, SteppedClock) else read_vitals,
    )


def _mutes(config: Config) -> tuple[Callable[[], MuteSwitch], ...]:
    """The mute switch of the board, if there is one."""
    spec = load_board(config.body.board).mute if config.body.kind == "pi" else None
    if spec is None:
        return ()
    # The Pi's modules are imported only where its body is built.
    from hardware.pi.mute import PinMute  # noqa: PLC0415

    return (lambda: PinMute(spec),)


def _camera(source: str, clock: Clock, page: "Page | None") -> Callable[[], Camera] | None:
    if source == SCENE and page is not None:
        from robot.simulator.sample_scene import SceneCamera, load_scene  # noqa: PLC0415  only a simulator has one

        switch = SwitchCamera({"sample": SceneCamera(load_scene(), clock), BROWSER: page.camera}, first="sample")
        page.on_choice(switch.select)
        return lambda: LentCamera(switch, page.camera.lend, page.camera.give_back)
    if source == BROWSER and page is not None:
        return lambda: LentCamera(page.camera, page.camera.lend, page.camera.give_back)
    parsed = parse_source(source)
    return None if parsed.kind == "none" else lambda: open_camera(parsed, clock)


def _microphone(source: str, config: Config, clock: Clock, page: "Page | None") -> Callable[[], Microphone] | None:
    if source == SCENE and page is not None:
        from robot.simulator.sample_scene import SceneMicrophone, load_scene  # noqa: PLC0415  as above

        switch = SwitchMicrophone(
            {"sample": SceneMicrophone(load_scene(), clock), BROWSER: page.microphone}, first="sample"
        )
        page.on_choice(switch.select)
        return lambda: LentMicrophone(switch, page.microphone.lend, page.microphone.give_back)
    if source == BROWSER and page is not None:
        return lambda: LentMicrophone(page.microphone, page.microphone.lend, page.microphone.give_back)
    parsed = parse_source(source)
    if parsed.kind == "pyaudio" and not parsed.device and config.body.kind == "pi":
        parsed = replace(parsed, device=load_board(config.body.board).sound.microphone)
    return None if parsed.kind == "none" else lambda: open_microphone(parsed, clock)


def _body(config: Config, clock: Clock, page: "Page | None") -> Body:
    if config.body.kind == "pi":
        return _pi_body(config, clock)
    servos, lights = VirtualServos(), VirtualLights(VIRTUAL_LIGHTS)
    speaker = RecordingSpeaker(
        clock, on_play=page.play if page else None, on_stop=page.hub.hush if page else None, keep=4
    )
    return lambda: servos, lambda: lights, lambda: speaker


def _pi_body(config: Config, clock: Clock) -> Body:
    # The Pi's modules are imported only where its body is built.
    from hardware.pi.lights import open_lights  # noqa: PLC0415
    from hardware.pi.servos import open_servos  # noqa: PLC0415
    from hardware.pi.speaker import PyAudioSpeaker  # noqa: PLC0415

    board = real_board(config)
    return (
        lambda: open_servos(board, clock),
        lambda: open_lights(board),
        lambda: PyAudioSpeaker(clock, board.sound.speaker),
    )


def calibration_of(config: Config) -> tuple[Board, Calibration]:
    """The board of a pi body, and what was measured on this very robot.

    Raises:
        BoardError: the board file or the calibration is wrong.
    """
    board = load_board(config.body.board)
    return board, read_calibration(calibration_path(config), board)


def real_board(config: Config) -> Board:
    """The board of a pi body as it really is: narrowed, trimmed and turned by its calibration.

    Raises:
        BoardError: as for `calibration_of`.
    """
    return calibrated(*calibration_of(config))


def _as_calibrated(build: Callable[[], Camera] | None, source: str, config: Config) -> Callable[[], Camera] | None:
    """The Pi's own camera, turned the right way up; any other as it is."""
    if build is None or config.body.kind != "pi" or not source.startswith("picamera2"):
        return build
    found = calibration_of(config)[1].camera
    return build if found is None or found.turn_deg == 0 else lambda: TurnedCamera(build(), found.turn_deg)


def _at_its_level(
    build: Callable[[], Microphone] | None, source: str, config: Config
) -> Callable[[], Microphone] | None:
    """The robot's own microphone with its calibrated gain; any other as it is."""
    if build is None or config.body.kind != "pi" or not source.startswith("pyaudio"):
        return build
    found = calibration_of(config)[1].microphone
    return build if found is None or found.gain_db == 0 else lambda: LeveledMicrophone(build(), found.gain_db)
