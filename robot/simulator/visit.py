"""One page's visit: its WebSocket from accept to close."""

import asyncio
import contextlib
import time

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from robot.allowance import Allowance
from robot.simulator.hub import Hub
from robot.simulator.viewer import Viewer
from robot.simulator.wire import (
    MAX_PICTURE_BYTES,
    MAX_SOUND_BYTES,
    PICTURE_TO_ROBOT,
    SOUND_TO_ROBOT,
    Answered,
    Ask,
    Say,
    decode_text,
    encode_text,
)

FLUSH_S = 1 / 30
MAX_PAGES = 8
NOT_OURS = 1008
TRY_LATER = 1013


class Misuse(Exception):
    """A page sent what our page never sends; its connection is closed with this reason."""


class Inbox:
    """Judges what a page sends: known kinds only, each within its size and rate, the rest dropped and counted.

    The page sends 12 pictures and 31 blocks of sound a second; twice that is let through, and whoever sends
    `MAX_REFUSED` too many is shown the door.
    """

    MAX_REFUSED = 500

    def __init__(self, hub: Hub, viewer: Viewer) -> None:
        self._hub = hub
        self._viewer = viewer
        self.pictures = Allowance(rate_per_s=30, burst=30)
        self.sounds = Allowance(rate_per_s=70, burst=70)
        self.texts = Allowance(rate_per_s=5, burst=20)

    @property
    def refused(self) -> int:
        """How much was over the allowance so far."""
        return self.pictures.refused + self.sounds.refused + self.texts.refused

    def text(self, now_s: float, text: str) -> None:
        """A text frame.

        Raises:
            Misuse: it is nothing that a page may ask, or there were far too many.
        """
        if self._taken(self.texts, now_s):
            try:
                request = decode_text(text)
            except msgspec.DecodeError:
                raise Misuse("not a request that this robot knows") from None
            if isinstance(request, Answered):
                self._hub.answer(request)
            elif isinstance(request, Ask):
                self._hub.requested(request.what, request.value, "page")
            elif isinstance(request, Say):
                self._hub.typed(request.text)
            else:
                self._hub.choose(self._viewer, request.source)

    def binary(self, now_s: float, frame: bytes) -> None:
        """A binary frame.

        Raises:
            Misuse: unknown kind, too long, or there were far too many.
        """
        kind, body = frame[:1], frame[1:]
        if kind == bytes([PICTURE_TO_ROBOT]) and len(body) <= MAX_PICTURE_BYTES:
            if self._taken(self.pictures, now_s):
                self._hub.offer_camera(self._viewer, body)
        elif kind == bytes([SOUND_TO_ROBOT]) and len(body) <= MAX_SOUND_BYTES:
            if self._taken(self.sounds, now_s):
                self._hub.offer_microphone(self._viewer, body)
        else:
            raise Misuse("unknown or too long binary message")

    def _taken(self, allowance: Allowance, now_s: float) -> bool:
        taken = allowance.take(now_s)
        if self.refused > self.MAX_REFUSED:
            raise Misuse("far too many messages")
        return taken


async def attend(websocket: WebSocket, hub: Hub) -> None:
    """Serve one admitted page until it goes, misbehaves or the server stops."""
    await websocket.accept()
    if hub.watching >= MAX_PAGES:
        await websocket.close(TRY_LATER, f"{MAX_PAGES} pages are open already; close one")
        return
    viewer = hub.join()
    sending = asyncio.create_task(_send(websocket, hub, viewer))
    try:
        await _receive(websocket, Inbox(hub, viewer))
    except Misuse as misuse:
        sending.cancel()
        await websocket.close(NOT_OURS, str(misuse))
    finally:
        sending.cancel()
        hub.leave(viewer)


async def _receive(websocket: WebSocket, inbox: Inbox) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        now_s = time.monotonic()
        if message.get("bytes") is not None:
            inbox.binary(now_s, message["bytes"])
        else:
            inbox.text(now_s, message["text"])


async def _send(websocket: WebSocket, hub: Hub, viewer: Viewer) -> None:
    """Empty the tray 30 times a second; a page that does not read holds up only itself.

    A send fails when the page has gone (WebSocketDisconnect) or the server closed the connection in the meantime
    (RuntimeError); `_receive` hears of both and ends the visit.
    """
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            messages, frames = hub.take(viewer)
            if messages:
                await websocket.send_text(encode_text(messages))
            for frame in frames:
                await websocket.send_bytes(frame)
            await asyncio.sleep(FLUSH_S)
