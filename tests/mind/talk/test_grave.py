"""After words of a crisis it listens until a person is there: no joke, no small talk, nothing of a model."""

from random import Random

import pytest

from robot.config import Config, HandOffSettings
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons
from robot.mind.talk.phrases import replybook
from robot.transcript import Transcript
from tests.mind.percepts import face, health, sighting
from tests.mind.talk.test_talk import Model

SAFE = replybook("en").phrases["grave"]


@pytest.mark.parametrize("channels", [(), ("webhook",)])
@pytest.mark.parametrize(
    "asked", ["tell me a joke", "what time is it", "hello", "what can you do", "I have a dog", "asdf"]
)
def test_after_words_of_a_crisis_it_listens_and_makes_no_small_talk_whatever_is_said(channels, asked):
    config = Config(hand_off=HandOffSettings(channels=channels, webhook="https://desk.example.org/"))
    mind = Mind(config, Reasons(), Random(2), model=Model("Knock knock!"))
    heard = {200: "I want to kill myself", 600: asked, 900: asked}
    said = []
    for tick in range(1100):
        t_s = tick / 50
        words = [Transcript(f"w{tick}", t_s, t_s - 2, t_s - 0.5, heard[tick], "en", 0.9)] if tick in heard else []
        signals = mind.understand(words, 600)
        _, intent = mind.step(t_s, sighting(tick, t_s, face()), [], health(), signals)
        if tick in heard and tick > 200:
            said.append(intent.say.text)
    assert set(said) <= set(SAFE)
    assert len(set(said)) == 2


def test_whoever_comes_after_somebody_in_a_crisis_has_gone_gets_small_talk():
    mind = Mind(Config(), Reasons(), Random(2))
    said = []
    for tick in range(2000):
        t_s = tick / 50
        heard = {200: "I want to kill myself", 1800: "What is your name?"}.get(tick)
        signals = mind.understand([Transcript("w0", t_s, t_s - 2, t_s - 0.5, heard, "en", 0.9)] if heard else [])
        seen = sighting(tick, t_s, *([face()] if t_s < 8 or t_s > 24 else []))
        _, intent = mind.step(t_s, seen, [], health(), signals)
        said += [intent.say.text] if tick == 1800 and intent is not None and intent.say else []
    assert said
    assert not set(said) & set(SAFE)


def test_what_a_model_wrote_a_moment_before_is_not_said_after_words_of_a_crisis():
    mind = Mind(Config(), Reasons(), Random(2), model=Model("Knock knock!", after=20))
    heard = {200: "tell me a joke", 210: "I want to kill myself"}
    said = []
    for tick in range(400):
        t_s = tick / 50
        words = [Transcript(f"w{tick}", t_s, t_s - 2, t_s - 0.5, heard[tick], "en", 0.9)] if tick in heard else []
        _, intent = mind.step(t_s, sighting(tick, t_s, face()), [], health(), mind.understand(words))
        said += [intent.say.text] if intent is not None and intent.say is not None else []
    assert "Knock knock!" not in said
