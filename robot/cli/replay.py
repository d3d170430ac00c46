"""`rapport replay`: lives a report again and says whether the same came out, or what another persona makes of it."""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

import msgspec

from robot.cli.options import with_changes
from robot.errors import ReportError
from robot.messages import Message
from robot.recording import Recording
from robot.replay import Comparison, Event, replay
from robot.report import Report, Run

DESCRIPTION = """Live a report again, faster than time, without camera, microphone or models.

The recorded percepts go at their recorded times to a new mind and a drawn body. With the persona and seed of the
report every mood, intent, reason and pose must come out the same, byte for byte (exit code 0; 1 if not). With another
persona or seed it says what a person would have noticed. A report that is damaged, cut off or written by a newer
version is refused (exit code 2).
"""

EXAMPLES = """examples:
  rapport replay visit.jsonl
  rapport replay visit.jsonl --persona greeter --report as_greeter.jsonl
"""

MOST_LINES = 60
"""Differences printed; --json gives all."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "replay",
        help="live a report again: the same trace, or what another persona makes of it",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a report of `rapport run --report`")
    parser.add_argument("--persona", metavar="NAME", help="who the robot is this time (default: as recorded)")
    parser.add_argument("--seed", type=int, metavar="N", help="another seed (default: as recorded)")
    parser.add_argument("--report", type=Path, metavar="FILE2", help="write the replayed messages as a report")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_replay)


def _replay(options: argparse.Namespace) -> int:
    recording = Recording(options.file)
    run = recording.run
    changes = {key: getattr(options, key) for key in ("persona", "seed") if getattr(options, key) is not None}
    config = with_changes(run.config, "robot", changes)
    if options.report is not None and options.report.resolve() == options.file.resolve():
        raise ReportError(f"--report {options.report}: that is the report being replayed; choose another name")
    recording.check()
    with ExitStack() as stack:
        listeners = []
        if options.report is not None:
            report = stack.enter_context(Report(options.report))
            report.write(msgspec.structs.replace(run, config=config, seed=config.robot.seed))
            listeners.append(report.write)

        def tell(message: Message) -> None:
            for listener in listeners:
                listener(message)

        comparison = replay(recording, config, tell)
    changed = config != run.config
    if options.json:
        print(json.dumps(_row(comparison, config.robot.persona), indent=2, ensure_ascii=False))
    else:
        _print(comparison, run, config.robot.persona, changed)
    return 0 if changed or comparison.identical else 1


def _print(comparison: Comparison, run: Run, persona: str, changed: bool) -> None:
    name = persona if persona == run.config.robot.persona else f"{persona} instead of {run.config.robot.persona}"
    print(f"replayed {comparison.ends_s:.1f} s of rapport {run.version} as {name}")
    if comparison.identical:
        print(f"the same trace, byte for byte: {_counts(comparison)}")
        return
    for kind, count in comparison.different.items():
        whole = count + comparison.same[kind]
        print(f"  {kind:<9} {count} of {whole} differ, the first at {comparison.first_s[kind]:.2f} s")
    noticed = [(event, "-") for event in comparison.lost()] + [(event, "+") for event in comparison.gained()]
    if noticed:
        print("what a person would notice (- as recorded, + now):")
    noticed.sort(key=lambda pair: (pair[0].t_s, pair[0].kind, pair[1] == "+"))
    for event, sign in noticed[:MOST_LINES]:
        print(f"  {event.t_s:8.2f} s  {sign} {event.kind:<6} {event.what}")
    if len(noticed) > MOST_LINES:
        print(f"  ... and {len(noticed) - MOST_LINES} more; --json gives all")
    if not noticed:
        print("nothing that a person would notice")
    if not changed:
        print("the same version and seed should give the same trace; a changed persona file or speech engine would not")


def _counts(comparison: Comparison) -> str:
    names = {"Mood": "moods", "Intent": "intents", "Reason": "reasons", "BodyPose": "poses"}
    return ", ".join(f"{comparison.same[kind]} {plural}" for kind, plural in names.items())


def _row(comparison: Comparison, persona: str) -> dict[str, object]:
    def events(found: list[Event]) -> list[dict[str, object]]:
        return [event._asdict() for event in found]

    return {
        "persona": persona,
        "identical": comparison.identical,
        "ends_s": comparison.ends_s,
        "same": dict(comparison.same),
        "different": dict(comparison.different),
        "first_difference_s": comparison.first_s,
        "lost": events(comparison.lost()),
        "gained": events(comparison.gained()),
    }
