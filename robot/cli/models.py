"""`rapport models`: which models are there, whether they are whole, and what they promise."""

import argparse
import json
from pathlib import Path

from robot.cli import models_edgetpu, models_evaluate, models_media, models_state, models_update, models_verify
from robot.cli.complete import completing
from robot.inference.manifest import Manifest
from robot.inference.store import MANIFEST_FILE, factory_models, find_model, read_model_files

DESCRIPTION = """Look at the models that read faces and voices.

  list     id, version, size and the first figure of each
  verify   hash every file, load every model and run its golden inputs
  card     what a model is for, what it was measured on, and what it was not
  evaluate how good a model is on labelled faces or voices
  check-edgetpu   operations that a Coral Edge TPU would leave to the processor

New models over the air (docs/updates.md):

  status   which version is in use, on trial, before that, and what is wrong
  check    look for new versions; exit code 10 if there are some
  update   fetch and test new versions, and try them
  import   take new versions from a stick; export writes one for other robots
  rollback, pin, unpin, history

Exit codes: 0 done, 2 wrong use, 10 available, 20 network, 21 expired or clock, 22 security, 23 no space,
24 not for this robot, 25 self-test failed, 26 busy, 27 disk.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "models",
        help="list, verify, explain and update the models",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, action, text in (
        ("list", _list, "which models are there"),
        ("card", _card, "print a model's card"),
    ):
        sub = actions.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        nargs = None if name == "card" else "*"
        model = sub.add_argument("model", nargs=nargs, metavar="MODEL", help="id, id/version or a path (default: all)")
        completing(model, _names)
        if name != "card":
            sub.add_argument("--json", action="store_true", help="print JSON")
        sub.set_defaults(command=action)
    models_verify.add_to(actions)
    models_evaluate.add_to(actions)
    models_edgetpu.add_to(actions, _names, _directories)
    models_update.add_to(actions)
    models_media.add_to(actions)
    models_state.add_to(actions)


def _names() -> list[str]:
    return [f"{directory.parent.name}/{directory.name}" for directory in _directories([])]


def _directories(names: list[str]) -> list[Path]:
    root = factory_models()
    if names:
        return [find_model(name, root) for name in names]
    return sorted(path.parent for path in root.glob(f"*/*/{MANIFEST_FILE}"))


def _list(options: argparse.Namespace) -> int:
    manifests = [read_model_files(directory).manifest for directory in _directories(options.model)]
    if options.json:
        print(json.dumps([_row(manifest) for manifest in manifests], indent=2))
        return 0
    for manifest in manifests:
        figure = f"{manifest.metrics[0].name} {manifest.metrics[0].value:.3f} ({manifest.metrics[0].data})"
        print(f"{manifest.id:<21} {manifest.version:<8} {manifest.size_bytes / 1000:6.0f} kB  {figure}")
    return 0


def _row(manifest: Manifest) -> dict[str, object]:
    return {
        "id": manifest.id,
        "version": manifest.version,
        "task": manifest.task,
        "size_bytes": manifest.size_bytes,
        "licence": manifest.licence,
        "terms": manifest.terms,
        "metrics": [
            {"name": metric.name, "value": metric.value, "n": metric.n, "data": metric.data}
            for metric in manifest.metrics
        ],
    }


def _card(options: argparse.Namespace) -> int:
    (directory,) = _directories([options.model])
    files = read_model_files(directory)
    print(files.content["card.md"].decode("utf-8"))
    return 0
