"""The publisher's private keys: one file each, readable by their owner alone. Nothing here runs on a robot."""

import os
from pathlib import Path

from securesystemslib.signer import CryptoSigner, SSlibKey

from robot.errors import UpdateError


class KeyFolder:
    """Ed25519 keys in `folder`, as PKCS#8 files named for what they sign: `root1`, `targets`, `timestamp`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str) -> SSlibKey:
        """Make a key; gives its public half.

        Raises:
            UpdateError: there is one of that name: a key is never overwritten.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        signer = CryptoSigner.generate_ed25519()
        try:
            descriptor = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UpdateError(f"{self._path(name)}: there is a key already; choose another folder") from None
        with os.fdopen(descriptor, "wb") as file:
            file.write(signer.private_bytes)
        return signer.public_key

    def signer(self, name: str) -> CryptoSigner:
        """The key to sign with.

        Raises:
            UpdateError: it is not here, or others than its owner can read it.
        """
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

        path = self._path(name)
        try:
            if path.stat().st_mode & 0o077:
                raise UpdateError(f"{path}: others can read this key; run: chmod 600 {path}, and think of rotating it")
            private = load_pem_private_key(path.read_bytes(), None)
        except FileNotFoundError:
            raise UpdateError(f"{path}: the key is not here; bring the medium that holds it") from None
        except ValueError as error:
            raise UpdateError(f"{path}: not a key ({error}); restore it from its backup") from None
        return CryptoSigner(private)

    def has(self, name: str) -> bool:
        """True if the key is here."""
        return self._path(name).is_file()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.pem"
