"""Seals one record: ChaCha20-Poly1305 (RFC 8439) from `cryptography`, a fresh nonce each time, padded."""

import secrets
from importlib.util import find_spec
from typing import Any

import msgspec

from robot.errors import EngineMissing, MemoryFailed
from robot.mind.acquaintance import Acquaintance

NONCE_BYTES = 12
PAD_TO = 1024
"""Records are filled up to a multiple of this: how long one is would tell a name from a name."""


def must_be_installed() -> None:
    """See that records can be sealed, without loading what seals them: a robot that has met nobody needs it not yet.

    Raises:
        EngineMissing: `cryptography` is not installed.
    """
    if find_spec("cryptography") is None:
        raise EngineMissing("cryptography is not installed; run: pip install 'rapport-robot[memory]'")


class Seal:
    """Encrypts and opens records of one key. A record belongs to its id and opens under no other.

    Raises:
        EngineMissing: `cryptography` is not installed.
    """

    def __init__(self, key: bytes) -> None:
        must_be_installed()
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  only a robot that remembers needs it
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

        self._cipher: Any = ChaCha20Poly1305(key)
        self._invalid = InvalidTag

    def close(self, person: Acquaintance) -> bytes:
        """The sealed record."""
        text = msgspec.json.encode(person)
        text = text.ljust(-(-len(text) // PAD_TO) * PAD_TO)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed: bytes = self._cipher.encrypt(nonce, text, _binds(person.id))
        return nonce + sealed

    def open(self, person_id: str, sealed: bytes) -> Acquaintance:
        """The person in a sealed record.

        Raises:
            MemoryFailed: it was changed, is another's, or was sealed with another key.
        """
        try:
            text = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _binds(person_id))
            return msgspec.json.decode(text, type=Acquaintance)
        except (self._invalid, ValueError, msgspec.MsgspecError):
            raise MemoryFailed(f"record {person_id}: damaged, or sealed with another key") from None


def _binds(person_id: str) -> bytes:
    return b"rapport memory 1 " + person_id.encode()
