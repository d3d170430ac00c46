"""`rapport repository lint`: whether what is published is sound, until when, and whether a web server sends it well."""

import argparse
import json

from robot.cli.repository_place import add_place, note, open_publisher

LINT = """Look at the repository as robots do, new ones and old ones, and say what is wrong and what will expire.

With --url also whether a web server sends it as it must: `timestamp.json` uncached, 404 for what is missing, ranges for
downloads that are resumed, nothing compressed on the way. Needs no key. For nginx:

  root /srv/models/public;
  location = /metadata/timestamp.json { add_header Cache-Control "no-cache"; }
  location / { add_header Cache-Control "public, max-age=31536000, immutable"; }

Run it every day after `refresh`; the exit code is 0, 21 if something has expired or has less than a third of its time
left, 22 if robots are refused or a private key lies where everybody can fetch it.
"""
CODES = {"wrong": 22, "late": 21}


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = actions.add_parser("lint", help="what is wrong, and what expires", description=LINT, formatter_class=raw)
    parser.add_argument("--url", metavar="URL", help="address at which public/ is served")
    add_place(parser, keys=False)
    parser.set_defaults(command=_lint)


def _lint(options: argparse.Namespace) -> int:
    from robot.updates.repository.lint import lint  # noqa: PLC0415
    from robot.updates.repository.serving import served  # noqa: PLC0415

    publisher = open_publisher(options)
    note(options, "hashing every file, looking as robots do")
    found = lint(publisher)
    if options.url:
        note(options, f"asking {options.url}")
        found += served(options.url, publisher.files)
    code = max((CODES.get(finding.level, 0) for finding in found), default=0)
    if options.json:
        rows = [{"level": finding.level, "text": finding.text} for finding in found]
        print(json.dumps({"sound": code == 0, "findings": rows}, indent=2))
        return code
    for finding in found:
        print(f"{finding.level:<6} {finding.text}")
    print("sound" if code == 0 else "NOT sound: see above")
    return code
