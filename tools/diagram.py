"""Draw the behaviour statechart from the code into docs/reference/behaviour.md, as Mermaid diagrams.

    python tools/diagram.py           write the page
    python tools/diagram.py --check   exit 1 if the page is not what the code says

One diagram for each region: Mermaid cannot draw an arrow to a compound state inside a parallel one
(mermaid-js/mermaid#4052), and six small pictures read better than one large one.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from statemachine.state import State

from robot.mind.statechart import CompanionChart

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "reference" / "behaviour.md"

HEAD = """\
# The behaviour statechart

Drawn from `robot/mind/statechart.py` by `python tools/diagram.py`; do not edit. All regions are active at once. An
arrow's name is the event that takes it. When an event is sent is decided in `robot/mind/decision.py`, from who is
there, the mood and the dwell times of the `[behaviour]` section of the configuration.
"""


def region_diagram(region: State) -> str:
    """One region as a Mermaid `stateDiagram-v2`."""
    return "\n".join(["stateDiagram-v2", "    direction LR", *_inside(region, "    ")])


def _inside(parent: State, indent: str) -> Iterator[str]:
    for state in parent.states:
        if state.initial:
            yield f"{indent}[*] --> {state.id}"
    for state in parent.states:
        if state.states:
            yield f"{indent}state {state.id} {{"
            yield from _inside(state, indent + "    ")
            yield f"{indent}}}"
        else:
            yield f"{indent}{state.id}"
    for state in parent.states:
        for arrow in state.transitions:
            if arrow.event and arrow.target not in state.states:
                yield f"{indent}{arrow.source.id} --> {arrow.target.id} : {arrow.event}"


def _answers(region: State) -> Iterator[str]:
    """Events between the leaves of a compound state: a table reads better than arrows from a state to itself."""
    for state in region.states:
        inner = [arrow for arrow in state.transitions if arrow.event and arrow.target in state.states]
        if inner:
            yield f"\nInside `{state.id}`, from any of its states:\n\n| event | leads to |\n|---|---|"
            yield from (f"| `{arrow.event}` | `{arrow.target.id}` |" for arrow in inner)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    (life,) = CompanionChart.states
    for region in life.states:
        parts.append(f"## {region.name}\n\n```mermaid\n{region_diagram(region)}\n```")
        parts += list(_answers(region))
        parts.append("")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write or check the page; 0 when all is well, 1 when the page is stale."""
    parser = argparse.ArgumentParser(description="Draw the behaviour statechart into docs/reference/behaviour.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is stale")
    options = parser.parse_args(arguments)
    drawn = page()
    if not options.check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(drawn, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == drawn:
        return 0
    print(f"{PAGE.relative_to(REPOSITORY)} is stale; run: python tools/diagram.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
