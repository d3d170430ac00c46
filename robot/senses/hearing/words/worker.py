"""The recogniser's helper: a process of its own, so that a turn that is worked on holds up no frame and no gesture.

Started as `python -m robot.senses.hearing.words.worker LANGUAGE NAME`. It reads turns on standard input, answers on
standard output (`wire`), and ends when its input does. Sound and words are in its memory only while it works on them.
"""

import os
import sys
from contextlib import suppress

from robot.framing import framed, read_frame
from robot.senses.hearing.words.commands import phrases_of
from robot.senses.hearing.words.recogniser import Engines, Recogniser, build_recogniser
from robot.senses.hearing.words.wire import WHICH, Answer, Failed, decode_turn, encode_answer

NICER = 5
"""Behind the robot's own loop where the processor is short."""


def answer(frame: bytes, recogniser: Recogniser, engines: Engines) -> Answer | Failed:
    """The answer to one frame; a turn that an engine cannot take gets a reason, not an end."""
    if frame == WHICH:
        return Answer(engines=engines)
    try:
        samples, asked = decode_turn(frame)
        if asked == "statistics":
            return Answer(statistics=recogniser.statistics(samples).astype("<f4").tobytes())
        return Answer(recognised=recogniser.recognise(samples, words=asked == "words"))
    except (RuntimeError, ValueError, IndexError, KeyError) as error:
        return Failed(f"{type(error).__name__}: {error}")


def main(arguments: list[str]) -> int:
    """Answer turns until the input ends."""
    # Anything a library prints must not get between the frames: it goes to standard error.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(
        PermissionError
    ):  # a service whose system calls are filtered may not: then it is as urgent as the robot
        os.nice(NICER)
    language, name = arguments if len(arguments) == 2 else ("en", "")
    recogniser, engines = build_recogniser(phrases_of("en"), language, name)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        out.write(framed(encode_answer(answer(frame, recogniser, engines))))
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
