"""The simulator's server, in a thread and an asyncio loop of its own.

It imports a web server, so the command line imports it only for a run with a page.
"""

import asyncio
import errno
import socket
import threading

import uvicorn

from robot.config import ServerSettings
from robot.errors import ServerError
from robot.simulator.access import Access, is_loopback
from robot.simulator.application import build_application
from robot.simulator.hub import Hub
from robot.simulator.wire import MAX_MESSAGE_BYTES

STOP_S = 5.0


class SimulatorServer:
    """Serves the page of one robot on this computer's loopback.

    `start` binds and answers from then on; `stop` closes every page's connection. Both may be called once.
    """

    def __init__(self, settings: ServerSettings, hub: Hub) -> None:
        self._settings = settings
        self._hub = hub
        self._access: Access | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._origin = ""

    def start(self) -> str:
        """Begin to serve; returns the one-time address to open.

        Raises:
            ServerError: the host is not loopback, or the port is in use or not ours to take.
        """
        listener = _listen(self._settings)
        host, port = listener.getsockname()[:2]
        self._origin = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._access = Access(port)
        self._server = uvicorn.Server(
            uvicorn.Config(
                build_application(self._access, self._hub),
                loop="asyncio",
                http="h11",
                ws="websockets-sansio",
                ws_max_size=MAX_MESSAGE_BYTES,
                ws_per_message_deflate=False,
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                limit_concurrency=64,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(
            target=self._serve, args=(self._server, listener), name="simulator", daemon=True
        )
        self._thread.start()
        return self._address(self._access.token or "")

    def fresh_address(self) -> str:
        """A new one-time address, for a second browser.

        Raises:
            ServerError: the server was not started.
        """
        if self._access is None:
            raise ServerError("the simulator's server is not running; start it first")
        return self._address(self._access.renew())

    @property
    def address_used(self) -> bool:
        """True if the address given out last was used up."""
        return self._access is not None and self._access.token is None

    def stop(self) -> None:
        """Close every connection and give the port back. May be called twice, or without a start."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(STOP_S)
            self._server = self._thread = None

    @staticmethod
    def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
        with listener:
            asyncio.run(server.serve(sockets=[listener]))

    def _address(self, token: str) -> str:
        return f"{self._origin}/?token={token}"


def _listen(settings: ServerSettings) -> socket.socket:
    """A listening socket: connections wait in its queue until the loop runs, so the address works at once."""
    host, port = settings.host, settings.port
    if not is_loopback(host):
        raise ServerError(
            f"server.host {host!r} is not on this computer; use 127.0.0.1, and from elsewhere a tunnel: "
            f"ssh -L {port}:127.0.0.1:{port} <robot>"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=64)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServerError(f"port {port} on {host} is in use; --port 0 picks a free one") from None
        reason = error.strerror or str(error)
        raise ServerError(f"cannot listen on {host} port {port} ({reason}); --port 0 picks a free one") from None
