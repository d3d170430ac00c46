"""`rapport scenario`: plays scenarios to the mind, says what held and what did not, and draws it."""

import argparse
import json
from pathlib import Path

from robot.errors import ScenarioError
from robot.scenario.play import Played, play
from robot.scenario.script import Scenario, read_scenario
from robot.scenario.verdict import Finding, judge

DESCRIPTION = """Play scenarios: timelines of faces, voices and faults, and what the robot must and must not do.

Each is played to the whole mind in stepped time, without models, camera or microphone. The exit code is 0 when
everything held, 1 when something did not, 2 when a file is wrong. How to write one: docs/recipes/write_a_scenario.md
"""

EXAMPLES = """examples:
  rapport scenario tests/scenarios/smile.toml
  rapport scenario tests/scenarios/smile.toml --chart smile.png
  rapport scenario tests/scenarios/*.toml --chart charts/        one picture for each, in the folder charts
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "scenario",
        help="play a scenario and see whether the robot does what it should",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="scenario files (TOML)")
    parser.add_argument(
        "--chart", type=Path, metavar="PNG", help="draw a strip chart: a .png file for one scenario, else a folder"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_scenario)


def _scenario(options: argparse.Namespace) -> int:
    charts = _chart_paths(options.files, options.chart)
    scenarios = [read_scenario(path) for path in options.files]
    results: list[dict[str, object]] = []
    for path, scenario in zip(options.files, scenarios, strict=True):
        played = play(scenario)
        findings = judge(scenario, played)
        if path in charts:
            _draw(scenario, played, findings, path.stem, charts[path])
        if not options.json:
            _print_findings(path, scenario, findings)
        results.append(_row(path, scenario, played, findings))
    failed = [result for result in results if not result["ok"]]
    if options.json:
        print(json.dumps(results, indent=2, ensure_ascii=False))
    elif len(results) > 1:
        print(f"{len(results) - len(failed)} of {len(results)} scenarios held")
    return 1 if failed else 0


def _chart_paths(files: list[Path], chart: Path | None) -> dict[Path, Path]:
    """Which picture belongs to which file."""
    if chart is None:
        return {}
    if chart.suffix.lower() == ".png":
        if len(files) > 1:
            raise ScenarioError(f"--chart {chart}: {len(files)} scenarios do not fit in one picture; name a folder")
        return {files[0]: chart}
    return {path: chart / f"{path.stem}.png" for path in files}


def _draw(scenario: Scenario, played: Played, findings: list[Finding], name: str, chart: Path) -> None:
    # Pillow's drawing is loaded only when something is drawn.
    from robot.scenario.chart import draw_chart  # noqa: PLC0415

    image = draw_chart(scenario, played, findings, name)
    try:
        chart.parent.mkdir(parents=True, exist_ok=True)
        image.save(chart, format="PNG")
    except OSError as error:
        raise ScenarioError(f"{chart}: cannot write the chart ({error.strerror}); choose another --chart") from None


def _print_findings(path: Path, scenario: Scenario, findings: list[Finding]) -> None:
    failed = [finding for finding in findings if not finding.held]
    print(f"{'FAILED' if failed else 'held':<7} {path}: {scenario.about}")
    for finding in failed:
        print(f"        {finding.text}\n          saw: {finding.saw}")


def _row(path: Path, scenario: Scenario, played: Played, findings: list[Finding]) -> dict[str, object]:
    return {
        "file": str(path),
        "about": scenario.about,
        "ok": all(finding.held for finding in findings),
        "findings": [
            {"text": finding.text, "held": finding.held, "between": finding.between, "saw": finding.saw}
            for finding in findings
        ],
        "words": [{"t_s": moment.t_s, "says": text} for moment in played.moments for text in moment.words],
    }
