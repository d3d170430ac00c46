"""The listener with the real engines, and with helpers that are missing, crash, hang or talk nonsense."""

import os
import signal
import sys

import numpy as np
import pytest

from hardware.ports import Sound
from robot.config import HearingSettings, InferenceSettings, RobotSettings
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.messages import HeardCommand, HeardTone, OwnMotion
from robot.policy import Permission, permission_for
from robot.senses.hearing.tone_model import build_ear
from robot.senses.hearing.words.listener import WordListener
from robot.senses.hearing.words.turn_tone_model import TurnToneModel
from robot.senses.hearing.words.turns import Judged
from robot.transcript import Transcript

BLOCK = 512
PRESENCE = permission_for(RobotSettings(consent="presence"))
NOTHING = Permission(*[False] * len(Permission.__slots__))

FAKE = """
import sys
from robot.framing import framed, read_frame
{answer}
while (frame := read_frame(sys.stdin.buffer)) is not None:
    sys.stdout.buffer.write(framed(answer(frame)))
    sys.stdout.buffer.flush()
"""
HAS_ENGINES = b'{"type":"Answer","engines":{"words":true,"commands":true}}'


def fake(answer, **options):
    """A listener whose helper is a few lines of Python."""
    return WordListener("en", threaded=False, command=[sys.executable, "-c", FAKE.format(answer=answer)], **options)


class Conversation:
    """A listener with a real ear in front of it; `heard` is what it understood."""

    def __init__(self, listener, permission):
        self.listener = listener
        listener.permit(permission)
        self.ear = build_ear(HearingSettings(), None, words=listener)
        self.t_s = 0.0
        self.heard = []

    def hear(self, samples, own_voice=False):
        for start in range(0, len(samples) - BLOCK + 1, BLOCK):
            own = OwnMotion(self.t_s, 0.0, own_voice)
            self.ear.hear(Sound(0, self.t_s, samples[start : start + BLOCK]), own)
            self.t_s += BLOCK / 16_000
            self.heard += self.listener.said(self.t_s)
        return self.heard


@pytest.fixture(scope="module")
def real(engines):
    listener = WordListener("en", threaded=False, time_limit_s=100.0)
    yield listener
    listener.close()


def test_words_become_a_transcript(real, say, everything):
    talk = Conversation(real, everything)
    (said,) = talk.hear(say("My grandson is coming to visit tomorrow."))
    assert isinstance(said, Transcript)
    assert "grandson is coming to visit" in said.text
    assert 0.0 <= said.began_s < said.ended_s <= said.t_s <= talk.t_s
    assert said.confidence > 0.5


@pytest.fixture
def with_tones(real):
    model = Model.load(find_model("voice_tone_deep", factory_models()), InferenceSettings(accelerator="cpu"))
    judge = TurnToneModel(model)
    real.tones.judge_with(lambda: judge)
    yield real
    real.tones.judge_with(None)


def test_how_a_sentence_was_said_comes_after_its_words(with_tones, say, everything):
    words, tone = Conversation(with_tones, everything).hear(say("My grandson is coming to visit tomorrow."))
    assert isinstance(words, Transcript)
    assert isinstance(tone, HeardTone)
    assert (tone.began_s, tone.ended_s) == (words.began_s, words.ended_s)
    assert sum(tone.tone.probabilities.values()) == pytest.approx(1.0, abs=0.01)
    assert tone.tone.quality > 0.5


def test_where_words_may_not_be_understood_tones_still_may_and_nothing_else_is_asked(with_tones, say):
    tones_alone = Permission(*[name in {"microphone", "tone"} for name in Permission.__slots__])
    (tone,) = Conversation(with_tones, tones_alone).hear(say("My grandson is coming to visit tomorrow."))
    assert isinstance(tone, HeardTone)


def test_below_the_rung_of_feelings_no_tone_is_asked_for(with_tones, say):
    assert Conversation(with_tones, PRESENCE).hear(say("My grandson is coming to visit tomorrow.")) == []


def test_a_command_becomes_a_command_and_no_transcript(real, say, everything):
    (said,) = Conversation(real, everything).hear(say("I want to talk to a person"))
    assert isinstance(said, HeardCommand)
    assert said.name == "person"


def test_stop_does_not_wait_for_the_end_of_the_pause(real, say, everything):
    talk = Conversation(real, everything)
    (said,) = talk.hear(say("stop talking"))
    assert (said.name, said.t_s) == ("stop", said.ended_s)


def test_below_the_rung_of_words_a_command_is_understood_and_a_sentence_is_not(real, say):
    talk = Conversation(real, PRESENCE)
    talk.hear(say("My grandson is coming to visit tomorrow and we will bake a cake."))
    assert talk.heard == []
    assert [said.name for said in talk.hear(say("go to sleep"))] == ["sleep"]


