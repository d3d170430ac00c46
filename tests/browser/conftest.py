"""The page in a real Chromium, fed by a real server; skipped, with the reason, where there is no Chromium."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from robot.config import ServerSettings
from robot.simulator.hub import Hub
from robot.simulator.server import SimulatorServer

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FAKE_DEVICES = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@dataclass
class Watched:
    """A browser page and everything it complained about or asked for."""

    page: object
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("not measured: no Chromium on this computer (apt install chromium)")
    return found


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="not measured: the playwright package is absent")
    with sync_api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def launch(playwright_driver, chromium_path) -> Callable[..., object]:
    def start(*flags: str, devices: bool = False):
        args = [*FLAGS, *(FAKE_DEVICES if devices else ()), *flags]
        return playwright_driver.chromium.launch(executable_path=chromium_path, args=args)

    return start


@pytest.fixture(scope="session")
def browser(launch) -> Iterator[object]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def server(hub: Hub) -> Iterator[SimulatorServer]:
    server = SimulatorServer(ServerSettings(port=0), hub)
    yield server
    server.stop()


def watch(browser, address: str, init: str = "", **context: object) -> Watched:
    """Open an address in a fresh browser profile; `init` is a script that runs before the page's own."""
    page = browser.new_context(**context).new_page()
    page.add_init_script(init)
    watched = Watched(page)
    page.on("console", lambda line: watched.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("websocket", lambda socket: watched.requests.append(socket.url))
    page.goto(address)
    page.wait_for_selector('body[data-connection="open"]')
    return watched


@pytest.fixture(scope="session")
def visit() -> Callable[..., Watched]:
    """Open an address in a browser of one's own."""
    return watch


@pytest.fixture
def open_page(browser, server: SimulatorServer) -> Iterator[Callable[..., Watched]]:
    """Open the robot's page. At the end every page must have complained about nothing and asked only this computer."""
    opened: list[Watched] = []
    addresses = iter([server.start()])

    def start(**context: object) -> Watched:
        opened.append(watch(browser, next(addresses, None) or server.fresh_address(), **context))
        return opened[-1]

    yield start
    for watched in opened:
        watched.page.context.close()
        assert watched.complaints == []
        assert watched.requests
        for url in watched.requests:
            assert urlsplit(url).hostname == "127.0.0.1", url
