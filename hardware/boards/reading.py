"""Reading a board file, and refusing one that would break something."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from hardware.boards.board import Board, JointSpec, LightsSpec, MuteSpec, Pca9685Spec, SoundSpec
from hardware.errors import BoardError
from hardware.ports import JOINTS

Table = TypeVar("Table")

FOLDER = Path(__file__).parent

I2C_PINS = (2, 3)
SPI_PINS = (7, 8, 9, 10, 11)
I2S_PINS = (18, 19, 20, 21)
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "pca9685": Pca9685Spec,
    "lights": LightsSpec,
    "sound": SoundSpec,
    "mute": MuteSpec,
}


def shipped_boards() -> list[str]:
    """The names of the boards that come with the robot."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_board(name: str | Path) -> Board:
    """The board called `name` among those shipped, or the board file at that path.

    Raises:
        BoardError: there is no such board, or its file is wrong; the message names file, key and fix.
    """
    path = Path(name)
    if path.suffix != ".toml":
        if str(name) not in shipped_boards():
            raise BoardError(f"no board called {str(name)!r}; use one of {', '.join(shipped_boards())} or a .toml file")
        path = FOLDER / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BoardError(f"{path}: no such file; name a board file, or one of {', '.join(shipped_boards())}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BoardError(f"{path}: cannot be read as text ({error}); name a readable TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise BoardError(f"{path}: not TOML: {error}; mend that line") from None
    return read_board(table, str(path))


def read_board(table: dict[str, Any], where: str) -> Board:
    """A board from a parsed table; `where` names it in errors.

    Raises:
        BoardError: as for `load_board`.
    """
    board = _converted(table, where)
    check_board(board, where)
    return board


def check_board(board: Board, where: str) -> None:
    """Refuse a board that would break something, however it was made; `where` names it in errors.

    Raises:
        BoardError: as for `load_board`.
    """
    for complaint in _complaints(board):
        raise BoardError(f"{where}: {complaint}")


def _converted(table: dict[str, Any], where: str) -> Board:
    # Converted table by table: msgspec's own path does not say which joint it means.
    joints = table.get("joints", {})
    if not isinstance(joints, dict):
        raise BoardError(f"{where}: joints: must be tables; write [joints.neck_pan] and so on")
    parts: dict[str, Any] = {key: value for key, value in table.items() if key not in ("joints", *SECTIONS)}
    for key, kind in SECTIONS.items():
        if key in table:
            parts[key] = _convert(table[key], kind, where, key)
    parts["joints"] = {}
    for name, joint in joints.items():
        if name not in JOINTS:
            raise BoardError(f"{where}: joints.{name}: no such joint; the joints are {', '.join(JOINTS)}")
        parts["joints"][name] = _convert(joint, JointSpec, where, f"joints.{name}")
    return _convert(parts, Board, where, "")


def _convert(table: Any, kind: type[Table], where: str, key: str) -> Table:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        text, _, inner = str(error).partition(" - at `$")
        place = ".".join(part for part in (key, inner.rstrip("`").removeprefix(".")) if part)
        raise BoardError(
            f"{where}: {place + ': ' if place else ''}{text[0].lower()}{text[1:]}; mend it there"
        ) from None


def _complaints(board: Board) -> Iterator[str]:
    """Everything that is wrong with a board whose types are right, in the order to mend it."""
    for name, joint in board.joints.items():
        yield from (f"joints.{name}.{complaint}" for complaint in _joint_complaints(joint, board))
    yield from _lights_complaints(board.lights)
    yield from _shared_pins(board)
    yield from _shared_channels(board)


def _joint_complaints(joint: JointSpec, board: Board) -> Iterator[str]:
    if (joint.pin is None) == (joint.channel is None):
        yield "pin: give either a pin or a channel, one of them"
    if joint.channel is not None and board.pca9685 is None:
        yield "channel: channels need a PCA9685; add a table [pca9685]"
    if joint.pulse_min_us >= joint.pulse_max_us:
        yield f"pulse_min_us: {joint.pulse_min_us} is not below pulse_max_us; to turn it write reversed = true"
    if joint.servo_min_deg >= joint.servo_max_deg:
        yield f"servo_min_deg: {joint.servo_min_deg:g} is not below servo_max_deg; to turn it write reversed = true"
        return
    if not joint.min_deg <= joint.neutral_deg <= joint.max_deg:
        yield f"neutral_deg: {joint.neutral_deg:g} lies outside min_deg..max_deg ({joint.min_deg:g}..{joint.max_deg:g})"
    for key, joint_deg in (("min_deg", joint.min_deg), ("max_deg", joint.max_deg)):
        servo_deg = joint.servo_deg(joint_deg)
        if not joint.servo_min_deg <= servo_deg <= joint.servo_max_deg:
            span = f"{joint.servo_min_deg:g}..{joint.servo_max_deg:g}"
            yield f"{key}: {joint_deg:g} would turn the servo to {servo_deg:g}, outside its {span}; make it smaller"
    if (
        joint.channel is not None
        and board.pca9685 is not None
        and joint.pulse_max_us >= 1e6 / board.pca9685.frequency_hz
    ):
        yield "pulse_max_us: longer than the time between pulses; lower pca9685.frequency_hz"


def _lights_complaints(lights: LightsSpec | None) -> Iterator[str]:
    if lights is None:
        return
    if lights.kind == "rgb_led" and lights.pins is None:
        yield "lights.pins: an RGB LED needs its three pins; write pins = [red, green, blue]"
    if lights.kind == "rgb_led" and lights.count != 1:
        yield "lights.count: an RGB LED is one light; leave count out"
    if lights.kind != "rgb_led" and lights.pins is not None:
        yield f"lights.pins: {lights.kind} pixels hang on SPI (GPIO10, GPIO11); leave pins out"


def _shared_pins(board: Board) -> Iterator[str]:
    reserved: dict[int, str] = {}
    if board.pca9685 is not None:
        reserved.update(dict.fromkeys(I2C_PINS, "I2C, for the PCA9685"))
    if board.lights is not None and board.lights.kind != "rgb_led":
        reserved.update(dict.fromkeys(SPI_PINS, "SPI, for the lights"))
    if board.sound.i2s:
        reserved.update(dict.fromkeys(I2S_PINS, "I2S, for the sound"))
    used: dict[int, str] = {}
    for key, pin in pins_of(board):
        if pin in reserved:
            yield f"{key}: GPIO{pin} is taken by {reserved[pin]}; use another pin"
        if pin in used:
            yield f"{key}: GPIO{pin} is already used by {used[pin]}; use another pin"
        used[pin] = key


def pins_of(board: Board) -> Iterator[tuple[str, int]]:
    """Every GPIO pin that the board file names, with the key that names it."""
    for name, joint in board.joints.items():
        if joint.pin is not None:
            yield f"joints.{name}.pin", joint.pin
    if board.lights is not None and board.lights.pins is not None:
        for colour, pin in zip(("red", "green", "blue"), board.lights.pins, strict=True):
            yield f"lights.pins ({colour})", pin

    if board.mute is not None:
        yield "mute.pin", board.mute.pin


def _shared_channels(board: Board) -> Iterator[str]:
    used: dict[int, str] = {}
    for name, joint in board.joints.items():
        if joint.channel is None:
            continue
        if joint.channel in used:
            yield f"joints.{name}.channel: {joint.channel} is already used by {used[joint.channel]}; use another"
        used[joint.channel] = name
