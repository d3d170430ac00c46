"""How well the robot understands what is said: word error rate, commands in noise, and what it hears in no speech.

    python -m tools.benchmark.words [--read FOLDER] [--voices N] [--page docs/results/words.md]

`--read` is a folder of recordings with a `transcription` file as PocketSphinx's source package has it (test/data/
librivox: five sentences of a public-domain reading). Commands are spoken by espeak-ng in several voices, with pink and
white noise 10 dB below: synthetic speech, since no recordings of commands by people are at hand. Everything goes
through the robot's own recogniser; the grammar's phrases are those that ship.
"""

import argparse
import re
import sys
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardware.clock import MonotonicClock
from robot.body.voice.espeak import SpeechShaper
from robot.body.voice.espeak_helper import WORKER
from robot.body.voice.espeak_wire import OK, Request, decode_speech, encode_request
from robot.errors import RapportError, SpeechError
from robot.helper_process import HelperProcess
from robot.senses.hearing.words.commands import phrases_of
from robot.senses.hearing.words.recogniser import Recogniser, build_recogniser

Samples = NDArray[np.float32]

VOICES = ("en-us", "en-gb", "en-us+f2", "en-gb-x-rp+f4", "en-us+m3", "en-gb+f1", "en-gb-scotland", "en-us+m7")
NOISE_DB = 10.0
QUIET_S = 0.3
NUMBERS = {"10": "ten", "mr": "mister", "mrs": "missus"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the page; 2 where the engines are missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmark.words", description=__doc__.split("\n")[0])
    parser.add_argument("--read", type=Path, metavar="FOLDER", help="recordings with a `transcription`")
    parser.add_argument("--voices", type=int, default=len(VOICES), help="how many voices speak the commands")
    parser.add_argument("--page", type=Path, help="write the page, too, for example docs/results/words.md")
    options = parser.parse_args(arguments)
    try:
        recogniser, engines = build_recogniser(phrases_of("en"), "en")
        if engines.missing:
            raise RapportError(engines.missing)
        text = _page(recogniser, options.read, VOICES[: options.voices])
    except RapportError as error:
        sys.stderr.write(f"benchmark: {error}\n")
        return 2
    sys.stdout.write(text)
    if options.page is not None:
        options.page.write_text(text, encoding="utf-8")
    return 0


def _page(recogniser: Recogniser, read: Path | None, voices: Sequence[str]) -> str:
    lines = [
        "# What is understood of speech",
        "",
        f"Written by `python -m tools.benchmark.words`. {_speed(recogniser)}",
        "",
    ]
    lines += ["| what | measured |", "|---|---|"]
    if read is not None:
        errors, words, count = _word_errors(recogniser, read)
        lines.append(f"| word error rate, {count} read sentences, {words} words | {errors / words:.3f} |")
    right, wrong, spoken = _commands(recogniser, voices)
    lines.append(
        f"| commands named right at {NOISE_DB:g} dB, {spoken} phrases by {len(voices)} voices | {right / spoken:.3f} |"
    )
    lines.append(f"| ... named as another command | {wrong / spoken:.3f} |")
    lines.append(f"| commands heard in 60 stretches of noise and silence | {_in_noise(recogniser)} |")
    return "\n".join([*lines, "", "The commands are synthetic speech; people and rooms were not measured.", ""])


def _speed(recogniser: Recogniser) -> str:
    clock, sound = MonotonicClock(), np.zeros(2 * 16_000, np.float32)
    recogniser.recognise(sound, words=True)
    start_s = clock.now_s()
    for _ in range(5):
        recogniser.recognise(sound, words=True)
    return f"Two seconds of sound take {(clock.now_s() - start_s) / 5:.2f} s here (wall clock, other work running)."


def _word_errors(recogniser: Recogniser, folder: Path) -> tuple[int, int, int]:
    errors = words = count = 0
    for line in (folder / "transcription").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"<s> (.*?) *</s> \((.*)\)", line.strip())
        if found is None:
            continue
        said, heard = _words(found[1]), _words(recogniser.recognise(_wav(folder / f"{found[2]}.wav"), words=True).text)
        errors, words, count = errors + _distance(said, heard), words + len(said), count + 1
    return errors, words, count


def _commands(recogniser: Recogniser, voices: Sequence[str]) -> tuple[int, int, int]:
    rng = np.random.default_rng(1)
    right = wrong = spoken = 0
    for number, (name, sound) in enumerate(_spoken(voices)):
        command = recogniser.recognise(_noisy(sound, rng, pink=number % 2 == 0), words=True).command
        spoken += 1
        right += command == name
        wrong += command not in (name, None)
    return right, wrong, spoken


def _spoken(voices: Sequence[str]) -> Iterator[tuple[str, Samples]]:
    helper = HelperProcess(WORKER, 60.0, "the speech helper", SpeechError)
    for place, voice in enumerate(voices):
        for name, phrases in phrases_of("en").items():
            for phrase in phrases:
                answer = helper.ask(encode_request(Request(phrase, voice, 40 + 4 * place, 50, 145 + 6 * place)))
                if answer[:1] != OK:
                    raise SpeechError(f"espeak-ng has no voice {voice}")
                yield name, SpeechShaper().shape(decode_speech(answer[1:])[1], 1.0).samples
    helper.close()


def _noisy(sound: Samples, rng: np.random.Generator, *, pink: bool) -> Samples:
    """Speech of RMS 0.1 with `QUIET_S` around it, and noise `NOISE_DB` below."""
    quiet = np.zeros(round(QUIET_S * 16_000), np.float32)
    level = 0.1 / max(1e-6, float(np.sqrt(np.mean(sound**2))))
    speech = np.concatenate([quiet, sound * np.float32(level), quiet])
    noise = _noise(len(speech), rng, pink=pink) * 0.1 / 10 ** (NOISE_DB / 20)
    return np.asarray(speech + noise, np.float32)


def _noise(count: int, rng: np.random.Generator, *, pink: bool) -> NDArray[np.float64]:
    """White or pink noise of RMS 1."""
    white = rng.standard_normal(count)
    if pink:
        spectrum = np.fft.rfft(white)
        white = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count)
    return np.asarray(white / np.sqrt(np.mean(white**2)))


def _in_noise(recogniser: Recogniser) -> int:
    """Without voice activity in front, which lets hardly any of this through: the recogniser alone."""
    rng = np.random.default_rng(2)
    levels = (0.0, 0.003, 0.03, 0.1)
    return sum(
        recogniser.recognise(
            np.asarray(levels[place % 4] * _noise(24_000, rng, pink=place % 2 == 0), np.float32), words=True
        ).command
        is not None
        for place in range(60)
    )


def _wav(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
    return np.asarray(samples / 32_768, np.float32)


def _words(text: str) -> list[str]:
    plain = re.sub(r"[^a-z0-9' ]", "", text.lower().replace("-", " "))
    return [NUMBERS.get(word, word) for word in plain.split()]


def _distance(said: list[str], heard: list[str]) -> int:
    """Words left out, put in or changed (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


if __name__ == "__main__":
    raise SystemExit(main())
