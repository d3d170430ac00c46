"""`python -m robot` is the `rapport` command."""

import sys

from robot.cli.main import main

sys.exit(main())
