"""How bytes come from a repository: over HTTP, or from a folder such as a USB stick. One question, one reply, no trust.

Everything that can go wrong on the way is told apart here, because "download failed" helps nobody: no such host,
connection refused, a certificate that has expired, a captive portal that answers for everyone.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from robot.errors import NetworkFailed, UpdateRefused

CHUNK_BYTES = 64 * 1024


class NotThere(NetworkFailed):
    """The repository answers, and does not have the file."""


class Body(Protocol):
    """The bytes of a reply."""

    def read(self) -> bytes:
        """The next bytes as soon as there are some, at most `CHUNK_BYTES`; empty at the end.

        Raises:
            NetworkFailed: nothing came for too long, or the connection broke.
        """
        ...

    def close(self) -> None:
        """Let go of the connection or file."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: HTTP status, the offset at which the body begins, and the server's own time as it was sent."""

    status: int
    start: int
    body: Body
    date: str = ""


class Link(Protocol):
    """A repository's files by their path below its root."""

    def open(self, path: str, start: int = 0) -> Reply:
        """Ask for a file from byte `start` on; statuses 200, 206, 403, 404, 416 are answers, all others errors.

        Raises:
            NetworkFailed: there is no answer, or not one from a repository.
        """
        ...


class HttpLink:
    """A repository below `base_url`. `stall_s` is how long a connection may be silent."""

    def __init__(self, base_url: str, stall_s: float = 20.0) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise NetworkFailed(f"{base_url}: not an address of a repository; it begins with https:// or http://")
        self._base = base_url.rstrip("/") + "/"
        self._host = parts.netloc
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=stall_s, read=stall_s), retries=False, headers={"User-Agent": "rapport"}
        )

    def open(self, path: str, start: int = 0) -> Reply:
        """GET `path`, with a Range if `start` is above 0."""
        headers = {"Accept-Encoding": "identity", "User-Agent": "rapport"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            reply = self._pool.request("GET", self._base + path, headers=headers, preload_content=False, redirect=False)
        except HTTPError as error:
            raise NetworkFailed(f"{self._host}: {_why(error)}") from error
        body = _HttpBody(self._host, reply)
        kind = reply.headers.get("Content-Type", "")
        if 300 <= reply.status < 400 or (reply.status < 300 and kind.startswith("text/html")):
            body.close()
            raise NetworkFailed(
                f"{self._host}: something else answers in its place (captive portal?); log in to the network first"
            )
        if reply.status not in {200, 206, 403, 404, 416}:
            body.close()
            raise NetworkFailed(f"{self._host}: the server answers {reply.status}; try again later")
        begins = _range_start(reply.headers.get("Content-Range", "")) if reply.status == 206 else 0
        return Reply(reply.status, begins, body, reply.headers.get("Date", ""))


class _HttpBody:
    def __init__(self, host: str, reply: urllib3.BaseHTTPResponse) -> None:
        self._host = host
        self._reply = reply

    def read(self) -> bytes:
        try:
            # `read1` gives what has come; `stream` waits for a whole chunk, which a slow drip fills for minutes.
            return bytes(self._reply.read1(CHUNK_BYTES))
        except HTTPError as error:
            raise NetworkFailed(f"{self._host}: {_why(error)}") from error

    def close(self) -> None:
        self._reply.close()


class FolderLink:
    """A repository in a folder: a USB stick, a mounted share. Nothing outside the folder is ever read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def open(self, path: str, start: int = 0) -> Reply:
        """The file at `path` below the folder.

        Raises:
            NetworkFailed: it cannot be read.
            UpdateRefused: it lies outside, or is no plain file.
        """
        wanted = self._folder / unquote(path)
        try:
            real = wanted.resolve()
            if not real.is_relative_to(self._folder) or wanted.is_symlink():
                raise UpdateRefused(f"{wanted}: security: leads out of {self._folder}; use another medium")
            if not real.exists():
                return Reply(404, 0, _NoBody())
            if not real.is_file():
                raise UpdateRefused(f"{wanted}: security: not a plain file; use another medium")
            file = real.open("rb")
            file.seek(start)
        except OSError as error:
            raise NetworkFailed(f"{wanted}: cannot be read ({error.strerror}); is the medium still there?") from None
        return Reply(206 if start else 200, start, _FileBody(wanted, file))


class _NoBody:
    def read(self) -> bytes:
        return b""

    def close(self) -> None:
        return


class _FileBody:
    def __init__(self, path: Path, file: "_Readable") -> None:
        self._path = path
        self._file = file

    def read(self) -> bytes:
        try:
            return self._file.read(CHUNK_BYTES)
        except OSError as error:
            says = f"cannot be read any more ({error.strerror}); is the medium still there?"
            raise NetworkFailed(f"{self._path}: {says}") from None

    def close(self) -> None:
        self._file.close()


class _Readable(Protocol):
    def read(self, size: int) -> bytes: ...

    def close(self) -> None: ...


def _range_start(header: str) -> int:
    """The first byte of `bytes 100-199/200`; -1 for anything else."""
    first = header.removeprefix("bytes ").partition("-")[0]
    return int(first) if header.startswith("bytes ") and first.isdigit() else -1


def _why(error: HTTPError) -> str:
    """What a person can do about a broken connection, in plain words."""
    cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    text = str(cause).partition("(_ssl.c")[0].strip()
    if isinstance(cause, NameResolutionError):
        return "no such host, or no name service; check the address and the network"
    if isinstance(cause, NewConnectionError):
        return "the connection was refused or there is no way to it; is the server running?"
    if isinstance(cause, ConnectTimeoutError | ReadTimeoutError):
        return "too slow: nothing came for too long; try again later"
    if isinstance(cause, SSLError):
        return f"its certificate is not accepted ({text}); check the clock and the address"
    return f"the connection broke ({text or type(cause).__name__}); try again"
