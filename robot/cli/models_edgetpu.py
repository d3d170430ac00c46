"""`rapport models check-edgetpu`: which operations of a model an Edge TPU would leave to the processor."""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from robot.cli.complete import completing
from robot.errors import ModelRefused
from robot.inference.edgetpu_operations import operations, unmapped
from robot.inference.interpreter import looks_like_a_model
from robot.inference.store import factory_models, find_model, read_model_files

DESCRIPTION = """List the operations of models, and those that an Edge TPU would leave to the processor.

A necessary check, not a sufficient one: the compiler (edgetpu_compiler, from Google's Coral repository) also looks at
sizes and ranks, and only a model that it compiled runs on a Coral. Exit code 1 when something would not map. Where none
is named, those of float32 numbers are left out: they were made for the processor.
"""


def add_to(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    names: Callable[[], list[str]],
    directories: Callable[[list[str]], list[Path]],
) -> None:
    """Add this action's parser. `names` are for completion, `directories` all models that are meant by none."""
    parser = actions.add_parser(
        "check-edgetpu",
        help="list operations that an Edge TPU would not run",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    model = parser.add_argument(
        "model", nargs="*", metavar="MODEL", help="id, id/version, a model's folder or a .tflite file (default: all)"
    )
    completing(model, names)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=lambda options: _check(options, directories))


def _check(options: argparse.Namespace, directories: Callable[[list[str]], list[Path]]) -> int:
    wanted = options.model or [str(path) for path in directories([]) if _is_for_a_coral(path)]
    results = [_result(name, _content(name)) for name in wanted]
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        for result in results:
            _print(result)
    return 1 if any(result["unmapped"] for result in results) else 0


def _is_for_a_coral(directory: Path) -> bool:
    return read_model_files(directory).manifest.input.dtype != "float32"


def _content(name: str) -> bytes:
    """The bytes of a model by name, folder or file."""
    path = Path(name)
    if path.suffix != ".tflite":
        return read_model_files(find_model(name, factory_models())).model
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelRefused(f"{path}: cannot be read ({error.strerror}); name a .tflite file") from None
    if not looks_like_a_model(content):
        raise ModelRefused(f"{path}: not a TFLite model (no TFL3 mark, or cut short); name another file")
    return content


def _result(name: str, content: bytes) -> dict[str, object]:
    found = operations(content)
    shown = "/".join(Path(name).parts[-2:])
    return {
        "model": shown,
        "operations": dict(sorted(Counter(operation for operation, _ in found).items())),
        "unmapped": unmapped(found),
    }


def _print(result: dict[str, object]) -> None:
    counts, lines = result["operations"], result["unmapped"]
    if not isinstance(counts, dict) or not isinstance(lines, list):
        return
    print(f"{result['model']}: {', '.join(f'{count} {name}' for name, count in counts.items())}")
    for line in lines or ["every operation may map on an Edge TPU; only its compiler can say for sure"]:
        print(f"  {line}")
