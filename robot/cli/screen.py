"""`rapport service screen`: a browser, full-screen, with the face of the robot that runs here."""

import argparse
import os
import shutil
import threading
from pathlib import Path

from robot.care.places import put_whole, readable_folders
from robot.errors import EngineMissing, RapportError

FILE = "face-address"
"""Holds an address of the page that works once. Readable by the group of the service."""

WAIT_S = 120.0
LOOK_EVERY_S = 0.5
BROWSERS = ("chromium", "chromium-browser")


def offer_address(folder: Path, address: str) -> None:
    """Lay an unused address down for the screen's browser."""
    put_whole(folder / FILE, address.encode(), 0o640)


def show_on_screen(_options: argparse.Namespace) -> int:
    """Wait for the robot's address, use it up, and become the browser.

    Raises:
        EngineMissing: there is no Chromium.
        RapportError: no robot with a page runs here.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise EngineMissing("no Chromium here: sudo apt-get install chromium")
    address = _await_address()
    profile = Path(os.environ.get("XDG_RUNTIME_DIR", "/tmp")) / "rapport-screen"
    os.execv(browser, [browser, *flags(profile), f"{address}#face"])


def flags(profile: Path) -> list[str]:
    """How Chromium is to behave as the face of a robot: nothing of a browser in sight, nothing kept, nobody called."""
    return [
        "--kiosk",
        "--ozone-platform=wayland",
        "--no-first-run",
        "--noerrdialogs",
        "--disable-infobars",
        "--disable-translate",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        "--incognito",
        f"--user-data-dir={profile}",
    ]


def _await_address() -> str:
    wait = threading.Event()
    for _ in range(round(WAIT_S / LOOK_EVERY_S)):
        for folder in readable_folders():
            try:
                return (folder / FILE).read_text(encoding="ascii").strip()
            except OSError:
                continue
        wait.wait(LOOK_EVERY_S)
    raise RapportError(
        f"no robot with a page runs here: set show = true under [server] in {'/etc/rapport/rapport.toml'}"
    )
