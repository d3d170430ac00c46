"""The root of the one error tree. `robot.errors` carries it on.

It lies here because `hardware` is the ground floor and may import nothing above it. Every message says what is wrong,
where, and what to do.
"""

from typing import ClassVar


class RapportError(Exception):
    """Anything Rapport can explain to a person. The command line prints it in one line and exits with `exit_code`."""

    exit_code: ClassVar[int] = 2


class DeviceError(RapportError):
    """A camera, microphone, speaker, servo bus, light or accelerator cannot be used as asked."""


class DeviceLost(DeviceError, OSError):
    """A device that worked has gone. The robot goes on without it and keeps trying to open it again."""


class MediaError(RapportError, ValueError):
    """A picture, video or sound file cannot be read as what it claims to be."""


class BoardError(RapportError, ValueError):
    """A board file is wrong: unknown joint, pin used twice, limit outside the servo's range."""
