"""The camera driver calls picamera2 as its published source says; so does the stand-in that the other tests use.

picamera2 cannot be imported without libcamera, which only a Raspberry Pi's system brings. So its source is read, not
run: every call that `hardware/pi/camera.py` makes must exist there, take these arguments, and mean what we take it for.
What no source shows, that frames really come, only a Pi can.
"""

import ast
import inspect
from importlib import metadata
from pathlib import Path

import pytest

from hardware.pi import camera
from hardware.pi.camera import stream_settings
from tests.hardware.test_pi_camera import FakePicamera2, Job, Request


@pytest.fixture(scope="module")
def package():
    """The folder of the installed picamera2, the version that constraints.txt pins."""
    try:
        distribution = metadata.distribution("picamera2")
    except metadata.PackageNotFoundError:
        pytest.skip("not tested: picamera2 is not installed here (tools/setup --for test fetches its source)")
    return Path(str(distribution.locate_file("picamera2")))


def methods(path, name):
    """Method name to its definition, the last one where overloads come before it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return {node.name: node for node in found.body if isinstance(node, ast.FunctionDef)}


def takes(definition, positional, keywords):
    """Whether a definition can be called with so many positional arguments after self, and these keywords."""
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in definition.decorator_list)
    names = [argument.arg for argument in definition.args.args][0 if static else 1 :]
    required = names[: len(names) - len(definition.args.defaults)]
    given = set(names[:positional]) | set(keywords)
    only = {argument.arg for argument in definition.args.kwonlyargs}
    return positional <= len(names) and set(keywords) <= set(names) | only and set(required) <= given


def calls_in_our_driver(receiver):
    """Every method that the driver calls on `receiver` (`self._device`, `request` ...), with how it calls it."""
    tree = ast.parse(inspect.getsource(camera))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if ast.unparse(node.func.value) == receiver:
            keywords = [each.arg for each in node.keywords if each.arg is not None]
            if any(each.arg is None for each in node.keywords):
                keywords += list(stream_settings(15.0))
            yield node.func.attr, len(node.args), keywords


REQUEST_CALL = "self._device.capture_request(wait=False)"


@pytest.mark.parametrize(
    ("receiver", "file", "kind", "least"),
    [
        ("self._device", "picamera2.py", "Picamera2", 6),
        ("Picamera2", "picamera2.py", "Picamera2", 1),
        ("request", "request.py", "CompletedRequest", 3),
        (REQUEST_CALL, "job.py", "Job", 1),
    ],
)
def test_every_call_of_the_driver_is_there_and_takes_these_arguments(package, receiver, file, kind, least):
    known = methods(package / file, kind)
    calls = list(calls_in_our_driver(receiver))
    assert len({name for name, _, _ in calls}) >= least, "the driver was read"
    for name, positional, keywords in calls:
        assert name in known, f"{kind}.{name} is gone"
        assert takes(known[name], positional, keywords), f"{kind}.{name} takes other arguments"


def test_a_camera_is_opened_by_its_number(package):
    assert takes(methods(package / "picamera2.py", "Picamera2")["__init__"], 1, [])


def test_what_tells_cameras_apart_is_listed(package):
    tree = ast.parse((package / "picamera2.py").read_text(encoding="utf-8"))
    (kind,) = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "GlobalCameraInfo"]
    keys = {node.target.id for node in kind.body if isinstance(node, ast.AnnAssign)}
    assert {"Model", "Id", "Num"} <= keys


def test_a_request_that_is_not_waited_for_is_a_job(package):
    whole = methods(package / "picamera2.py", "Picamera2")["capture_request"]
    assert "Job[CompletedRequest]" in ast.unparse(whole.returns)
    assert "wait" in ast.unparse(whole.body[-1])


def test_the_formats_of_both_streams_are_known_ones(package):
    source = (package / "formats.py").read_text(encoding="utf-8")
    settings = stream_settings(15.0)
    assert f'"{settings["main"]["format"]}"' in source
    assert f'"{settings["lores"]["format"]}"' in source


def test_a_sensor_stamp_is_part_of_what_a_request_tells(package):
    everything = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    assert "SensorTimestamp" in everything


@pytest.mark.parametrize(
    ("stand_in", "file", "kind"),
    [
        (FakePicamera2, "picamera2.py", "Picamera2"),
        (Request, "request.py", "CompletedRequest"),
        (Job, "job.py", "Job"),
    ],
)
def test_the_stand_in_of_the_other_tests_asks_for_nothing_that_is_not_there(package, stand_in, file, kind):
    known = methods(package / file, kind)
    own = {"deliver", "fail"}
    for name, method in inspect.getmembers(stand_in, inspect.isfunction):
        if name.startswith("__") or name in own:
            continue
        assert name in known, f"{kind}.{name} is not picamera2's"
        parameters = [each for each in inspect.signature(method).parameters if each != "self"]
        theirs = [argument.arg for argument in known[name].args.args]
        assert set(parameters) <= {*theirs, "config"}, name
