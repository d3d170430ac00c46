"""What the robot says to what people say: to the point, varied, within its rules, and from a model only in time."""

import string
from itertools import pairwise
from random import Random

import pytest

from robot.config import Config, RobotSettings
from robot.messages import Consent, HeardCommand, HeardWords, Percept, Request
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons
from robot.mind.talk.called import calls
from robot.mind.talk.choice import Scene, choose_reply
from robot.mind.talk.context import BACK_AFTER_S, Context
from robot.mind.talk.intents import intents_of
from robot.mind.talk.meaning import meaning
from robot.mind.talk.model import MOST_LETTERS, Prompt, ThreadedReplies, fit_to_say
from robot.mind.talk.phrases import Chooser, replybook
from robot.mind.talk.wellbeing import faults_in
from robot.scenario.notebook import Notebook
from robot.scenario.script import Known
from robot.transcript import Transcript
from tests.mind.percepts import face, health, hearing, sighting

SAD = Percept("sad", 0.8, False, -0.5, -0.3, 1.0, {"sad": 0.8, "neutral": 0.2})


def words(intent="tells", topic=None, feeling=None, minute=None):
    return HeardWords("w1", 5.0, 3.0, 4.5, "en", 5, 0.9, intent, topic, feeling, minute=minute)


def scene(t_s=100.0, **changes):
    given = {
        "robot": RobotSettings(name="Pip"),
        "state": "attending",
        "people": 1,
        "contradicted": False,
        "context": Context(),
        "book": replybook("en"),
    }
    return Scene(t_s=t_s, **(given | changes))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_intent_and_state_has_phrases_that_can_be_filled_in_and_keep_the_rules(language):
    book = replybook(language)
    assert book.phrases.keys() == replybook("en").phrases.keys()
    assert book.topics.keys() == intents_of(language)._topics.keys()
    filled = {"name", "time", "count", "minutes", "topic", "place"}
    for phrases in book.phrases.values():
        assert len(set(phrases)) == len(phrases) >= 2
        for phrase in phrases:
            assert {name for _, name, _, _ in string.Formatter().parse(phrase) if name} <= filled
            assert faults_in(phrase) == [], phrase
    for intent in intents_of(language)._intents:
        key, values = choose_reply(scene(book=book), words(intent))
        assert book.phrases[key][0].format(**values)


@pytest.mark.parametrize(
    ("heard", "changes", "key"),
    [
        (words("greeting", minute=480), {}, "greeting_morning"),
        (words("greeting", minute=1200), {}, "greeting_evening"),
        (words("greeting"), {}, "greeting"),
        (words("time"), {}, "time_unknown"),
        (words("who"), {"people": 3}, "who_many"),
        (words("tells", feeling=SAD), {}, "tells_sad"),
        (words("tells", feeling=SAD), {"contradicted": True}, "tells_unsure"),
        (words("tells", topic="work"), {}, "tells_topic"),
        (words("unclear"), {}, "unclear"),
    ],
)
def test_the_reply_fits_the_words_and_the_situation(heard, changes, key):
    assert choose_reply(scene(**changes), heard)[0] == key


def test_it_refers_back_to_what_was_said_and_asks_after_it_once():
    context = Context()
    context.meet(0.0)
    context.hear(10.0, words(topic="work"))
    context.hear(20.0, words(topic="pets"))
    assert choose_reply(scene(30.0, context=context), words("earlier")) == ("earlier", {"topic": "your animals"})
    assert choose_reply(scene(30.0, context=context), words())[0] == "tells"
    late_s = 20.0 + BACK_AFTER_S
    asked = [choose_reply(scene(late_s, context=context), words()) for _ in range(3)]
    assert asked == [("back", {"topic": "your work"}), ("back", {"topic": "your animals"}), ("tells", {})]
    context.meet(200.0)
    assert choose_reply(scene(300.0, context=context), words("earlier"))[0] == "earlier_none"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What did we talk about?", "en"),
        ("What have we been talking about?", "en"),
        ("What did I just say?", "en"),
        ("Worüber haben wir gesprochen?", "de"),
        ("Was habe ich dir gerade erzählt?", "de"),
        ("Wovon haben wir geredet?", "de"),
    ],
)
def test_asked_what_was_spoken_of_it_tells_that_and_nothing_else(text, language):
    assert intents_of(language).read(text).intent == "earlier"


@pytest.mark.parametrize(
    ("text", "language", "feels"),
    [
        ("Good evening", "en", False),
        ("Guten Abend", "de", False),
        ("Guten Morgen!", "de", False),
        ("Have a good day", "en", True),
        ("Bye, I hate this", "en", True),
        ("Hallo, niemand mag mich", "de", True),
    ],
)
def test_a_greeting_is_politeness_and_no_joy(text, language, feels):
    assert (meaning(Transcript("w0", 1.0, 0.0, 1.0, text, language, 0.9)).feeling is not None) is feels


