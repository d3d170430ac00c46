"""The words between the robot and the process that holds its accelerator, one MessagePack array each."""

import msgspec


class Request(msgspec.Struct, frozen=True, array_like=True):
    """What the robot asks: `load` a model (`data`: its bytes) under `key`, or `run` it (`data`: its input)."""

    act: str
    key: str
    data: bytes


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """The output; or `fault`, what is wrong with the device; or `refused`, what is wrong with the model."""

    data: bytes = b""
    fault: str = ""
    refused: str = ""
