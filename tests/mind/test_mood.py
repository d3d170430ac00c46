from math import inf, nan

import msgspec
import pytest

from robot.config import MoodSettings
from robot.messages import HeardTone, Hearing, Mood, Percept, SeenFace
from robot.mind.attention import Attention
from robot.mind.evidence import Reading
from robot.mind.mood import MoodFusion, fuse
from robot.mind.mood_labels import FACE_SHARES, MOODS, VOICE_SHARES, Alone, sharpened, spread, told_alone
from robot.mind.reasons import Reasons
from tests.mind.percepts import TONE_LABELS, face, hearing, percept, sighting

FRAME_S = 1 / 15


class Watcher:
    """Feeds faces and voices to a fusion, frame by frame."""

    def __init__(self, **settings: float) -> None:
        self.reasons = Reasons()
        self.fusion = MoodFusion(MoodSettings(**settings), self.reasons)
        self.attention = Attention()
        self.t_s = 0.0
        self.count = 0
        self.moods: list[Mood] = []

    def see(self, seen: SeenFace | None, duration_s: float) -> Mood:
        mood = self._keep(self.fusion.step(self.t_s, self.attention.step(self.t_s, None), []))
        for _ in range(round(duration_s / FRAME_S)):
            self.count += 1
            self.t_s += FRAME_S
            faces = [] if seen is None else [seen]
            focus = self.attention.step(self.t_s, sighting(self.count, self.t_s, *faces))
            mood = self._keep(self.fusion.step(self.t_s, focus, []))
        return mood

    def hear(self, tones: list[Hearing], every_s: float = 0.5) -> Mood:
        mood = self._keep(self.fusion.step(self.t_s, self.attention.step(self.t_s, None), []))
        for heard in tones:
            self.t_s += every_s
            mood = self._keep(self.fusion.step(self.t_s, self.attention.step(self.t_s, None), [heard]))
        return mood

    def wait(self, duration_s: float) -> Mood:
        self.t_s += duration_s
        self._keep(self.fusion.step(self.t_s, self.attention.step(self.t_s, None), []))
        self.t_s += 1.0  # longer than the dwell: whatever leads now has led for a dwell
        return self._keep(self.fusion.step(self.t_s, self.attention.step(self.t_s, None), []))

    def _keep(self, mood: Mood) -> Mood:
        if not self.moods or self.moods[-1] is not mood:
            self.moods.append(mood)
        return mood


def tones(label: str, count: int, **kind: float) -> list[Hearing]:
    return [hearing(number, 0.5 * number, label, **kind) for number in range(count)]


@pytest.mark.parametrize(
    ("expression", "mood"),
    [
        ("neutral", "neutral"),
        ("happiness", "happy"),
        ("surprise", "surprised"),
        ("sadness", "sad"),
        ("anger", "angry"),
        ("fear", "afraid"),
    ],
)
def test_a_steady_face_becomes_its_mood(expression: str, mood: str) -> None:
    assert Watcher().see(face(expression), 2.5).label == mood


@pytest.mark.parametrize("tone", ["neutral", "happy", "sad", "angry"])
def test_a_steady_voice_becomes_its_mood_without_any_face(tone: str) -> None:
    mood = Watcher().hear(tones(tone, 5))
    assert mood.label == tone
    assert mood.face_weight == 0
    assert mood.voice_weight > 0.5


def test_nothing_seen_and_heard_is_unsure() -> None:
    mood = Watcher().wait(5.0)
    assert (mood.label, mood.valence, mood.arousal, mood.because) == ("unsure", 0.0, 0.0, ())


def test_the_same_object_comes_back_while_nothing_changes() -> None:
    watcher = Watcher()
    watcher.see(face("happiness"), 8.0)
    before = watcher.moods[-1]
    assert watcher.see(face("happiness"), 3.0) is before


def test_a_new_mood_has_a_new_id_and_rests_on_percepts() -> None:
    watcher = Watcher()
    watcher.see(face("happiness"), 3.0)
    assert [mood.id for mood in watcher.moods] == [f"m{number}" for number in range(len(watcher.moods))]
    assert watcher.moods[-1].because
    assert all(link.startswith("s") for link in watcher.moods[-1].because)


