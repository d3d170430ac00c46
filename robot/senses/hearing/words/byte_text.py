"""Byte-level tokens back to text: GPT-2's printable stand-ins for bytes (Radford et al. 2019), undone."""

from collections.abc import Iterable


def text_of(tokens: Iterable[str]) -> str:
    """The text that `tokens` spell. Special tokens such as `<|endoftext|>` are left out; broken UTF-8 shows as `�`."""
    spelled = "".join(token for token in tokens if not (token.startswith("<|") and token.endswith("|>")))
    return bytes(BYTES[letter] for letter in spelled if letter in BYTES).decode("utf-8", "replace").strip()


def _stand_ins() -> dict[str, int]:
    """Each printable byte stands for itself, each other one for the next letter from 256 on."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + place): byte for place, byte in enumerate(others)}


BYTES: dict[str, int] = _stand_ins()
"""Letter of a token to the byte that it stands for."""