def test_without_leave_nothing_is_listened_to(real, say):
    talk = Conversation(real, NOTHING)
    assert talk.hear(say("go to sleep")) == []
    assert real.state == "off"


def test_its_own_voice_and_silence_and_noise_say_nothing(real, say, everything):
    talk = Conversation(real, everything)
    rng = np.random.default_rng(1)
    talk.hear(say("go to sleep, stop, I want a person"), own_voice=True)
    talk.hear(np.zeros(5 * 16_000, np.float32))
    talk.hear((0.1 * rng.standard_normal(5 * 16_000)).astype(np.float32))
    assert talk.heard == []


def test_a_helper_that_was_killed_is_started_again(real, say, everything):
    talk = Conversation(real, everything)
    talk.hear(say("go to sleep"))
    os.kill(real._helper.pid, signal.SIGKILL)
    talk.hear(say("go to sleep"))
    assert [said.name for said in talk.heard] == ["sleep", "sleep"]
    assert real.state == "ok"


def test_without_engines_it_says_what_is_missing_and_hears_nothing(say, everything):
    none = b'{"type":"Answer","engines":{"words":false,"commands":false,"missing":"words: ctranslate2 does not load"}}'
    listener = fake(f"answer = lambda frame: {none!r}")
    assert Conversation(listener, everything).hear(say("go to sleep")) == []
    assert listener.state == "missing"
    assert "ctranslate2" in listener.fault
    listener.close()


def test_an_engine_that_did_not_start_in_time_is_not_missing_but_tried_again_with_the_next_turn(
    tmp_path, say, everything
):
    slow = f"""
import pathlib, time
began = pathlib.Path({str(tmp_path / "began")!r})
def answer(frame):
    if frame == b'?' and not began.exists():
        began.touch()
        time.sleep(60)
    return ENGINES if frame == b'?' else RECOGNISED
ENGINES = {HAS_ENGINES!r}
RECOGNISED = b'{{"type":"Answer","recognised":{{"text":"hello there","confidence":0.9}}}}'
"""
    listener = fake(slow, time_limit_s=2.0)
    talk = Conversation(listener, everything)
    assert talk.hear(say("hello there")) == []
    assert (listener.state, "took longer" in listener.fault) == ("lost", True)
    assert [said.text for said in talk.hear(say("hello there"))] == ["hello there"]
    assert (listener.state, listener.fault) == ("ok", "")
    listener.close()


CRASH = "import os, signal\nanswer = lambda frame: ENGINES if frame == b'?' else os.kill(os.getpid(), signal.SIGSEGV)"


@pytest.mark.parametrize(
    "answer",
    [
        CRASH,
        "import time\nanswer = lambda frame: ENGINES if frame == b'?' else time.sleep(60)",
        "answer = lambda frame: ENGINES if frame == b'?' else b'nonsense'",
        'answer = lambda frame: ENGINES if frame == b\'?\' else b\'{"type":"Failed","why":"no memory"}\'',
    ],
    ids=["crashes", "hangs", "talks nonsense", "fails"],
)
def test_a_broken_engine_costs_its_words_and_nothing_else(say, everything, answer):
    listener = fake(f"ENGINES = {HAS_ENGINES!r}\n{answer}", time_limit_s=3.0)
    talk = Conversation(listener, everything)
    talk.hear(say("go to sleep"))
    assert listener.state == "ok", "one turn may defeat an engine"
    talk.hear(say("go to sleep"))
    assert (talk.heard, listener.state) == ([], "lost")
    assert listener.fault
    listener.close()


def test_in_real_time_nobody_waits_for_the_recogniser_and_late_turns_are_dropped(everything):
    slow = "import time\nanswer = lambda frame: ENGINES if frame == b'?' else time.sleep(0.5) or RECOGNISED"
    recognised = b'{"type":"Answer","recognised":{"text":"hello there","confidence":0.9}}'
    command = [
        sys.executable,
        "-c",
        FAKE.format(answer=f"ENGINES = {HAS_ENGINES!r}\nRECOGNISED = {recognised!r}\n{slow}"),
    ]
    listener = WordListener("en", threaded=True, command=command)
    listener.permit(everything)
    for turn in range(6):
        for part in range(30):
            speaking = part < 20
            listener.hear(Judged(np.zeros(BLOCK, np.float32), turn + part * 0.032, speaking, voiced=speaking))
    heard = []
    while len(heard) + listener.dropped < 6:
        heard += listener.said(1.0)
    assert listener.dropped >= 1
    assert {said.text for said in heard} == {"hello there"}
    listener.close()
