"""What a web server must send: asked of one that runs, with the files that it should serve at hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError

from robot.errors import NetworkFailed
from robot.updates.repository.files import RepositoryFiles
from robot.updates.repository.lint import Finding

FRESH_S = 60
"""A cache may keep the timestamp for a minute; more, and a halt reaches robots later than it must."""
LASTING_S = 86_400


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def served(url: str, files: RepositoryFiles, timeout_s: float = 10.0) -> list[Finding]:
    """Everything that is to be said about the server at `url`.

    Raises:
        NetworkFailed: there is no answer at all.
    """
    pool = urllib3.PoolManager(retries=False, timeout=timeout_s)
    base = url.rstrip("/") + "/"

    def ask(path: str, **headers: str) -> Sent:
        try:
            reply = pool.request("GET", base + path, headers=headers, redirect=False, decode_content=False)
        except HTTPError as error:
            raise NetworkFailed(f"{base}: no answer ({error}); is the server running?") from None
        return Sent(reply.status, {name.lower(): text for name, text in reply.headers.items()}, reply.data)

    newest = files.versions("root")[-1]
    lasting = f"metadata/{files.versions('snapshot')[-1]}.snapshot.json"
    found = [*_timestamp(ask("metadata/timestamp.json"), files), *_lasting(ask(lasting), lasting)]
    found += _next_root(ask(f"metadata/{newest + 1}.root.json"), newest + 1)
    blob = next(iter(sorted((files.folder / "targets" / "blobs").glob("*"))), None)
    if blob is not None:
        path = f"targets/blobs/{blob.name}"
        sent = ask(path, **{"Range": "bytes=7-", "Accept-Encoding": "identity"})
        found += _resumed(sent, blob.read_bytes(), path)
    return found


def _timestamp(sent: Sent, files: RepositoryFiles) -> Iterator[Finding]:
    if sent.status != 200:
        yield Finding("wrong", f"timestamp.json: the server answers {sent.status}; serve the folder public/")
        return
    if sent.body != (files.metadata / "timestamp.json").read_bytes():
        yield Finding("wrong", "timestamp.json: the server sends another one than public/; copy it there, or wait")
    if "text/html" in sent.headers.get("content-type", ""):
        yield Finding("wrong", "timestamp.json: sent as text/html, which robots take for a captive portal")
    kept = sent.headers.get("cache-control", "")
    age = _age_s(kept)
    if not re.search(r"no-cache|no-store", kept) and (age is None or age > FRESH_S):
        yield Finding(
            "wrong", f"timestamp.json: Cache-Control is {kept or 'missing'!r}; send `no-cache`, or caches lag"
        )


def _lasting(sent: Sent, path: str) -> Iterator[Finding]:
    age = _age_s(sent.headers.get("cache-control", ""))
    if sent.status == 200 and (age is None or age < LASTING_S):
        says = "never changes under its name; `Cache-Control: public, max-age=31536000, immutable` spares requests"
        yield Finding("note", f"{path}: {says}")


def _next_root(sent: Sent, version: int) -> Iterator[Finding]:
    if sent.status not in {403, 404}:
        says = f"does not exist, and the server answers {sent.status} where robots need 404 to go on"
        yield Finding("wrong", f"{version}.root.json: {says}; send no page of your own for what is missing")


def _resumed(sent: Sent, content: bytes, path: str) -> Iterator[Finding]:
    if "content-encoding" in sent.headers:
        yield Finding("wrong", f"{path}: sent {sent.headers['content-encoding']}-encoded; switch that off for targets/")
    elif sent.status == 206 and sent.body != content[7:]:
        yield Finding("wrong", f"{path}: the bytes are not those of public/; copy it there again")
    elif sent.status == 200:
        yield Finding("late", f"{path}: the server ignores Range, so that every cut download begins anew; allow it")
    elif sent.status != 206:
        yield Finding("wrong", f"{path}: the server answers {sent.status}; serve all of public/")


def _age_s(cache_control: str) -> int | None:
    found = re.search(r"max-age=(\d+)", cache_control)
    return int(found.group(1)) if found else None
