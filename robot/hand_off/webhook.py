"""A web address that gets the packet: a chat, a pager service, a server of the house.

The packet is sent again until somebody answers, always with the same `id`. Any answer of the address with
`{"acknowledged": true}` says that somebody comes, so the address needs no way back to the robot.
"""

import json
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from robot.errors import ConfigError
from robot.hand_off.channel import ChannelFailed
from robot.hand_off.packet import Packet

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_ANSWER_BYTES = 4096
"""No acknowledgement is longer, and a robot reads nothing else."""


class Webhook:
    """Posts the packet as JSON.

    Raises:
        ConfigError: the address is none, is not encrypted and leaves this machine, or the key cannot be read.
    """

    name = "webhook"

    def __init__(self, address: str, key_file: str, timeout_s: float) -> None:
        place = urlsplit(address)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise ConfigError(f"hand_off.webhook = {address!r}: must be an https:// address")
        if place.scheme == "http" and place.hostname not in LOOPBACK:
            raise ConfigError(f"hand_off.webhook = {address!r}: not encrypted; use https:// beyond this machine")
        self._address = address
        self._headers = {"Content-Type": "application/json"}
        if key_file:
            self._headers["Authorization"] = f"Bearer {_read_key(Path(key_file))}"
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=timeout_s), retries=False, maxsize=1)

    def tell(self, packet: Packet) -> bool:
        """Post the packet and look whether somebody has answered.

        Raises:
            ChannelFailed: no connection, too slow, or an answer other than success.
        """
        try:
            answer = self._pool.request(
                "POST",
                self._address,
                body=packet.encode(),
                headers=self._headers,
                redirect=False,
                preload_content=False,
            )
            body = answer.read(LONGEST_ANSWER_BYTES)
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ChannelFailed(f"webhook {urlsplit(self._address).netloc}: {type(error).__name__}") from None
        if not 200 <= answer.status < 300:
            raise ChannelFailed(f"webhook {urlsplit(self._address).netloc}: answered {answer.status}")
        return _acknowledged(body)

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()


def _acknowledged(body: bytes) -> bool:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and answer.get("acknowledged") is True


def _read_key(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"hand_off.webhook_key = {str(path)!r}: cannot be read ({error})") from None
