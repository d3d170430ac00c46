"""The publisher's private keys: one file each, encrypted, readable by their owner alone. Nothing here runs on a robot.

`NAME.pem` is the private half (Ed25519, PKCS#8), `NAME.pub` the public one, which may be carried and shown around.
"""

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Key, SSlibKey

from robot.errors import EngineMissing, UpdateError

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

NAME_FIELD = "x-rapport-name"
"""Extra field of a key in signed metadata: what its file is called, so that people can be told which to bring."""
PRIVATE, PUBLIC = ".pem", ".pub"
PASSPHRASE_VARIABLE = "RAPPORT_KEY_PASSPHRASE"
SECRET_MARK = b"PRIVATE KEY"
"""What every private key file contains, encrypted or not."""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
Passphrase = Callable[[str], str]
"""Gives the passphrase for the key of a name; empty for none."""


def no_passphrase(_: str) -> str:
    """For keys that are not encrypted."""
    return ""


class KeyFolder:
    """The keys in `folders`; new ones go to the first. `opening` gives passphrases, `making` those of new keys."""

    def __init__(self, *folders: Path, opening: Passphrase = no_passphrase, making: Passphrase = no_passphrase) -> None:
        self._folders = folders
        self._opening = opening
        self._making = making
        self._opened: dict[Path, CryptoSigner] = {}

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the keys are looked for."""
        return self._folders

    def make(self, name: str) -> SSlibKey:
        """Make a key; gives its public half.

        Raises:
            UpdateError: there is one of that name (a key is never overwritten), or the name is none.
        """
        if not _NAME.match(name):
            raise UpdateError(f"key {name!r}: a name has letters, digits, dots and hyphens; choose another")
        found = self._path(name)
        if found is not None:
            raise UpdateError(f"{found}: there is a key already; choose another folder")
        need_cryptography()
        from securesystemslib.signer import CryptoSigner  # noqa: PLC0415

        path = self._folders[0] / f"{name}{PRIVATE}"
        signer = CryptoSigner.generate_ed25519()
        _write_new(path, _encrypted(signer, self._making(name)), 0o600)
        # Whoever has just typed its passphrase twice is not asked for it again.
        self._opened[path] = signer
        key = signer.public_key
        key.unrecognized_fields[NAME_FIELD] = name
        _write_new(path.with_suffix(PUBLIC), encode_public(key), 0o644)
        return key

    def signer(self, name: str) -> "CryptoSigner":
        """The key to sign with.

        Raises:
            UpdateError: it is not here, its passphrase is wrong, or others than its owner can read it.
        """
        path = self._path(name)
        if path is None:
            raise UpdateError(
                f"{self._folders[0] / name}{PRIVATE}: the key is not here; bring the medium that holds it"
            )
        return self._open(path)

    def has(self, name: str) -> bool:
        """True if the key is here."""
        return self._path(name) is not None

    def names(self) -> list[str]:
        """The names of all private keys that are here."""
        return sorted(path.stem for folder in self._folders for path in folder.glob(f"*{PRIVATE}"))

    def find(self, keyid: str) -> Path | None:
        """The file of the private key with an id; None if it is not here. Keys without a public half are opened."""
        for folder in self._folders:
            for path in sorted(folder.glob(f"*{PRIVATE}")):
                public = path.with_suffix(PUBLIC)
                key = read_public(public) if public.is_file() else self._open(path).public_key
                if key.keyid == keyid:
                    return path
        return None

    def signer_of(self, keyid: str) -> "CryptoSigner | None":
        """The key with an id, to sign with; None if it is not here."""
        path = self.find(keyid)
        if path is None:
            return None
        signer = self._open(path)
        if signer.public_key.keyid != keyid:
            raise UpdateError(f"{path.with_suffix(PUBLIC)}: is of another key than {path.name}; remove it")
        return signer

    def _path(self, name: str) -> Path | None:
        paths = (folder / f"{name}{PRIVATE}" for folder in self._folders)
        return next((path for path in paths if path.is_file()), None)

    def _open(self, path: Path) -> "CryptoSigner":
        if path not in self._opened:
            self._opened[path] = _read_private(path, self._opening)
        return self._opened[path]


def encode_public(key: SSlibKey) -> bytes:
    """The bytes of a `.pub` file."""
    return json.dumps({"keyid": key.keyid, **key.to_dict()}, indent=2).encode() + b"\n"


def read_public(path: Path) -> SSlibKey:
    """Read a public half.

    Raises:
        UpdateError: it cannot be read or is none; in that case its content is not shown.
    """
    try:
        fields = json.loads(path.read_bytes())
        key = SSlibKey.from_dict(fields.pop("keyid"), fields)
        public = {"keytype": key.keytype, "scheme": key.scheme, "keyval": key.keyval}
        same = key.keyid == hashlib.sha256((encode_canonical(public) or "").encode()).hexdigest()
    except OSError as error:
        raise UpdateError(f"{path}: cannot be read ({error.strerror}); get it from whoever holds the key") from None
    except (ValueError, KeyError, AttributeError, TypeError):
        raise UpdateError(f"{path}: not the public half of a key; get it from whoever holds the key") from None
    if not same:
        raise UpdateError(f"{path}: its id does not belong to it; get it again from whoever holds the key")
    key.unrecognized_fields.setdefault(NAME_FIELD, path.stem)
    return key


def name_of(key: Key) -> str:
    """What the file of a key is called, or the beginning of its id."""
    name = key.unrecognized_fields.get(NAME_FIELD, "")
    return name if isinstance(name, str) and _NAME.match(name) else key.keyid[:8]


def need_cryptography() -> None:
    """Raise EngineMissing if the library that signs is not installed: robots do without it."""
    if importlib.util.find_spec("cryptography") is None:
        raise EngineMissing("signing needs the library cryptography: pip install 'rapport-robot[publisher]'")


def _encrypted(signer: "CryptoSigner", passphrase: str) -> bytes:
    """The private key as PKCS#8: encrypted (AES-256) unless the passphrase is empty."""
    if not passphrase:
        return signer.private_bytes
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    private = serialization.load_pem_private_key(signer.private_bytes, None)
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def _read_private(path: Path, passphrase: Passphrase) -> "CryptoSigner":
    need_cryptography()
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415
    from securesystemslib.signer import CryptoSigner  # noqa: PLC0415

    try:
        if path.stat().st_mode & 0o077:
            says = f"others can read this key; run: chmod 600 {path} (a FAT stick: mount it with umask=077)"
            raise UpdateError(f"{path}: {says}, and think of rotating it")
        content = path.read_bytes()
    except OSError as error:
        raise UpdateError(f"{path}: cannot be read ({error.strerror}); bring the medium that holds it") from None
    encrypted = b"ENCRYPTED" in content
    secret = passphrase(path.stem) if encrypted else ""
    if encrypted and not secret:
        raise UpdateError(f"{path}: is encrypted; give its passphrase: --passphrase-file, or {PASSPHRASE_VARIABLE}")
    try:
        return CryptoSigner(load_pem_private_key(content, secret.encode() if encrypted else None))
    except (ValueError, TypeError):
        # The library's own words are left out: nothing of a key may reach a screen or a log.
        says = "the passphrase is wrong, or the key is damaged" if encrypted else "not a key"
        raise UpdateError(f"{path}: {says}; try again, or restore it from its backup") from None


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is not there yet, with its mode from the first byte on, and durably."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise UpdateError(f"{path}: is there already; choose another folder") from None
    except OSError as error:
        raise UpdateError(f"{path}: cannot be written ({error.strerror}); choose another --keys") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
