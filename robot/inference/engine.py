"""Which TFLite package runs the models: `ai_edge_litert` or `tflite_runtime`, two packages with one interface.

LiteRT is the maintained one and the default. `tflite_runtime` 2.14 needs NumPy below 2 but does not say so: with NumPy
2 it imports and then raises SystemError when an interpreter is built, so both places are guarded.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from robot.errors import EngineMissing

Choice = Literal["auto", "litert", "tflite"]

PACKAGES: dict[str, str] = {"litert": "ai_edge_litert", "tflite": "tflite_runtime"}
"""Name in the configuration to import package, in the order in which `auto` tries them."""

FIX: dict[str, str] = {
    "litert": "pip install ai-edge-litert",
    "tflite": "pip install 'tflite-runtime==2.14.0' 'numpy<2' (Python 3.11 or older)",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed TFLite package: its name, its interpreter class and its loader of delegates."""

    name: str
    interpreter: Callable[..., Any]
    load_delegate: Callable[[str], object]


def find_engine(choice: Choice) -> Engine:
    """The engine asked for, or for `auto` the first that is installed.

    Raises:
        EngineMissing: none of them is installed, or it cannot be imported.
    """
    names = list(PACKAGES) if choice == "auto" else [choice]
    reasons = []
    for name in names:
        try:
            module = importlib.import_module(f"{PACKAGES[name]}.interpreter")
        except (ImportError, SystemError, AttributeError) as error:
            reasons.append(f"{PACKAGES[name]}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
            continue
        return Engine(name, module.Interpreter, module.load_delegate)
    fixes = " or ".join(FIX[name] for name in names)
    raise EngineMissing(f"no TFLite interpreter ({'; '.join(reasons)}); run: {fixes}")
