"""The errors of the robot: one tree, each message says what, where and what to do."""

from typing import ClassVar

from hardware.errors import BoardError, DeviceError, DeviceLost, MediaError, RapportError

__all__ = [
    "BoardError",
    "ConfigError",
    "DeviceError",
    "DeviceLost",
    "EngineMissing",
    "EvaluationError",
    "Incompatible",
    "InferenceError",
    "ListeningError",
    "MediaError",
    "MemoryFailed",
    "ModelRefused",
    "NetworkFailed",
    "NoSpace",
    "PartStuck",
    "RapportError",
    "ReportError",
    "RepositoryStale",
    "ScenarioError",
    "SelfTestFailed",
    "ServerError",
    "SpeechError",
    "StorageFailed",
    "StoreBusy",
    "UpdateError",
    "UpdateRefused",
]


class ConfigError(RapportError, ValueError):
    """A configuration file or option is wrong. Names file, key, value and the fix."""


class InferenceError(RapportError, RuntimeError):
    """A model ran and failed: the interpreter raised, or the output holds NaN or infinity."""


class ModelRefused(RapportError, ValueError):
    """A model directory breaks its contract: missing file, wrong hash, wrong shape, failed golden test."""


class EngineMissing(RapportError, ImportError):
    """An optional library or program is not installed. Names the command that installs it."""


class EvaluationError(RapportError, ValueError):
    """Labelled data for an evaluation is absent or not what it must be."""


class PartStuck(RapportError, RuntimeError):
    """A part of the robot hangs so that only a new process helps. Exit code 75 (EX_TEMPFAIL, sysexits.h): try again."""

    exit_code: ClassVar[int] = 75


class ReportError(RapportError, ValueError):
    """A report cannot be read back: damaged, cut off, no report at all, or written by a newer version."""


class ScenarioError(RapportError, ValueError):
    """A scenario file is wrong. Names file, line, key and the fix."""


class MemoryFailed(RapportError, RuntimeError):
    """What is remembered cannot be read or written now. Names the file, the fault and the fix; nothing is lost."""


class ServerError(RapportError, OSError):
    """The simulator's server cannot start, for example because the port is in use."""


class ListeningError(RapportError, RuntimeError):
    """The recogniser of words failed, died or took too long. The robot goes on with face and tone."""


class SpeechError(RapportError, RuntimeError):
    """A speech engine failed, died or took too long. The robot answers with a chirp instead."""


class UpdateError(RapportError):
    """A model update cannot be done as asked. The models that were in use stay in use."""


class NetworkFailed(UpdateError):
    """The repository cannot be reached, is too slow, or something else answers in its place (a captive portal)."""

    exit_code: ClassVar[int] = 20


class RepositoryStale(UpdateError):
    """The repository's signatures have expired, or this robot's clock is wrong."""

    exit_code: ClassVar[int] = 21


class UpdateRefused(UpdateError):
    """Security: a signature, hash or version is not what it must be, or something older is offered as new."""

    exit_code: ClassVar[int] = 22


class NoSpace(UpdateError):
    """The disk is full, or would be."""

    exit_code: ClassVar[int] = 23


class Incompatible(UpdateError):
    """The model is not made for this robot: another application version, processor or input and output."""

    exit_code: ClassVar[int] = 24


class SelfTestFailed(UpdateError):
    """The model crashed, hung, answered wrongly or was too slow in its self-test. It is not tried again."""

    exit_code: ClassVar[int] = 25


class StoreBusy(UpdateError):
    """Another process is changing the model store."""

    exit_code: ClassVar[int] = 26


class StorageFailed(UpdateError):
    """The disk is read-only or fails. Nothing that was not safely written is trusted."""

    exit_code: ClassVar[int] = 27
