"""Text to Whisper's tokens: byte pair encoding (Sennrich et al. 2016) with the merges that the model came with."""

import re
from itertools import pairwise

import msgspec

from robot.senses.hearing.words.byte_text import BYTES

PIECES = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+")
"""How GPT-2 cuts text before merging (Radford et al. 2019)."""

LETTERS = {byte: letter for letter, byte in BYTES.items()}


class _Model(msgspec.Struct):
    vocab: dict[str, int]
    merges: list[str | tuple[str, str]]


class _File(msgspec.Struct):
    model: _Model


class Tokens:
    """The encoder of a `tokenizer.json`."""

    def __init__(self, tokenizer: bytes) -> None:
        model = msgspec.json.decode(tokenizer, type=_File).model
        pairs = (tuple(merge.split(" ")) if isinstance(merge, str) else merge for merge in model.merges)
        self._rank = {pair: rank for rank, pair in enumerate(pairs)}
        self._ids = model.vocab

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`, without any that mark a start or an end."""
        return [self._ids[part] for piece in PIECES.findall(text) for part in self._merge(piece)]

    def _merge(self, piece: str) -> list[str]:
        parts = [LETTERS[byte] for byte in piece.encode("utf-8")]
        while len(parts) > 1:
            ranks = [self._rank.get(pair, len(self._rank)) for pair in pairwise(parts)]
            best = min(ranks)
            if best == len(self._rank):
                break
            place = ranks.index(best)
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return parts
