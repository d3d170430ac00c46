"""Who may open the page: whoever holds the one-time address, in a browser on this computer.

Threats and answers: another user of this computer (does not know the token); another web site in the same browser
(its `Origin` is not ours, the cookie is SameSite=Strict); DNS rebinding (the `Host` is not a loopback name); a leaked
address (the token works once, then only the cookie of the browser that used it counts).
"""

import secrets
from collections.abc import Mapping
from ipaddress import ip_address

LOOPBACK_NAMES = ("localhost",)


class Access:
    """The token in the printed address and the session it is exchanged for. Lives as long as the server.

    Cookies are shared by all ports of a host, so the cookie's name carries the port.
    """

    def __init__(self, port: int) -> None:
        self.cookie_name = f"rapport_{port}"
        self._token: str | None = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)

    @property
    def token(self) -> str | None:
        """The token still to be used, or None once it was."""
        return self._token

    def renew(self) -> str:
        """A fresh token, for a second browser; the old one, if unused, is void."""
        self._token = secrets.token_urlsafe(32)
        return self._token

    def exchange(self, token: str) -> str | None:
        """Use up the token: the session's secret if it is the right one and unused, else None."""
        if self._token is None or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = None
        return self._session

    def admits(self, cookies: Mapping[str, str]) -> bool:
        """True if these cookies hold the session."""
        cookie = cookies.get(self.cookie_name, "")
        return secrets.compare_digest(cookie.encode(), self._session.encode())


def is_loopback(host: str) -> bool:
    """True for a name or address that never leaves this computer: `localhost`, 127.0.0.0/8, `::1`."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_own_host(host_header: str) -> bool:
    """True if a `Host` header names this computer. Any port: a tunnel may have another than the server."""
    name, colon, port = host_header.rpartition(":")
    if not colon or host_header.endswith("]"):
        name, port = host_header, "80"
    return port.isdecimal() and is_loopback(name)


def is_own_origin(origin: str | None, host_header: str) -> bool:
    """True if a page from this very server asks: its `Origin` must be there and name the same host and port."""
    return origin == f"http://{host_header}"
