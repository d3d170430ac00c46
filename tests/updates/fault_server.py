"""A static web server that can be told to misbehave, on a port of its own."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Manners:
    """How the server behaves. `cuts` are the numbers of body bytes after which the next connections are cut."""

    cuts: list[int] = field(default_factory=list)
    status: int = 200
    statuses: dict[str, int] = field(default_factory=dict)
    html: bool = False
    redirect: str = ""
    ignore_range: bool = False
    wrong_range: bool = False
    extra_bytes: int = 0
    drip_s: float = 0.0
    drip_bytes: int = 64
    wrong_once: list[bytes] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)


class FaultServer(ThreadingHTTPServer):
    """Serves the files below `folder`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.manners = Manners()
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FaultServer

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        manners = self.server.manners
        wanted = self.headers.get("Range", "")
        manners.asked.append((self.path, wanted))
        if manners.redirect:
            self._answer(302, b"", {"Location": manners.redirect})
        elif manners.html:
            self._answer(200, b"<html>Please log in</html>", {"Content-Type": "text/html"})
        elif (status := manners.statuses.get(self.path, manners.status)) != 200:
            self._answer(status, b"no")
        elif not (file := self.server.folder / self.path.lstrip("/")).is_file():
            self._answer(404, b"no")
        else:
            self._send_file(manners.wrong_once.pop(0) if manners.wrong_once else file.read_bytes(), wanted)

    def _send_file(self, content: bytes, wanted: str) -> None:
        manners = self.server.manners
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and not manners.ignore_range else 0
        if start >= len(content) and start:
            self._answer(416, b"")
            return
        headers = {"Content-Type": "application/octet-stream"}
        if start:
            shown = start + 7 if manners.wrong_range else start
            headers["Content-Range"] = f"bytes {shown}-{len(content) - 1}/{len(content)}"
        self._answer(206 if start else 200, content[start:] + bytes(manners.extra_bytes), headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        manners = self.server.manners
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if not manners.extra_bytes:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self._send_body(body, manners)

    def _send_body(self, body: bytes, manners: Manners) -> None:
        if manners.cuts and body:
            self.wfile.write(body[: manners.cuts.pop(0)])
            self.wfile.flush()
            self.connection.close()
        elif manners.drip_s:
            for begin in range(0, len(body), manners.drip_bytes):
                self.wfile.write(body[begin : begin + manners.drip_bytes])
                self.wfile.flush()
                if self.server.stopping.wait(manners.drip_s):
                    return
        else:
            self.wfile.write(body)


@contextmanager
def serving(folder: Path) -> Iterator[FaultServer]:
    """A server over `folder` for as long as the context lasts."""
    server = FaultServer(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
