"""`rapport why`: the robot's last decisions, each with its chain back to what was seen and heard."""

import argparse
import json
from pathlib import Path

from robot.chronicle import Decision, Link, in_words, last_decisions
from robot.errors import ReportError
from robot.recording import Recording
from robot.trace import forget_trace, running_trace, trace_path

DESCRIPTION = """Ask the robot why.

Without --report the answer comes from the robot that runs now on this computer. It keeps a short trace of its reasons
in memory: numbers and words only, some hundred lines, brought up to date every few seconds, gone when it stops, and
only where consent and place let it read feelings. --forget deletes it at once. More in docs/reference/reasons.md.
"""

EXAMPLES = """examples:
  rapport why                              the last decisions of the robot that runs on this computer
  rapport why --last 20 --report visit.jsonl
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "why",
        help="why the robot did what it did, back to what it saw and heard",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--last", type=int, default=5, metavar="N", help="how many decisions (default 5)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="a report of `rapport run --report`")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--forget", action="store_true", help="delete the trace of the last run")
    parser.set_defaults(command=_why)


def _why(options: argparse.Namespace) -> int:
    if options.last < 1:
        raise ReportError(f"--last {options.last}: must be 1 or more")
    if options.forget:
        print("forgotten" if forget_trace(trace_path()) else "there was nothing to forget")
        return 0
    decisions = last_decisions(Recording(_source(options.report)), options.last)
    if options.json:
        print(json.dumps([_row(decision) for decision in decisions], indent=2, ensure_ascii=False))
        return 0
    if not decisions:
        print("the robot has decided nothing yet")
    for decision in decisions:
        print("\n".join(in_words(decision)))
    return 0


def _source(report: Path | None) -> Path:
    path = report or running_trace()
    if path is None:
        raise ReportError("no robot that reads feelings runs here now; start one, or name a --report")
    return path


def _row(decision: Decision) -> dict[str, object]:
    return {"t_s": decision.t_s, "reasons": [_link_row(link) for link in decision.links]}


def _link_row(link: Link) -> dict[str, object]:
    return {
        "id": link.id,
        "t_s": link.t_s,
        "kind": link.kind,
        "text": link.text,
        "by": list(link.grounds),
        "because": [_link_row(cause) for cause in link.behind],
    }
