"""The web application: who gets in, the page's files, and the headers that keep everything on this computer."""

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from robot.simulator.access import Access, is_own_host, is_own_origin
from robot.simulator.hub import Hub
from robot.simulator.pagefiles import read_page
from robot.simulator.visit import attend

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), display-capture=(), payment=(), usb=()",
}

SESSION_S = 7 * 24 * 3600
"""The cookie outlives a closed browser window, but never the server, whose session dies with it."""

REFUSED = (
    "This page needs the address that the robot printed when it started, and that address works once.\n"
    "Open it in the browser that used it first, or start the robot again for a fresh address.\n"
)


class Guard:
    """Outermost layer: refuses a foreign `Host` (DNS rebinding) and adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if not is_own_host(HTTPConnection(scope).headers.get("host", "")):
            if scope["type"] == "http":
                await PlainTextResponse("This server answers only to this computer's own name.\n", 421)(
                    scope, receive, send
                )
            else:
                await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            await send(message)

        await self._app(scope, receive, send_guarded)


class Pages:
    """What the server answers: the page and its files to whoever has the session, and `/session` to ask about it."""

    def __init__(self, access: Access, hub: Hub) -> None:
        self._access = access
        self._hub = hub
        self._files = read_page()

    async def front(self, request: Request) -> Response:
        """The page. With the right token in the query it also hands out the session.

        It answers with the page itself, not a redirect: a strict cookie would not follow a redirect that began with a
        click on another site, such as a terminal in the browser. The page drops the token from the address bar.
        """
        session = self._exchange(request)
        if session is None and not self._access.admits(request.cookies):
            return PlainTextResponse(REFUSED, 403)
        response = self._serve("index.html")
        if session is not None:
            name = self._access.cookie_name
            response.set_cookie(name, session, max_age=SESSION_S, httponly=True, samesite="strict", path="/")
        return response

    async def file(self, request: Request) -> Response:
        """One file of the page."""
        if not self._access.admits(request.cookies):
            return PlainTextResponse(REFUSED, 403)
        name = request.path_params["name"]
        return self._serve(name) if name in self._files else PlainTextResponse("No such file.\n", 404)

    async def session(self, request: Request) -> Response:
        """204 if the session still holds, 403 if not: so a page that lost its connection knows whether to go on."""
        return Response(status_code=204 if self._access.admits(request.cookies) else 403)

    async def wire(self, websocket: WebSocket) -> None:
        """The WebSocket, for our own page with our own session only."""
        own = is_own_origin(websocket.headers.get("origin"), websocket.headers.get("host", ""))
        if own and self._access.admits(websocket.cookies):
            await attend(websocket, self._hub)
        else:
            await websocket.close(1008)

    def _exchange(self, request: Request) -> str | None:
        token = request.query_params.get("token")
        # Neither a prefetch nor a HEAD may use up the token that the person is about to use.
        speculative = request.method != "GET" or "prefetch" in request.headers.get("sec-purpose", "")
        return None if token is None or speculative else self._access.exchange(token)

    def _serve(self, name: str) -> Response:
        content, media_type = self._files[name]
        return Response(content, media_type=media_type)


def build_application(access: Access, hub: Hub) -> ASGIApp:
    """The page, its files, `/session` and the WebSocket `/wire`, behind `Guard`."""
    pages = Pages(access, hub)
    routes = [
        Route("/", pages.front),
        Route("/session", pages.session),
        Route("/{name}", pages.file),
        WebSocketRoute("/wire", pages.wire),
    ]
    return Guard(Starlette(routes=routes))
