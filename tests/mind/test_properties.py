"""What must hold for any percepts: nothing raises, states are legal, numbers in range, dwell times kept."""

from itertools import pairwise
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from robot.config import BehaviourSettings, Config, MoodSettings
from robot.messages import Box, FaceQuality, Health, Hearing, Intent, Mood, Percept, SeenFace, Sighting
from robot.mind.mind import Mind
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import MOODS
from robot.mind.reasons import Reasons
from robot.mind.statechart import BEHAVIOURS, ENGAGED
from tests.mind.percepts import FACE_LABELS, TONE_LABELS, face, health, hearing, sighting

TICK_S = 0.02
unit = st.floats(0, 1, allow_nan=False)
good = st.floats(0.4, 1) | unit
signed = st.floats(-1, 1, allow_nan=False)
any_number = st.floats(allow_nan=True, allow_infinity=True, width=32)


@st.composite
def percepts(draw: st.DrawFn, labels: tuple[str, ...]) -> Percept:
    if draw(st.integers(0, 30)) == 30:  # now and then garbage
        return Percept("x", draw(any_number), False, draw(any_number), 0.0, draw(any_number), {"x": draw(any_number)})
    label, sure = draw(st.sampled_from(labels)), draw(st.floats(0.6, 1.0) | st.floats(0.2, 1.0))
    rest = (1 - sure) / (len(labels) - 1)
    probabilities = {name: sure if name == label else rest for name in labels}
    return Percept(label, sure, sure < 0.35, draw(signed), draw(signed), draw(good), probabilities)


@st.composite
def faces(draw: st.DrawFn) -> SeenFace:
    size = draw(st.floats(0.2, 0.4) | st.floats(0.01, 1.2))
    box = Box(draw(st.floats(-0.5, 1)), draw(st.floats(-0.5, 1)), size, size)
    quality = FaceQuality(draw(good), 1.0, 1.0, draw(good))
    expression = draw(percepts(FACE_LABELS) | st.none())
    return SeenFace(draw(st.integers(0, 1)), box, draw(good), ((0.4, 0.4), (0.6, 0.4)), 0.0, quality, expression)


STATUS = (*["ok"] * 12, "off", "lost", "muted", "refused")
PARTS = ("camera", "microphone", "speaker", "servos", "lights", "face_expression", "voice_tone")
healths = st.builds(Health, st.just(0.0), st.fixed_dictionaries({part: st.sampled_from(STATUS) for part in PARTS}))

Stretch = tuple[float, int, tuple[SeenFace, ...], Hearing, Health]
"""Some seconds of the same: how long, a picture every so many ticks, faces, what is heard, and health."""


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    tone, own_noise = draw(percepts(TONE_LABELS) | st.none()), draw(st.just(0.0) | unit)
    heard = Hearing("h", 0.0, 0.1, -30.0, draw(unit), draw(st.booleans()), own_noise, tone)
    seen = tuple(draw(st.lists(faces(), min_size=1, max_size=2) | st.just([])))
    able = draw(st.just(health()) | healths)
    return draw(st.floats(1.0, 5.0) | st.just(0.02)), draw(st.integers(1, 8)), seen, heard, able


class Life:
    """A mind living through random stretches, with everything that came out."""

    def __init__(self, config: Config, stretches: list[Stretch]) -> None:
        self.reasons = Reasons()
        self.mind = Mind(config, self.reasons, Random(1))
        self.moods: list[Mood] = []
        self.intents: list[Intent] = []
        self.states: list[tuple[float, str]] = []
        self.ids: set[str] = set()
        tick = 0
        for duration_s, frame_every, seen, heard, able in stretches:
            for _ in range(max(1, round(duration_s / TICK_S))):
                tick += 1
                self.live(tick, frame_every, seen, heard, able)

    def live(self, tick: int, frame_every: int, seen: tuple[SeenFace, ...], heard: Hearing, able: Health) -> None:
        t_s = tick * TICK_S
        picture = None
        if tick % frame_every == 0:
            picture = Sighting(f"s{tick}", t_s, tick, 640, 480, 0.5, seen)
        hops = [Hearing(f"h{tick}", t_s, 0.1, -30.0, 0.5, heard.speaking, heard.own_noise, heard.tone)] * (
            tick % 25 == 0
        )
        mood, intent = self.mind.step(t_s, picture, hops, able)
        self.ids |= {f"s{tick}", f"h{tick}", mood.id}
        if not self.moods or self.moods[-1] is not mood:
            self.moods.append(mood)
        if intent is not None:
            self.intents.append(intent)
        state = self.mind.behaviour.state
        if not self.states or self.states[-1][1] != state:
            self.states.append((t_s, state))


