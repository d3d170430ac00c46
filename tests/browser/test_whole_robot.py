"""The whole robot in a real browser: `rapport simulate`, and a visitor whose camera and microphone it is given."""

import re
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "robot" / "simulator" / "sample"


@pytest.fixture
def visitor(tmp_path):
    """A film of somebody smiling into the camera, as Chromium's fake camera wants it."""
    portrait = Image.open(SAMPLE / "portrait.jpg").convert("RGB")
    portrait.thumbnail((640, 480))
    room = Image.new("RGB", (640, 480), (110, 115, 120))
    room.paste(portrait, (320 - portrait.width // 2, 480 - portrait.height))
    path = tmp_path / "visitor.y4m"
    with av.open(str(path), "w", format="yuv4mpegpipe") as film:
        stream = film.add_stream("rawvideo", rate=15)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.asarray(room), format="rgb24")
        for _ in range(15):
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


@pytest.fixture
def robot():
    """A running robot and the address of its page. The sample scene is left out: only the visitor can please it."""
    command = [
        sys.executable,
        "-m",
        "robot",
        "simulate",
        "--port",
        "0",
        "--camera",
        "browser",
        "--microphone",
        "browser",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if address := re.search(r"http://127\.0\.0\.1\S+", line):
            break
    yield address[0]
    process.terminate()
    assert process.wait(timeout=20) == 0, "it ends cleanly when asked to"


def test_a_visitor_who_smiles_into_the_browsers_camera_is_met_with_joy(robot, visitor, launch, visit):
    browser = launch(f"--use-file-for-fake-video-capture={visitor}", devices=True)
    page = visit(browser, robot).page
    assert page.inner_text("#faces") == "No face in view"
    page.click("#hand-over")
    page.wait_for_selector("#states [aria-current]:has-text('sharing joy')", timeout=60_000)
    page.wait_for_function("() => document.querySelector('#mood-label').textContent === 'Happy'")
    assert "1" in page.inner_text("#faces") or "One" in page.inner_text("#faces")
    assert "happy" in page.inner_text("#reasons").lower()
    assert page.inner_text("#live-text")
    page.click("#take-back")
    page.wait_for_selector("#states [aria-current]:has-text('parting')", timeout=60_000)
    browser.close()
