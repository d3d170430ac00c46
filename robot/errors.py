"""The errors of the robot: one tree, each message says what, where and what to do."""

from hardware.errors import BoardError, DeviceError, DeviceLost, MediaError, RapportError

__all__ = [
    "BoardError",
    "ConfigError",
    "DeviceError",
    "DeviceLost",
    "EngineMissing",
    "InferenceError",
    "MediaError",
    "ModelRefused",
    "RapportError",
    "ReportError",
    "ScenarioError",
    "ServerError",
    "SpeechError",
]


class ConfigError(RapportError, ValueError):
    """A configuration file or option is wrong. Names file, key, value and the fix."""


class InferenceError(RapportError, RuntimeError):
    """A model ran and failed: the interpreter raised, or the output holds NaN or infinity."""


class ModelRefused(RapportError, ValueError):
    """A model directory breaks its contract: missing file, wrong hash, wrong shape, failed golden test."""


class EngineMissing(RapportError, ImportError):
    """An optional library or program is not installed. Names the command that installs it."""


class ReportError(RapportError, ValueError):
    """A report cannot be read back: damaged, cut off, no report at all, or written by a newer version."""


class ScenarioError(RapportError, ValueError):
    """A scenario file is wrong. Names file, line, key and the fix."""


class ServerError(RapportError, OSError):
    """The simulator's server cannot start, for example because the port is in use."""


class SpeechError(RapportError, RuntimeError):
    """A speech engine failed, died or took too long. The robot answers with a chirp instead."""
