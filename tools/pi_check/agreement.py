"""What each model answers to the same inputs: written on one computer, compared on another.

    python -m tools.pi_check.agreement write FILE
    python -m tools.pi_check.agreement compare FILE

Models agree across processors within one step of the output, not bit for bit (float32 ones count in the steps of their
manifest), so the comparison is by the best label and one step, never by a hash; and it also asks that the answers vary,
or a broken model would pass.
"""

import sys
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from robot.config import InferenceSettings
from robot.inference.golden import read_golden
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model, ids_in

MADE_UP = 64
"""Inputs of noise beside the recorded ones: they lie where the labels are close together."""
SEED = 7


class Agreement(msgspec.Struct, frozen=True):
    """How one model's answers compare. `most_steps` is the largest difference in steps of the output's scale.

    `flips` counts inputs whose best label differs; `near_ties` those of them whose two labels lay within a step.
    """

    model: str
    inputs: int
    most_steps: float
    rows_apart: int
    flips: int
    near_ties: int
    labels_seen: int

    @property
    def holds(self) -> bool:
        """Within a step, the same best label wherever there is one, and more than one label among the answers."""
        return self.most_steps <= 1.0 and self.flips == self.near_ties and self.labels_seen > 1


def answers(name: str) -> NDArray[np.float32]:
    """Logits float32 (inputs, labels) of a model for its recorded inputs and for noise."""
    model = Model.load(find_model(name, factory_models()), InferenceSettings(accelerator="cpu"))
    recorded = read_golden(model.files.golden, model.manifest, name).inputs
    low, high = model.manifest.input.value_range
    noise = np.random.default_rng(SEED).uniform(low, high, (MADE_UP, *recorded.shape[1:])).astype(np.float32)
    return np.stack([model.run(values) for values in (*recorded, *noise)])


def step_of(name: str) -> float:
    """The step of a model's output: what one unit of its int8 output is worth, or what its manifest counts in."""
    return Model.load(find_model(name, factory_models()), InferenceSettings(accelerator="cpu")).manifest.output.scale


def compare(name: str, here: NDArray[np.float32], there: NDArray[np.float32], step: float) -> Agreement:
    """Compare two computers' logits for the same inputs; `step` is the output's scale."""
    apart = np.abs(here.astype(np.float64) - there.astype(np.float64)) / step
    flipped = here.argmax(1) != there.argmax(1)
    best_two = np.sort(there[flipped], axis=1)[:, -2:]
    ties = (best_two[:, 1] - best_two[:, 0]) <= step * 1.001
    return Agreement(
        model=name,
        inputs=len(here),
        most_steps=round(float(apart.max()), 3),
        rows_apart=int((apart > 0.001).any(1).sum()),
        flips=int(flipped.sum()),
        near_ties=int(ties.sum()),
        labels_seen=len(set(here.argmax(1).tolist())),
    )


def main(arguments: list[str]) -> int:
    """Write or compare; prints JSON when it compares; the exit code is 1 where a model does not agree."""
    action, path = arguments[0], Path(arguments[1])
    if action == "write":
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **{name: answers(name) for name in ids_in(factory_models())})
        return 0
    with np.load(path) as there:
        found = [compare(name, answers(name), there[name], step_of(name)) for name in ids_in(factory_models())]
    print(msgspec.json.encode(found).decode())
    return 0 if all(agreement.holds for agreement in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
