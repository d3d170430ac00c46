"""Is there an Edge TPU, and could it be used."""

import ctypes
from collections.abc import Iterator

from hardware.coral import edge_tpu_plugged
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject
from robot.errors import ModelRefused
from robot.inference.delegates import EDGETPU_LIBRARY
from robot.inference.store import factory_models, find_model, read_model_files

NAME = "accelerator"
INSTALL = "install Google's runtime: `sudo apt install libedgetpu1-std` from coral.ai's repository"


def examine(subject: Subject) -> Iterator[Finding]:
    """Look for the device, its runtime, and models compiled for it. No delegate is loaded here: it may hang."""
    if subject.config.inference.accelerator == "cpu":
        yield Finding(NAME, "note", "the configuration asks for the processor only")
        return
    plugged = edge_tpu_plugged(subject.root)
    if not plugged:
        wanted = subject.config.inference.accelerator == "edgetpu"
        fix = "plug the Coral in, into a blue USB port; it is taken up without a restart" if wanted else ""
        yield Finding(NAME, "warning" if wanted else "ok", "no Edge TPU; the processor runs the models", fix)
        return
    if not _loads(EDGETPU_LIBRARY):
        yield Finding(NAME, "warning", f"an Edge TPU is plugged in, but {EDGETPU_LIBRARY} is missing", INSTALL)
        return
    if not _compiled(subject):
        yield Finding(NAME, "note", "an Edge TPU is there, but no model in use is compiled for it: the processor works")
        return
    yield Finding(NAME, "ok", "an Edge TPU, its runtime and a model for it are there")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _compiled(subject: Subject) -> bool:
    wanted = subject.config.models
    for reference in (wanted.face_expression, wanted.voice_tone):
        try:
            if read_model_files(find_model(reference, factory_models())).edgetpu_model is not None:
                return True
        except ModelRefused:
            # The check of the models says what is wrong with it.
            continue
    return False
