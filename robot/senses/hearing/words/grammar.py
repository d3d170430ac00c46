"""Which command a stretch of speech is most like: PocketSphinx with a grammar of the commands and nothing else.

A grammar forces whatever it hears into one of its phrases, so what comes out is a second opinion, never a decision.
Only its best guess is asked for: a list of the next ones takes 0.2 to 3.5 s of a processor, more the noisier it is.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robot.errors import EngineMissing
from robot.senses.hearing.level import mean_square
from robot.senses.hearing.words.commands import plain

DITHER, LEAST_DITHER = 0.02, 1e-4
"""Noise mixed in, as a share of the sound's level: the acoustic model goes astray on digital silence."""

BEAM, WORD_BEAM = 1e-100, 1e-80
"""Wide: with the usual ones the right phrase is often given up before its end."""


class Grammar:
    """The recogniser, loaded.

    Raises:
        EngineMissing: pocketsphinx is not installed, or a word of `phrases` is not in its dictionary.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        try:
            from pocketsphinx import Decoder, get_model_path  # noqa: PLC0415 - loaded only where it is built
        except ImportError as error:
            raise EngineMissing(
                f"spoken commands: pocketsphinx does not load ({error}); install it with: pip install pocketsphinx"
            ) from None
        self._phrases = frozenset(map(plain, phrases))
        model = Path(get_model_path()) / "en-us"
        with tempfile.NamedTemporaryFile("w", suffix=".gram", encoding="utf-8") as file:
            file.write(jsgf(sorted(self._phrases)))
            file.flush()
            try:
                self._decoder: Any = Decoder(
                    hmm=str(model / "en-us"),
                    dict=str(model / "cmudict-en-us.dict"),
                    jsgf=file.name,
                    beam=BEAM,
                    pbeam=BEAM,
                    wbeam=WORD_BEAM,
                    bestpath=False,
                    loglevel="FATAL",
                )
            except RuntimeError as error:
                raise EngineMissing(f"spoken commands: pocketsphinx refuses its grammar ({error})") from None

        self._cmn = self._decoder.get_cmn(False)

    def heard(self, samples: NDArray[np.float32]) -> str:
        """The phrase that `samples` (m,) in -1..1 at 16 kHz are most like; empty for none."""
        level = max(LEAST_DITHER, DITHER * float(np.sqrt(mean_square(samples))))
        dither = np.random.default_rng(0).standard_normal(len(samples), np.float32)
        samples = samples + np.float32(level) * dither
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
        decoder = self._decoder
        # Or what was heard before would tell in what is heard now: a mean of the spectrum, and the noise to be removed.
        decoder.reinit_feat()
        decoder.set_cmn(self._cmn)
        decoder.start_utt()
        decoder.process_raw(pcm, no_search=False, full_utt=True)
        decoder.end_utt()
        hypothesis = decoder.hyp()
        phrase = "" if hypothesis is None else str(hypothesis.hypstr)
        return phrase if phrase in self._phrases else ""


def jsgf(phrases: Iterable[str]) -> str:
    """A grammar in the Java Speech Grammar Format that knows these phrases."""
    return f"#JSGF V1.0;\ngrammar commands;\npublic <command> = {' | '.join(phrases)};\n"
