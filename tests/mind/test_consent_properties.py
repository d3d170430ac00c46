"""Whatever people ask and whatever comes: below the rung of feelings none is read, noted or answered."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from robot.admission import admitted
from robot.config import Config, RobotSettings
from robot.consent import RUNGS, Ladder
from robot.messages import Mood, Request
from robot.mind.mind import Mind
from robot.mind.mood import UNSURE
from robot.mind.reasons import Reasons
from robot.scenario.percepts import FACE_LABELS, TONE_LABELS
from tests.mind.percepts import face, health, hearing, sighting

TICK_S = 0.06
FELT = ("happy", "sad", "angry", "afraid", "surprised")

stretches = st.lists(
    st.tuples(
        st.integers(5, 40),
        st.sampled_from([None, *FACE_LABELS]),
        st.sampled_from([None, *TONE_LABELS]),
        st.sampled_from([None, *RUNGS]),
        st.sampled_from(["page", "voice", "gesture", "fleet", "board"]),
    ),
    min_size=3,
    max_size=8,
)


def live(lived, place: str):
    """The mind and its edge, tick by tick: (rung, mood, what was told) of each."""
    robot = RobotSettings(place=place)
    ladder, mind = Ladder(robot), Mind(Config(robot=robot), Reasons(), Random(1))
    tick = 0
    for length, expression, tone, rung, by in lived:
        for step in range(length):
            tick += 1
            t_s = tick * TICK_S
            asked = [Request(f"q{tick}", t_s, "consent", rung, by)] if rung is not None and step == 0 else []
            signals = (*asked, *ladder.follow(t_s, asked))
            faces = [face(expression)] if expression is not None else []
            heard = [hearing(tick, t_s, tone if tick % 8 == 0 else None, speaking=tone is not None)]
            seen, heard, signals = admitted(ladder.allowed, False, sighting(tick, t_s, *faces), heard, signals)
            read = "ok" if ladder.allowed.expression else "off"
            open_ = "ok" if ladder.allowed.camera else "off"
            parts = health(camera=open_, microphone=open_, face_expression=read, voice_tone=read)
            mood, intent = mind.step(t_s, seen, heard, parts, signals)
            yield ladder.rung, mood, intent, mind.reasons.drain(), mind


@settings(max_examples=15, deadline=None)
@given(stretches, st.sampled_from(["home", "school"]))
def test_no_feelings_below_their_rung(lived, place: str) -> None:
    for rung, mood, _, _, mind in live(lived, place):
        assert mind.behaviour.rung == rung
        if place == "school":
            assert rung in ("off", "presence")
        if rung in ("off", "presence"):
            assert mood.label == UNSURE
            assert mood.face_weight == mood.voice_weight == 0.0
            assert mind.behaviour.state not in ("sharing_joy", "comforting", "calming")
            remembered = [sentence.text for _, sentence in mind.reasons.newest()]
            assert not any(word in text for text in remembered for word in FELT if "looked" in text), remembered
        if rung == "off":
            assert mind.behaviour.state in ("alone", "asleep")


@settings(max_examples=5, deadline=None)
@given(stretches)
def test_the_same_requests_give_the_same_messages(lived) -> None:
    first, second = (
        [(rung, mood, intent, tuple(told)) for rung, mood, intent, told, _ in live(lived, "home")] for _ in range(2)
    )
    assert first == second
    assert all(isinstance(mood, Mood) for _, mood, _, _ in first)
