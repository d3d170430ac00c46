"""Spoken commands about the robot itself: louder, quieter, sleep, wake up. Others have rooms of their own."""

from random import Random

from robot.messages import HeardCommand, Request
from robot.mind.blackboard import Blackboard, Step
from robot.mind.decision import Decision
from robot.mind.reactions.talk import REPLY
from robot.mind.reasons import Cause
from robot.mind.talk.phrases import Chooser, replybook

QUIETEST, LOUDEST, LOUDER_BY = 0.3, 1.4, 1.35
"""Shares of the usual loudness, and how much one wish for more or less changes it: 2.6 dB, which is clearly heard."""

FORGOTTEN_AFTER_S = 30.0
"""Who sent the robot to sleep and has been gone this long is another visitor when they come back."""

WAKES: dict[str, str] = {"asleep": "notice", "alone": "notice", "noticing": "", "parting": "come_back"}
"""The states that end when the robot is called, and the event that ends each."""

OWN = frozenset({"louder", "quieter", "sleep", "wake"})


class Commands:
    """Does what it is told, the moment it is told."""

    def __init__(self, rng: Random) -> None:
        self._chooser = Chooser(rng)

    def react(self, board: Blackboard, step: Step) -> None:
        """Follow the commands of this step, in order."""
        for signal in step.signals:
            if isinstance(signal, HeardCommand | Request) and _told(board, _name(signal)):
                self._follow(board, step, _name(signal), signal.id)
        now, face = board.now, board.presence.face
        if now.sent_to_sleep and step.t_s - max(face.last_s, now.entered_s) > FORGOTTEN_AFTER_S:
            now.sent_to_sleep = False

    def _follow(self, board: Blackboard, step: Step, name: str, because: str) -> None:
        text = f"I do as I was told: {name}"
        reason_id = board.reasons.add(step.t_s, "command", name, text, (because,), Cause("told"))
        step.cited.append(reason_id)
        match name:
            case "louder":
                board.loudness = min(LOUDEST, board.loudness * LOUDER_BY)
                self._say(board, step, name, reason_id)
            case "quieter":
                board.loudness = max(QUIETEST, board.loudness / LOUDER_BY)
                self._say(board, step, name, reason_id)
            case "sleep":
                board.speech.be_quiet()
                board.now.sent_to_sleep = True
                step.decisions.append(Decision("fall_asleep", "I was told to sleep", Cause("told")))
            case "wake" if board.now.state in WAKES:
                board.now.sent_to_sleep = False
                board.presence.call(step.t_s)
                if board.now.state != "noticing":
                    step.decisions.append(Decision(WAKES[board.now.state], "I was called", Cause("called")))
            case "wake":
                self._say(board, step, "greeting", reason_id)

    def _say(self, board: Blackboard, step: Step, key: str, because: str) -> None:
        wording = board.speech.wording
        phrase = self._chooser.choose(key, replybook(board.language).phrases[key], wording.newest)
        wording.tell(step.t_s, REPLY, phrase, "you asked for it", because)


def _name(signal: HeardCommand | Request) -> str:
    return signal.name if isinstance(signal, HeardCommand) else signal.what


def _told(board: Blackboard, name: str) -> bool:
    """True for what this room does, and asleep only for what reaches a sleeper."""
    return name in OWN and (board.now.state != "asleep" or name == "wake")
