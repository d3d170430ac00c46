"""What was under way when the permission went is stopped: percepts are cut to what is allowed now."""

import msgspec

from robot.admission import admitted
from robot.config import RobotSettings
from robot.messages import HeardCommand, HeardTone, HeardWords, Intensities, Regard, Request
from robot.policy import permission_for
from tests.mind.percepts import face, hearing, percept, sighting

FEELINGS = permission_for(RobotSettings())
PRESENCE = permission_for(RobotSettings(consent="presence"))
NOTHING = permission_for(RobotSettings(consent="off"))

REGARD = Regard(0.0, 0, 0, 0, 0, 0, True, 1.0, False, 0.0, False, 1.0, 1.0, Intensities(0.9, 0.0, 0.0, 0.0))
SEEN = sighting(1, 0.1, msgspec.structs.replace(face("happiness"), regard=REGARD))
HEARD = [hearing(1, 0.1, "sad"), hearing(2, 0.2)]
WORDS = HeardWords("w0", 0.2, 0.0, 0.1, "en", 3, 0.9, "tells")
COMMAND, ASKED = HeardCommand("c0", 0.2, 0.1, "stop", 0.9), Request("q0", 0.2, "why")
TONE = HeardTone("t0", 0.2, 0.0, 0.1, percept("sad", 0.8, ("sad", "happy")))
SIGNALS = (WORDS, COMMAND, TONE, ASKED)


def test_where_feelings_may_be_read_nothing_is_cut() -> None:
    let_in = admitted(FEELINGS, False, SEEN, HEARD, SIGNALS)
    assert let_in.sighting is SEEN
    assert all(after is before for after, before in zip(let_in.hearings, HEARD, strict=True))
    assert let_in.signals == SIGNALS


def test_on_presence_faces_and_voices_come_without_what_they_express() -> None:
    let_in = admitted(PRESENCE, False, SEEN, HEARD, SIGNALS)
    assert let_in.sighting is not None
    (seen,) = let_in.sighting.faces
    assert seen.expression is None
    assert seen.regard is not None
    assert seen.regard.intensities is None
    assert (seen.box, seen.regard.looking) == (SEEN.faces[0].box, True)
    assert [heard.tone for heard in let_in.hearings] == [None, None]
    assert let_in.signals == (COMMAND, ASKED)


def test_without_consent_or_muted_nothing_comes_in_but_what_people_ask() -> None:
    for allowed, muted in ((NOTHING, False), (FEELINGS, True)):
        assert admitted(allowed, muted, SEEN, HEARD, SIGNALS) == (None, (), (ASKED,))
