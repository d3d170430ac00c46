"""How a command ends: its exit code, and one line for an error that a person can mend."""

import argparse
import sys

from robot.errors import RapportError


def carry_out(options: argparse.Namespace) -> int:
    """Run the command of `options`: 0, or the code of its error: 2 when a person can mend it, 20 to 27 for updates."""
    try:
        result: int = options.command(options)
    except RapportError as error:
        print(f"rapport: {' '.join(str(error).split())}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return result