@pytest.mark.parametrize("odd", ["anger", "sadness", "surprise"])
def test_one_frame_changes_no_mood(odd: str) -> None:
    watcher = Watcher()
    watcher.see(face("happiness"), 4.0)
    watcher.see(face(odd, sure=0.99, quality=1.0), FRAME_S)
    watcher.see(face("happiness"), 3.0)
    labels = [mood.label for mood in watcher.moods]
    assert set(labels[labels.index("happy") :]) == {"happy"}


def test_one_tone_changes_no_mood() -> None:
    watcher = Watcher()
    watcher.hear(tones("angry", 1, sure=1.0, quality=1.0))
    assert watcher.wait(2.0).label == "unsure"


def test_a_label_needs_its_dwell_time() -> None:
    watcher = Watcher(min_dwell_s=2.0)
    assert watcher.see(face("happiness"), 1.9).label == "unsure"
    assert watcher.see(face("happiness"), 1.0).label == "happy"


def test_two_tones_of_one_short_sentence_are_enough() -> None:
    watcher = Watcher()
    mood = watcher.hear(tones("angry", 2, sure=0.8))
    assert mood.label == "angry"
    assert "for 1.5 s" in watcher.reasons.explain(mood.id)[0]


def test_doubt_needs_its_dwell_time_too() -> None:
    watcher = Watcher(min_dwell_s=2.0)
    assert watcher.see(face("happiness"), 4.0).label == "happy"
    doubtful_s = 0.0
    while watcher.fusion.step(watcher.t_s, watcher.attention.step(watcher.t_s, None), []).label == "happy":
        watcher.t_s += 0.1
        fused = fuse(watcher.fusion._face.read(watcher.t_s), watcher.fusion._voice.read(watcher.t_s))
        settings = MoodSettings()
        doubtful_s += 0.1 * (fused.confidence("happy") < settings.unsure_below - settings.enter_margin)
    assert 1.9 <= doubtful_s <= 2.6


def test_agreeing_senses_are_surer_than_one() -> None:
    alone = Watcher()
    both = Watcher()
    one = alone.see(face("sadness", sure=0.6), 3.0)
    both.hear(tones("sad", 4, sure=0.6))
    assert both.see(face("sadness", sure=0.6), 3.0).confidence > one.confidence


def test_a_smile_with_an_angry_voice_is_unsure() -> None:
    watcher = Watcher()
    for number in range(10):
        watcher.see(face("happiness"), 0.5)
        focus = watcher.attention.step(watcher.t_s, None)
        watcher.fusion.step(watcher.t_s, focus, [hearing(number, watcher.t_s, "angry", sure=0.85)])
    mood = watcher.see(face("happiness"), 0.4)
    assert mood.label == "unsure"
    assert "but" in watcher.reasons.explain(mood.id)[0]


def test_sadness_with_fear_does_not_count_as_contradiction() -> None:
    even = (1 / 6,) * 6
    sad = tuple(0.9 if mood == "sad" else 0.02 for mood in MOODS)
    afraid = tuple(0.9 if mood == "afraid" else 0.02 for mood in MOODS)
    happy = tuple(0.9 if mood == "happy" else 0.02 for mood in MOODS)
    witness = Reading(1.0, sad, -0.7, -0.4)
    assert fuse(witness, Reading(1.0, afraid, -0.6, 0.7)).agreement > 0.9
    assert fuse(witness, Reading(1.0, happy, 0.8, 0.4)).agreement < 0.3
    assert fuse(witness, Reading(0.0, even, 0.0, 0.0)).agreement == pytest.approx(1.0)


def test_a_sense_with_nothing_to_say_changes_nothing() -> None:
    sad = tuple(0.9 if mood == "sad" else 0.02 for mood in MOODS)
    witness, nothing = Reading(1.0, sad, -0.7, -0.4), Reading(0.0, (1 / 6,) * 6, 0.0, 0.0)
    fused = fuse(witness, nothing, alone=(Alone(), Alone(), Alone()))
    assert fused.probabilities == pytest.approx(sad)
    assert fused.told == pytest.approx(sad)
    assert (fused.valence, fused.arousal) == (-0.7, -0.4)


