"""Draw the wiring of every shipped board, or of a board file of your own.

python -m tools.wiring                   write hardware/wiring/<board>.svg for each shipped board
python -m tools.wiring my_face.toml      write my_face.svg beside the board file
python -m tools.wiring --check           write nothing; exit 1 when a drawing is not what its board file says
"""

import argparse
import sys
from pathlib import Path

from hardware.boards import load_board, shipped_boards
from robot.errors import RapportError
from tools.wiring.drawing import draw
from tools.wiring.sheet import sheet

FOLDER = Path(__file__).resolve().parents[2] / "hardware" / "wiring"


def drawings(board_files: list[Path]) -> dict[Path, str]:
    """Where each drawing belongs, and the drawing."""
    if board_files:
        return {path.with_suffix(".svg"): draw(sheet(load_board(path))) for path in board_files}
    return {FOLDER / f"{name}.svg": draw(sheet(load_board(name))) for name in shipped_boards()}


def main(arguments: list[str] | None = None) -> int:
    """Write or check the drawings; 0 when all is well, 1 when one is stale, 2 for a board file that is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.wiring", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("board", nargs="*", type=Path, help="board files (default: all that are shipped)")
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args(arguments)
    try:
        wanted = drawings(options.board)
    except RapportError as error:
        print(f"wiring: {error}", file=sys.stderr)
        return 2
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in stale:
        if options.check:
            print(f"{path.name} is stale; run: python -m tools.wiring", file=sys.stderr)
        else:
            path.write_text(wanted[path], encoding="utf-8")
            print(f"written: {path.name}")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