def test_no_phrase_comes_twice_in_a_row_and_all_come():
    chooser, phrases = Chooser(Random(3)), ("a", "b", "c")
    said = [chooser.choose("tells", phrases) for _ in range(300)]
    assert all(one != other for one, other in pairwise(said))
    assert {said.count(phrase) for phrase in phrases} <= set(range(90, 111))


def test_what_the_robot_said_last_in_other_words_of_its_own_does_not_follow_either():
    chooser, phrases = Chooser(Random(3)), ("a", "b")
    newest = ("a", "b", "z") * 40
    assert all(chooser.choose("tells", phrases, said) != said for said in newest)


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "   ",
        "x" * (MOST_LETTERS + 1),
        "One. Two. Three.",
        "You are depressed.",
        "You are sad.",
        "Calm down!",
        "I promise everything will be fine.",
        "Please do not go.",
        "Where do you live?",
        "Buy this now.",
        "See www.example.com",
        "That is our secret.",
        "You are stupid.",
        "Hello\x1b[31m",
        "Kopf hoch!",
        "Wo wohnst du?",
    ],
)
def test_what_breaks_a_rule_is_not_said_whoever_wrote_it(text):
    assert fit_to_say(text, feelings=True, memory=True) is None


def test_what_keeps_them_is_said_as_one_line_and_consent_decides_on_feelings_and_memory():
    assert fit_to_say("  That is\n good to hear. ", feelings=True, memory=True) == "That is good to hear."
    assert fit_to_say("How do you feel?", feelings=False, memory=True) is None
    assert fit_to_say("I will remember that.", feelings=True, memory=False) is None


class Model:
    """Answers at the call that it is told to, or never."""

    def __init__(self, answer, after=0):
        self.answer, self.after, self.prompts = answer, after, []

    def ask(self, prompt):
        self.prompts.append(prompt)

    def take(self):
        self.after -= 1
        return self.answer if self.after < 0 else None


def replies(said, model=None, ticks=100, **robot):
    """What is said to `said`, two seconds into a meeting: (after how many ticks, the words)."""
    mind = Mind(Config(robot=RobotSettings(**robot)), Reasons(), Random(1), model=model)
    found = []
    for tick in range(200 + ticks):
        t_s = tick / 50
        signals = ()
        if tick == 200:
            signals = mind.understand([Transcript("w0", t_s, t_s - 2, t_s - 0.5, said, "en", 0.9)])
        heard = [hearing(tick, t_s, speaking=False)] if tick % 5 == 0 else []
        _, intent = mind.step(t_s, sighting(tick, t_s, face()), heard, health(), signals)
        if tick >= 200 and intent is not None and intent.say is not None:
            found.append((tick - 200, intent.say.text))
    return found


def test_a_set_reply_comes_in_the_very_step():
    ((tick, said),) = replies("What is your name?", name="Pip")
    assert tick == 0
    assert "Pip" in said


def test_a_model_in_time_is_heard_and_gets_what_it_needs():
    model = Model("A new job, how exciting!", after=10)
    ((tick, said),) = replies("I got the job", model)
    assert (tick, said) == (10, "A new job, how exciting!")
    (prompt,) = model.prompts
    assert (prompt.text, prompt.intent, prompt.topic) == ("I got the job", "tells", "work")


@pytest.mark.parametrize("model", [Model("late", after=10_000), Model("You are depressed."), Model(object())])
def test_a_model_that_is_late_or_out_of_bounds_is_replaced_by_a_set_reply(model):
    ((tick, said),) = replies("I got the job", model)
    assert said in replybook("en").phrases["tells_happy"]
    assert tick <= 31


def test_a_model_that_says_the_same_again_is_replaced_by_a_set_reply():
    mind = Mind(Config(), Reasons(), Random(1), model=Model("How exciting!"))
    said = []
    for tick in range(600):
        t_s = tick / 50
        words = [Transcript(f"w{tick}", t_s, t_s - 2, t_s - 0.5, "I got the job", "en", 0.9)]
        signals = mind.understand(words) if tick in (300, 450) else ()
        _, intent = mind.step(t_s, sighting(tick, t_s, face()), [], health(), signals)
        said += [intent.say.text] if tick >= 300 and intent is not None and intent.say is not None else []
    assert said[0] == "How exciting!"
    assert said[1] in replybook("en").phrases["tells_happy"]