def test_a_sense_has_a_sharpness_of_its_own_while_it_is_alone_and_loses_it_in_company() -> None:
    sad = tuple(0.5 if mood == "sad" else 0.1 for mood in MOODS)
    even = (1 / 6,) * 6
    fused = [
        fuse(Reading(1.0, sad, 0.0, 0.0), Reading(share, even, 0.0, 0.0), alone=(Alone(1.5), Alone(), Alone()))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    sure = [each.told[MOODS.index("sad")] for each in fused]
    assert all(each.probabilities == pytest.approx(sad) for each in fused), "what it decides by stays as it is"
    assert sure[0] == pytest.approx(sharpened(sad, 1.5)[MOODS.index("sad")])
    assert sure[-1] == pytest.approx(0.5)
    assert sure == sorted(sure, reverse=True), "without a step on the way"


def test_what_is_told_of_a_sense_that_is_alone_may_be_less_neutral_and_stays_a_probability() -> None:
    even = (1 / 6,) * 6
    told = told_alone(even, Alone(1.4, 0.5), alone=1.0)
    assert sum(told) == pytest.approx(1.0)
    assert told[MOODS.index("neutral")] == pytest.approx(0.5 * told[MOODS.index("sad")])
    assert told_alone(even, Alone(1.4, 0.5), alone=0.0) == pytest.approx(even)
    assert told_alone((0.0,) * 6, Alone(1.4, 0.5), alone=1.0) == (0.0,) * 6


def test_old_evidence_fades_to_unsure_and_to_the_middle() -> None:
    watcher = Watcher()
    assert watcher.see(face("happiness"), 3.0).label == "happy"
    mood = watcher.wait(12.0)
    assert mood.label == "unsure"
    assert abs(mood.valence) < 0.1
    assert "old" in watcher.reasons.explain(mood.id)[0]


def test_what_is_heard_through_own_noise_is_ignored() -> None:
    mood = Watcher().hear(tones("angry", 10, sure=0.99, own_noise=0.6))
    assert (mood.label, mood.voice_weight) == ("unsure", 0.0)


@pytest.mark.parametrize("quality", [0.0, 0.02])
def test_a_face_that_cannot_be_read_says_nothing(quality: float) -> None:
    assert Watcher().see(face("anger", quality=quality), 5.0).label == "unsure"


def test_a_guess_below_the_models_own_threshold_names_nothing() -> None:
    assert Watcher(unsure_below=0.2).see(face("anger", sure=0.39), 5.0).label == "unsure"


def test_somebody_else_starts_from_nothing() -> None:
    watcher = Watcher()
    watcher.see(face("happiness", x=0.2, track=1), 3.0)
    watcher.see(None, 3.0)
    watcher.see(face("sadness", x=0.8, track=2), FRAME_S)
    assert watcher.fusion._face.run is not None
    assert watcher.fusion._face.run.mood == "sad"
    assert watcher.fusion._face.read(watcher.t_s).share < 0.3


@pytest.mark.parametrize("garbage", [nan, inf, -inf])
def test_a_percept_with_broken_numbers_is_ignored(garbage: float) -> None:
    seen = face("happiness")
    broken = percept("happiness", 0.9, tuple(FACE_SHARES))
    broken.probabilities["anger"] = garbage
    mood = Watcher().see(
        SeenFace(seen.track, seen.box, seen.score, seen.eyes, seen.roll_deg, seen.quality, broken), 3.0
    )
    assert (mood.label, mood.face_weight) == ("unsure", 0.0)


@pytest.mark.parametrize("shares", [FACE_SHARES, VOICE_SHARES])
def test_every_label_shares_out_exactly_its_probability(shares: dict[str, dict[str, float]]) -> None:
    for label, row in shares.items():
        assert sum(row.values()) == pytest.approx(1.0), label
        assert set(row) <= set(MOODS)


def test_an_unknown_label_says_nothing() -> None:
    assert spread({"bored": 1.0}, FACE_SHARES) == pytest.approx((1 / 6,) * 6)
    assert spread({}, FACE_SHARES) == pytest.approx((1 / 6,) * 6)
    assert spread({"happiness": 0.5}, FACE_SHARES)[MOODS.index("happy")] == pytest.approx(1.0)


def test_the_frame_rate_does_not_decide_how_sure_it_is() -> None:
    slow, fast = MoodFusion(MoodSettings(), Reasons()), MoodFusion(MoodSettings(), Reasons())
    for fusion, every_s in ((slow, 0.125), (fast, 0.03125)):
        attention = Attention()
        for number in range(round(4.0 / every_s)):
            t_s = number * every_s
            focus = attention.step(t_s, sighting(number, t_s, face("happiness")))
            mood = fusion.step(t_s, focus, [])
        assert mood.label == "happy"
    assert slow._face.read(4.0).share == pytest.approx(fast._face.read(4.0).share, abs=0.05)


def test_each_change_of_label_writes_one_reason() -> None:
    watcher = Watcher()
    watcher.see(face("happiness"), 3.0)
    watcher.see(face("sadness"), 5.0)
    reasons = watcher.reasons.drain()
    assert [reason.what for reason in reasons if reason.kind == "mood"] == ["happy", "sad"]
    assert reasons[0].text.startswith("You seem happy (")
    assert "your face looked happy (0.85 sure) for" in reasons[0].text


def said(watcher: Watcher, label: str, sure: float = 0.7, lasted_s: float = 2.0) -> Mood:
    """Somebody said a sentence in this tone; a dwell later."""
    watcher.t_s += lasted_s
    heard = HeardTone("t1", watcher.t_s, watcher.t_s - lasted_s, watcher.t_s, percept(label, sure, TONE_LABELS))
    watcher.fusion.step(watcher.t_s, watcher.attention.step(watcher.t_s, None), [], [heard])
    watcher.t_s += 0.2
    return watcher.fusion.step(watcher.t_s, watcher.attention.step(watcher.t_s, None), [])


def test_a_whole_sentence_in_a_tone_becomes_its_mood_and_is_the_reason() -> None:
    watcher = Watcher()
    mood = said(watcher, "sad", 0.85)
    assert mood.label == "sad"
    assert mood.because == ("t1",)
    assert mood.voice_weight > 0.5
    assert "as a whole you sounded sad (0.85 sure) for 2.0 s" in watcher.reasons.explain(mood.id)[0]
    assert watcher.reasons.explain("t1") == [
        "I heard 2.0 s of speech that as a whole sounded sad (0.85 sure, quality 0.80)"
    ]


def test_a_second_opinion_that_agrees_makes_the_voice_surer_and_one_that_does_not_less() -> None:
    alone, agreed, differed = Watcher(), Watcher(), Watcher()
    for watcher in (alone, agreed, differed):
        watcher.hear(tones("angry", 4))
    plain = alone.wait(0.1)
    assert said(agreed, "angry", lasted_s=0.1).confidence > plain.confidence
    assert said(differed, "happy", lasted_s=0.1).confidence < plain.confidence


def test_a_sentence_with_a_tone_is_forgotten_with_its_speaker() -> None:
    watcher = Watcher()
    assert said(watcher, "sad", 0.85).label == "sad"
    watcher.fusion.forget()
    assert watcher.wait(0.1).label == "unsure"


def test_a_laugh_by_the_second_opinion_is_joy() -> None:
    watcher = Watcher()
    shares = {"none": 0.1, "laugh": 0.9}
    laugh = Percept("laugh", 0.9, False, 0.0, 0.0, 1.0, shares, shares)
    watcher.t_s = 2.0
    watcher.fusion.step(2.0, watcher.attention.step(2.0, None), [], [HeardTone("t1", 2.0, 0.5, 2.0, laugh)])
    watcher.t_s = 2.2
    mood = watcher.fusion.step(2.2, watcher.attention.step(2.2, None), [])
    assert (mood.label, mood.valence > 0.3) == ("happy", True)


def test_a_turn_that_is_rather_a_laugh_is_one_whatever_its_tone_would_be_as_speech() -> None:
    watcher = Watcher()
    calm = percept("neutral", 0.8, TONE_LABELS)
    laughed = msgspec.structs.replace(calm, events={"none": 0.05, "laugh": 0.95})
    watcher.fusion.step(2.0, watcher.attention.step(2.0, None), [], [HeardTone("t1", 2.0, 0.5, 2.0, laughed)])
    assert watcher.fusion.step(2.2, watcher.attention.step(2.2, None), []).label == "happy"