random_settings = st.builds(
    BehaviourSettings,
    notice_s=st.sampled_from([0.0, 0.4, 3.0]),
    lost_face_s=st.sampled_from([0.0, 0.5, 2.0]),
    voice_lost_s=st.sampled_from([0.0, 8.0]),
    parting_s=st.sampled_from([0.0, 3.0]),
    min_state_s=st.sampled_from([0.0, 1.5, 3.0]),
    curious_after_s=st.sampled_from([0.0, 3.0]),
    sleep_after_s=st.sampled_from([0.0, 1.0, 120.0]),
    say_again_after_s=st.sampled_from([0.0, 12.0]),
)
random_moods = st.builds(
    MoodSettings,
    half_life_s=st.sampled_from([0.0, 0.5, 2.0]),
    unsure_below=unit,
    enter_margin=unit,
    min_dwell_s=st.sampled_from([0.0, 0.8, 2.0]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(stretches(), min_size=3, max_size=8), random_settings, random_moods)
def test_any_life_is_legal(lived: list[Stretch], behaviour: BehaviourSettings, mood: MoodSettings) -> None:
    life = Life(Config(mood=mood, behaviour=behaviour), lived)
    assert {state for _, state in life.states} <= BEHAVIOURS
    for felt in life.moods:
        assert felt.label in (*MOODS, UNSURE)
        assert all(0 <= number <= 1 for number in (felt.confidence, felt.face_weight, felt.voice_weight))
        assert all(-1 <= number <= 1 for number in (felt.valence, felt.arousal))
    for meant in life.intents:
        assert meant.state in BEHAVIOURS
        assert all(-1 <= number <= 1 for number in (meant.valence, meant.arousal))
        assert abs(meant.gaze_pan_deg) <= 31.01
        assert abs(meant.gaze_tilt_deg) <= 31.01
        assert 0 <= meant.liveliness <= 1
    reasons = life.reasons.drain()
    known = life.ids | {reason.id for reason in reasons}
    for message in (*reasons, *life.moods, *life.intents):
        assert set(message.because) <= known


@st.composite
def moods_of_one_person(draw: st.DrawFn) -> list[Stretch]:
    """Somebody who stays, with an expression and a tone that change every second or so."""
    lived: list[Stretch] = []
    for number in range(draw(st.integers(6, 12))):
        expression = draw(st.permutations(FACE_LABELS))[0]
        tone = draw(st.permutations((*TONE_LABELS, None)))[0]
        heard = hearing(number, 0.0, tone, sure=draw(st.floats(0.6, 1.0)), speaking=tone is not None)
        seen = face(expression, sure=draw(st.floats(0.6, 1.0)))
        lived.append((draw(st.floats(0.3, 4.0)), 3, (seen,), heard, health()))
    return lived


@settings(max_examples=40, deadline=None)
@given(moods_of_one_person(), st.sampled_from([0.8, 2.0]), st.sampled_from([1.5, 3.0]))
def test_dwell_times_are_kept(lived: list[Stretch], min_dwell_s: float, min_state_s: float) -> None:
    config = Config(mood=MoodSettings(min_dwell_s=min_dwell_s), behaviour=BehaviourSettings(min_state_s=min_state_s))
    life = Life(config, lived)
    changes = [reason.t_s for reason in life.reasons.drain() if reason.kind == "mood"]
    assert all(later - sooner >= min_dwell_s - 1e-6 for sooner, later in pairwise(changes))
    answers = [(t_s, state) for t_s, state in life.states if state in ENGAGED]
    # The first state of a meeting is only a beginning; whatever mood came first may follow it at once.
    assert all(later[0] - sooner[0] >= min_state_s - 1e-6 for sooner, later in pairwise(answers[1:]))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FACE_LABELS[:5]),
    percepts(FACE_LABELS),
    st.integers(30, 90),
    st.floats(0.6, 1.0),
    st.floats(0.3, 1.0),
)
def test_no_single_frame_changes_mood_or_state(usual: str, odd: Percept, at: int, sure: float, quality: float) -> None:
    """Once a mood has been named, a stream with one odd frame in it is felt and answered as without that frame."""

    def watch(with_odd: bool) -> list[tuple[str, str]]:
        mind = Mind(Config(), Reasons(), Random(1))
        felt = []
        for number in range(120):
            seen = face(usual, sure=sure, quality=quality)
            if with_odd and number == at:
                seen = SeenFace(seen.track, seen.box, seen.score, seen.eyes, 0.0, seen.quality, odd)
            t_s = number / 15
            mood, _ = mind.step(t_s, sighting(number, t_s, seen), [], health())
            felt.append((mood.label, mind.behaviour.state))
        return felt

    undisturbed = watch(with_odd=False)
    assume(undisturbed[at - 1][0] != UNSURE)
    assert watch(with_odd=True) == undisturbed


@settings(max_examples=40, deadline=None)
@given(faces(), st.floats(0.0, 5.0), st.booleans())
def test_a_single_percept_out_of_nothing_changes_nothing(seen: SeenFace, at_s: float, by_voice: bool) -> None:
    mind = Mind(Config(), Reasons(), Random(1))
    shown = False
    for tick in range(500):
        t_s = tick * TICK_S
        now = not shown and t_s >= at_s
        shown = shown or now
        picture = sighting(tick, t_s, *([seen] if now and not by_voice else []))
        hops = [hearing(tick, t_s, "angry", sure=1.0, quality=1.0)] if now and by_voice else []
        mood, _ = mind.step(t_s, picture, hops, health())
        assert mood.label == UNSURE
        assert mind.behaviour.state == "alone"
    assert shown