@pytest.mark.parametrize(("rung", "promised"), [("remember", True), ("feelings", False)])
def test_a_model_may_promise_to_remember_only_on_the_rung_that_holds_now(rung, promised):
    line = "I will remember that."
    mind = Mind(Config(robot=RobotSettings(consent="remember")), Reasons(), Random(1), model=Model(line))
    said = []
    for tick in range(400):
        t_s = tick / 50
        signals = (Consent(t_s, rung, "remember", "remember"),) if tick == 100 else ()
        if tick == 300:
            signals = mind.understand([Transcript("w0", t_s, t_s - 2, t_s - 0.5, "I got the job", "en", 0.9)])
        _, intent = mind.step(t_s, sighting(tick, t_s, face()), [], health(), signals)
        said += [intent.say.text] if tick >= 300 and intent is not None and intent.say is not None else []
    assert (line in said) is promised


def test_a_model_that_raises_is_counted_and_never_heard():
    def write(_):
        raise RuntimeError("no memory")

    model = ThreadedReplies(write)
    model.ask(Prompt("hello", "en", "greeting", None, "neutral", "Companion", "home"))
    while model.failures == 0:
        assert model.take() is None
    assert model.take() is None


def test_louder_and_quieter_stay_within_bounds():
    mind = Mind(Config(), Reasons(), Random(1))
    loud = []
    for tick in range(60):
        signals = (HeardCommand(f"c{tick}", tick / 50, tick / 50, "quieter", 0.9),)
        _, intent = mind.step(tick / 50, sighting(tick, tick / 50, face()), [], health(), signals)
        loud.append(intent.loudness)
    assert loud == sorted(loud, reverse=True)
    assert loud[-1] == 0.3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rapport!", "Rapport"),
        ("Hey Rapport, what time is it?", "Rapport"),
        ("hey, report, can you hear me", "Rapport"),
        ("Hallo Momo.", "Momo"),
        ("Good morning, Little Bear, how are you?", "Little Bear"),
    ],
)
def test_its_name_at_the_start_calls_it_as_the_recogniser_spells_it(text, name):
    assert calls(text, name)


@pytest.mark.parametrize(
    "text", ["report to the office", "I wrote a report", "hey, what time is it", "hello there", "", "I like Rapport"]
)
def test_other_words_do_not_call_it(text):
    assert not calls(text, "Rapport")


@pytest.mark.parametrize("state", ["voice", "language"])
def test_what_somebody_prefers_holds_for_them_and_ends_with_their_visit(state):
    person = Known(name="Ada", language="de", token="badge 7", preferences={"voice": "quieter"})
    mind = Mind(Config(robot=RobotSettings(consent="remember")), Reasons(), Random(1), Notebook([person]))
    asked = Request("q0", 5.0, "token", "badge 7")
    found = []
    for tick in range(1000):
        t_s = tick / 50
        seen = sighting(tick, t_s, *([face()] if t_s < 10 else []))
        _, intent = mind.step(t_s, seen, [], health(), [asked] if tick == 250 else ())
        if intent is not None:
            found.append((t_s, intent.loudness, intent.say.language if intent.say else None))
    before, during = ([row for row in found if a <= row[0] < b] for a, b in ((0, 5), (5, 10)))
    if state == "voice":
        assert {row[1] for row in before} == {1.0}
        assert {row[1] for row in during} == {0.6}
        assert found[-1][1] == 1.0
    else:
        assert "en" in {row[2] for row in before}
        assert "de" in {row[2] for row in during}
        assert "en" not in {row[2] for row in during}


@pytest.mark.parametrize("seed", range(5))
def test_whoever_comes_a_second_time_is_greeted_in_other_words(seed):
    mind = Mind(Config(), Reasons(), Random(seed))
    said = []
    for tick in range(1600):
        t_s = tick / 50
        here = 1.0 <= t_s < 8.0 or t_s >= 24.0
        mind.step(t_s, sighting(tick, t_s, *([face()] if here else [])), [], health())
        said += [reason.text for reason in mind.reasons.drain() if (reason.kind, reason.what) == ("word", "hello")]
    first, second = said
    assert first != second


@pytest.mark.parametrize("seed", range(5))
def test_whoever_is_known_again_is_greeted_in_other_words_than_the_last_time(seed):
    mind = Mind(
        Config(robot=RobotSettings(consent="remember", seed=seed)),
        Reasons(),
        Random(seed),
        Notebook([Known(name="Ada", token="badge 7")]),
    )
    said = []
    for tick in range(7500):
        t_s = tick / 50
        asked = [Request("q0", t_s, "token", "badge 7")] if tick % 1500 == 300 else ()
        seen = sighting(tick, t_s, *([face()] if t_s % 30 < 12 else []))
        mind.step(t_s, seen, [], health(), asked)
        said += [r.text for r in mind.reasons.drain() if (r.kind, r.what) == ("word", "hello_again")]
    assert len(said) == 5
    assert all(one != other for one, other in pairwise(said))
