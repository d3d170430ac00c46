"""`rapport repository`: the publisher's side of model updates."""

import argparse

from robot.cli import (
    repository_change,
    repository_keys,
    repository_lint,
    repository_rollout,
    repository_simulate,
)

DESCRIPTION = """Publish models for robots: signed static files that any web server, CDN or USB stick can carry.

  init      make the keys and an empty repository
  add       check a model and put it into the draft of what is signed
  sign      sign drafts with the keys that are here; on as many machines as it takes
  stage     offer a version to a share of the robots
  advance   offer it to more
  halt      offer it to no more
  withdraw  say that it must not run: robots that have it go back
  rotate    replace a key: lost, stolen, or simply old
  refresh   sign anew before signatures expire: every day, by a timer
  status    what is offered, what waits for signatures, when what expires
  lint      what is wrong, what will expire, what a web server must send
  simulate  a bad model and a good one, on thousands of simulated robots

The publisher's folder (--folder, by default the current one):

  public/       what is served; nothing else ever needs to be
  pending/      drafts that wait for signatures; carry them with the folder to where the keys are
  keys/         private keys, until you take the root and targets keys to offline media (--keys)
  policy.toml   what a model must be before it is added

Robots need the address of public/ and its metadata/1.root.json. The whole day of a publisher, a lost key and a stolen
one, and a robot without a network: docs/updates.md

Exit codes: 0 done, 2 wrong use or a key is missing, 21 something has expired or soon will, 22 security: not consistent,
23 no space, 25 self-test failed, 26 busy, 27 disk.
"""

EXAMPLES = """examples:
  rapport repository init --root-keys 3 --threshold 2
  rapport repository add models/face_expression/1.0.0
  rapport repository sign --keys /media/offline
  rapport repository stage face_expression 1.0.0 --percent 5
  rapport repository advance face_expression --to 25
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "repository",
        help="publish models: sign them, offer them to more and more robots, take them back",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for part in (repository_change, repository_rollout, repository_keys, repository_lint, repository_simulate):
        part.add_to(actions)
