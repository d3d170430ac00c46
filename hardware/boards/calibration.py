"""What was measured on one robot: how its servos, camera, microphone and lights differ from its board file.

One JSON file for each robot, written by `rapport calibrate`, read at every start. It can only make the board's limits
narrower, and the board that comes out is checked like any board file: nothing in here moves a joint where the board
file does not let it.
"""

from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from hardware.boards.board import Board, Degrees, JointSpec, LightsSpec
from hardware.boards.reading import check_board
from hardware.errors import BoardError
from hardware.whole_file import write_whole

ChannelOrder = Literal["rgb", "rbg", "grb", "gbr", "brg", "bgr"]
"""Which channel of a light is really fed when red, green and blue are asked for."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the file; an unknown key in it is an error, not ignored."""


class JointCalibration(_Table, frozen=True):
    """One joint: the servo's angle at its zero, whether it turns the other way, and how far it may really go."""

    trim_deg: Degrees
    reversed: bool
    min_deg: Degrees
    max_deg: Degrees


class CameraCalibration(_Table, frozen=True):
    """How the camera is built in: pictures are turned by `turn_deg` clockwise before anybody sees them.

    `sharpness` is the best that was reached, to compare with later.
    """

    turn_deg: Literal[0, 90, 180, 270] = 0
    sharpness: float = 0.0


class MicrophoneCalibration(_Table, frozen=True):
    """What is added to the microphone's level, and the levels of room and speech (dBFS) that it was made from."""

    gain_db: Annotated[float, Meta(ge=-20.0, le=30.0)] = 0.0
    floor_dbfs: float = -100.0
    speech_dbfs: float = -100.0


class LightsCalibration(_Table, frozen=True):
    """Which colour is which, how many pixels there really are, and how bright they may be."""

    order: ChannelOrder = "rgb"
    count: Annotated[int, Meta(ge=1, le=256)] = 1
    brightness: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0


class Calibration(_Table, frozen=True):
    """All of one robot, made for the board called `board`. What was not calibrated yet is missing."""

    board: str
    joints: dict[str, JointCalibration] = {}
    camera: CameraCalibration | None = None
    microphone: MicrophoneCalibration | None = None
    lights: LightsCalibration | None = None


def read_calibration(path: Path, board: Board) -> Calibration:
    """The calibration in a file; an empty one when there is no file yet.

    Raises:
        BoardError: it is damaged, was made for another board, or breaks that board's limits.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Calibration(board.name)
    except OSError as error:
        raise BoardError(f"{path}: cannot be read ({error.strerror}); mend its permissions") from None
    try:
        calibration = msgspec.json.decode(content, type=Calibration)
    except msgspec.DecodeError as error:
        raise BoardError(f"{path}: no calibration ({error}); delete it and run `rapport calibrate` again") from None
    if calibration.board != board.name:
        raise BoardError(
            f"{path}: made for board {calibration.board!r}, this robot has {board.name!r}; "
            "run `rapport calibrate` again, or name the right board"
        )
    calibrated(board, calibration, str(path))
    return calibration


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Keep a calibration: the whole new file or the whole old one, whatever happens meanwhile.

    Raises:
        BoardError: it cannot be written.
    """
    content = msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, 0o644)
    except OSError as error:
        raise BoardError(f"{path}: cannot be written ({error.strerror}); name another with --file") from None


def calibrated(board: Board, calibration: Calibration, where: str = "calibration") -> Board:
    """The board as it really is. `where` names the calibration in errors.

    Raises:
        BoardError: a joint or light that the board lacks, a limit wider than the board's, or a servo out of its range.
    """
    joints = dict(board.joints)
    for name, measured in calibration.joints.items():
        if name not in joints:
            raise BoardError(f"{where}: joints.{name}: board {board.name} has no such joint; calibrate it again")
        joints[name] = _joint(joints[name], measured, f"{where}: joints.{name}")
    lights = board.lights
    if lights is not None and calibration.lights is not None:
        lights = _lights(lights, calibration.lights, where)
    real = msgspec.structs.replace(board, joints=joints, lights=lights)
    check_board(real, where)
    return real


def _joint(spec: JointSpec, measured: JointCalibration, where: str) -> JointSpec:
    if measured.min_deg < spec.min_deg or measured.max_deg > spec.max_deg:
        raise BoardError(
            f"{where}: {measured.min_deg:g}..{measured.max_deg:g} is wider than the board's "
            f"{spec.min_deg:g}..{spec.max_deg:g}; calibrate it again"
        )
    if measured.min_deg > measured.max_deg:
        raise BoardError(f"{where}: min_deg {measured.min_deg:g} is above max_deg; calibrate it again")
    neutral_deg = min(max(spec.neutral_deg, measured.min_deg), measured.max_deg)
    return msgspec.structs.replace(
        spec,
        trim_deg=measured.trim_deg,
        reversed=measured.reversed,
        min_deg=measured.min_deg,
        max_deg=measured.max_deg,
        neutral_deg=neutral_deg,
    )


def _lights(spec: LightsSpec, measured: LightsCalibration, where: str) -> LightsSpec:
    if measured.brightness > spec.brightness or measured.count > spec.count:
        raise BoardError(
            f"{where}: lights: brighter or more than the board allows ({spec.count} at {spec.brightness:g}); "
            "calibrate them again"
        )
    return msgspec.structs.replace(spec, order=measured.order, count=measured.count, brightness=measured.brightness)


ORDERS: tuple[str, ...] = get_args(ChannelOrder)
