"""The messages themselves: what was said can be understood, and never written down."""

import msgspec
import pytest

from robot.messages import HeardCommand, HeardTone, HeardWords, Message, Percept
from robot.transcript import Transcript

SAID = Transcript("w0", 3.2, 1.0, 2.6, "my neighbour is called Roswitha", "en", 0.9)


def test_the_words_of_a_person_cannot_be_encoded_and_do_not_show():
    with pytest.raises(TypeError):
        msgspec.json.encode(SAID)
    with pytest.raises(TypeError):
        msgspec.msgpack.encode({"said": SAID})
    assert "Roswitha" not in f"{SAID} {SAID!r}"


@pytest.mark.parametrize(
    "message",
    [
        HeardWords("w0", 3.2, 1.0, 2.6, "en", 5, 0.9, "tells", "people", Percept("sad", 0.7, False, -0.5, 0, 1, {})),
        HeardCommand("c0", 1.5, 1.2, "stop", 0.97),
        HeardTone("t0", 3.2, 1.0, 2.6, Percept("angry", 0.6, False, -0.5, 0.6, 1, {"angry": 0.6})),
    ],
)
def test_what_it_seemed_to_mean_comes_back_from_a_report_as_it_was(message):
    assert msgspec.json.decode(msgspec.json.encode(message), type=Message) == message
