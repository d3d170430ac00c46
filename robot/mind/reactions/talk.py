"""Somebody said something: the robot answers it, from the set replies or from a model that is in time and in bounds."""

from dataclasses import dataclass
from random import Random

from robot.config import RobotSettings, TalkSettings
from robot.messages import Consent, HeardWords, Mood, Rung
from robot.mind.blackboard import Blackboard, Step
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import PLEASANT, UNPLEASANT
from robot.mind.statechart import ENGAGED
from robot.mind.talk.choice import Scene, choose_reply
from robot.mind.talk.context import Context
from robot.mind.talk.intents import UNCLEAR
from robot.mind.talk.model import Prompt, Replies, fit_to_say
from robot.mind.talk.phrases import Chooser, replybook
from robot.policy import permission_for

REPLY = "reply"
"""The kind of words that a reply is."""

GRAVE = "grave"
"""The replies between words of a crisis and a person who is there: no joke, no small talk, whatever is said."""

LEAST_WORDS_WEIGHT = 0.2
"""Words that are believed this much, and a mood that is unsure all the same: something else speaks against them."""

GIVES_WAY = ("hello_voice", "sharing_joy", "comforting", "calming", "curious", "filler", "offer")
"""Words that have no place beside an answer to what was said."""


@dataclass(slots=True)
class _Asked:
    """An answer that a model works on."""

    words: HeardWords
    until_s: float


class Talk:
    """Answers one utterance at a time; a newer one replaces it. Keeps no words longer than it takes to answer them."""

    def __init__(
        self, robot: RobotSettings, rng: Random, model: Replies | None = None, settings: TalkSettings | None = None
    ) -> None:
        self._robot = robot
        self._permit(robot.consent)
        self._chooser = Chooser(rng)
        self._model = model
        self._within_s = (settings or TalkSettings()).within_s
        self._asked: _Asked | None = None
        self._told_missing = False
        self.context = Context()
        self.text = ""
        """The words of the utterance that is being answered, for a model; empty without one."""

    def forget(self) -> None:
        """Let go of what was spoken about: consent was taken back."""
        self.context.meet(self.context.met_s)
        self._asked, self.text = None, ""

    def react(self, board: Blackboard, step: Step) -> None:
        """Answer the last utterance of this step."""
        self._follow(board, step)
        if board.grave:
            self._asked = None
        heard = [signal for signal in step.signals if isinstance(signal, HeardWords) and not signal.crisis]
        for words in heard:
            self.context.hear(step.t_s, words)
        if heard and board.now.state in ENGAGED and not step.answered:
            self._begin(board, step, heard[-1])
        self._finish(board, step)

    def _permit(self, rung: Rung) -> None:
        allowed = permission_for(self._robot, rung)
        self._feelings, self._memory = allowed.words, allowed.memory

    def _follow(self, board: Blackboard, step: Step) -> None:
        for signal in step.signals:
            if isinstance(signal, Consent):
                self._permit(signal.rung)
        for event, _, after in step.transitions:
            if event == "engage":
                self.context.meet(step.t_s)
            if after == "alone":
                self.context.meet(step.t_s)
                self._asked, self.text = None, ""
        lacks = step.health.parts.get("words") in ("missing", "lost")
        if lacks and not self._told_missing and board.now.state in ENGAGED and self._feelings:
            self._told_missing = True
            self._say(board, step, "no_words", "I cannot make out words", board.state_id, keep_s=20.0)

    def _begin(self, board: Blackboard, step: Step, words: HeardWords) -> None:
        if board.grave or self._model is None or not self.text or words.intent == UNCLEAR:
            self._answer(board, step, words)
            return
        robot, mood = self._robot, step.mood.label
        self._model.ask(
            Prompt(self.text, board.language, words.intent, words.topic, mood, board.persona.name, robot.place)
        )
        self._asked = _Asked(words, step.t_s + self._within_s)
        self.text = ""

    def _finish(self, board: Blackboard, step: Step) -> None:
        """Say what the model wrote, if it may be said; when its time is over, a set reply."""
        asked = self._asked
        if asked is None or self._model is None:
            return
        written = self._model.take()
        if written is None and step.t_s < asked.until_s:
            return
        self._asked = None
        line = None if written is None else fit_to_say(written, feelings=self._feelings, memory=self._memory)
        if line is None or line == board.speech.wording.newest:
            self._answer(board, step, asked.words)
        else:
            self._tell(board, step, line, asked.words)

    def _answer(self, board: Blackboard, step: Step, words: HeardWords) -> None:
        key, filled = (GRAVE, {}) if board.grave else choose_reply(self._scene(board, step, words), words)
        self._tell(board, step, self._choose(board, key).format(**filled), words)

    def _choose(self, board: Blackboard, key: str) -> str:
        return self._chooser.choose(key, replybook(board.language).phrases[key], board.speech.wording.newest)

    def _scene(self, board: Blackboard, step: Step, words: HeardWords) -> Scene:
        return Scene(
            t_s=step.t_s,
            robot=self._robot,
            state=board.now.state,
            people=len(step.focus.people),
            contradicted=words.feeling is not None and _contradicted(step.mood, words.feeling.label),
            context=self.context,
            book=replybook(board.language),
        )

    def _tell(self, board: Blackboard, step: Step, phrase: str, words: HeardWords) -> None:
        board.speech.wording.drop(*GIVES_WAY)
        if "voiceless" in board.faculties:
            step.notice = phrase
            step.cited.append(words.id)
            return
        board.speech.wording.tell(step.t_s, REPLY, phrase, "you spoke to me", words.id)

    def _say(self, board: Blackboard, step: Step, key: str, why: str, because: str, keep_s: float) -> None:
        board.speech.wording.tell(step.t_s, REPLY, self._choose(board, key), why, because, keep_s=keep_s)


def _contradicted(mood: Mood, said: str) -> bool:
    """True where face or tone speak against what was said: irony, perhaps, and never a fact."""
    if mood.label == UNSURE:
        return min(mood.words_weight, max(mood.face_weight, mood.voice_weight)) >= LEAST_WORDS_WEIGHT
    sides = (mood.label in PLEASANT, said in PLEASANT), (mood.label in UNPLEASANT, said in UNPLEASANT)
    return sides in (((True, False), (False, True)), ((False, True), (True, False)))
