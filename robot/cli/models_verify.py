"""`rapport models verify`: hash every file of every model, shipped and stored, load it and run its golden inputs."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from robot.cli.complete import completing
from robot.cli.models_store import (
    add_store_options,
    model_ids,
    open_store,
    progress,
    settings_of,
    shipped_versions,
    task_of,
    unused_tasks,
)
from robot.config import InferenceSettings
from robot.errors import ModelRefused, RapportError
from robot.inference.store import MANIFEST_FILE, factory_models, find_model, read_model_files

if TYPE_CHECKING:
    from robot.updates.store import Store

DESCRIPTION = """Check that models are whole and answer as they should: those that shipped, and those in the store.

Every byte is hashed, every model loaded, and all its golden inputs are run. A model that consent or place forbid here
(see --config) is hashed and never loaded. `rapport models update` fetches again what has rotted in the store.
"""


@dataclass(frozen=True, slots=True)
class _Target:
    """One directory to look at. `fault` is what is known to be wrong with it already."""

    name: str
    source: str
    directory: Path
    fault: str = ""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = actions.add_parser(
        "verify",
        help="check that models are whole and answer as they should",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    model = parser.add_argument("model", nargs="*", metavar="MODEL", help="id, id/version or a path (default: all)")
    completing(model, lambda: [*model_ids(), *shipped_versions()])
    add_store_options(parser)
    parser.set_defaults(command=_verify)


def _verify(options: argparse.Namespace) -> int:
    unused = unused_tasks(settings_of(options))
    targets = list(_targets(open_store(options), options.model))
    tell = progress(options.json)
    results = []
    for number, target in enumerate(targets, start=1):
        runs = task_of(target.directory) not in unused
        fault = target.fault or _fault(target.directory, run=runs)
        results.append(
            {
                "model": target.name,
                "source": target.source,
                "ok": not fault,
                "fault": fault,
                "ran": not fault and runs,
            }
        )
        if len(targets) > 2:
            tell.count(number, len(targets), "models")
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        for result in results:
            whole = "whole" if result["ran"] else "whole, and not run: consent or place forbid it here"
            print(f"{result['model']:<28} {result['source']:<9} {whole if result['ok'] else result['fault']}")
    broken = [result for result in results if not result["ok"]]
    if broken and options.json:
        return 2
    if broken:
        stored = any(result["source"] != "shipped" for result in broken)
        mend = "run `rapport models update`" if stored else "install them again"
        raise RapportError(f"{len(broken)} of {len(results)} models refused; {mend}")
    return 0


def _targets(store: "Store", names: list[str]) -> Iterator[_Target]:
    """What to look at: everything, or what was named."""
    root = factory_models()
    plain = [name for name in names if name in model_ids()]
    for name in names:
        if name not in plain:
            directory = find_model(name, root)
            yield _Target(f"{directory.parent.name}/{directory.name}", "shipped", directory)
    wanted = plain or ([] if names else model_ids())
    for directory in sorted(path.parent for path in root.glob(f"*/*/{MANIFEST_FILE}")):
        if directory.parent.name in wanted:
            yield _Target(f"{directory.parent.name}/{directory.name}", "shipped", directory)
    for model_id in wanted:
        slots = store.state.slots(model_id)
        sources = {"current": slots.current, "trial": slots.trial, "previous": slots.previous}
        for source, stored in sources.items():
            if stored:
                fault = store.shelf.fault(model_id, stored)
                yield _Target(f"{model_id}/{stored}", source, store.shelf.sets / model_id / stored, fault)


def _fault(directory: Path, run: bool) -> str:
    """What is wrong with a model; empty if nothing is."""
    # The interpreter takes a tenth of a second to import: only the action that needs it pays.
    from robot.inference.model import Model  # noqa: PLC0415

    try:
        read_model_files(directory)
        if run:
            model = Model.load(directory, InferenceSettings(accelerator="cpu"), self_test=False)
            model.self_test()
    except ModelRefused as error:
        return str(error)
    return ""
