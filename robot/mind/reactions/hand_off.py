"""Fetching a person: when somebody asks, is in need, or is not understood; what is said until one comes.

The chart's region `hand_off` says how far it has come. Calling is done at the edge (`robot.hand_off`), from the
`HandOff` of the intent; an answer comes back as a `Request`. Where nobody can be called, the robot says just that.
"""

from robot.called import HandOff
from robot.config import HandOffSettings
from robot.messages import HeardCommand, HeardWords, Request, Signal
from robot.mind.blackboard import Blackboard, Step
from robot.mind.statechart import ENGAGED

WHY: dict[str, str] = {
    "asked": "somebody asked for a person",
    "distress": "somebody has seemed troubled for long, and said yes to a person",
    "crisis": "somebody said words that a person should hear about at once",
    "misunderstood": "somebody is not understood by me, and said yes to a person",
    "operator": "a button for a person was pressed",
}
"""Each trigger as the one line that the person called gets. Nobody's words, nobody's name, no feeling."""

UNCLEAR = "unclear"
"""The `HeardWords.intent` of words that made no sense to the robot."""

NOT_NOW = ("sharing_joy", "curious", "filler", "offer", "hello", "hello_voice")
"""Small talk, which has no place between words of a crisis and a person who is there."""

KEEP_WORDS_S = 30.0
"""What is said about a person who is called is not given up for want of a pause."""

CALLED = frozenset({"calling", "unanswered"})


class HandOffs:
    """Follows one call for a person at a time."""

    def __init__(self, settings: HandOffSettings) -> None:
        self._settings = settings
        self._state = "unneeded"
        self._trigger = ""
        self._since_s = self._called_s = self._told_s = 0.0
        self._because = ""
        self._misunderstood = 0

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in what was asked and said, and what the time asks for."""
        if step.fetch:
            self._offer(board, step, "distress", step.cited[-1])
        for signal in step.signals:
            self._hear(board, step, signal)
        if any(after == "alone" for _, _, after in step.transitions):
            self._misunderstood = 0
            board.grave = False
            if self._state == "offered":
                self._move(board, step, "withdraw_offer", "unneeded", "whoever I offered a person to has gone")
        self._mind_the_time(board, step)
        if board.grave:
            board.speech.wording.drop(*NOT_NOW)

    def _hear(self, board: Blackboard, step: Step, signal: Signal) -> None:
        match signal:
            case HeardWords():
                self._hear_words(board, step, signal)
            case HeardCommand(name=name):
                self._answer(board, step, name, "asked", signal.id)
            case Request(what=what):
                trigger = "operator" if signal.by in ("board", "command", "fleet") else "asked"
                self._answer(board, step, what, trigger, signal.id)

    def _hear_words(self, board: Blackboard, step: Step, words: HeardWords) -> None:
        self._misunderstood = self._misunderstood + 1 if words.intent == UNCLEAR else 0
        if words.crisis:
            self._call(board, step, "crisis", words.id)
        elif self._misunderstood >= self._settings.misunderstood_times:
            self._misunderstood = 0
            self._offer(board, step, "misunderstood", words.id)

    def _answer(self, board: Blackboard, step: Step, what: str, trigger: str, because: str) -> None:
        match what, self._state:
            case "person", _:
                self._call(board, step, trigger, because)
            case "yes", "offered":
                self._call(board, step, self._trigger, because)
            case "no", "offered":
                self._move(board, step, "withdraw_offer", "unneeded", "you said no to a person", because)
                self._say(board, step, "fetch_declined")
            case "coming", ("calling" | "unanswered"):
                self._move(board, step, "promise_person", "coming", "a person has answered", because)
                self._say(board, step, "coming")
            case "handed_over", ("calling" | "unanswered" | "coming"):
                board.grave = False
                self._move(board, step, "hand_over", "unneeded", "a person has taken over", because)
                self._say(board, step, "handed_over")

    def _offer(self, board: Blackboard, step: Step, trigger: str, because: str) -> None:
        """Ask first: trouble and misunderstanding are guesses. In distress `care` finds the words."""
        if self._state != "unneeded":
            return
        if not self._settings.channels:
            step.fetch = False
            self._note(board, step, "I would offer a person, but nobody can be called from here", because)
            self._say(board, step, "fetch_alone")
            return
        self._trigger = trigger
        self._move(board, step, "offer_person", "offered", WHY[trigger].partition(", and")[0], because)
        if trigger == "misunderstood":
            self._say(board, step, "fetch_misunderstood")

    def _call(self, board: Blackboard, step: Step, trigger: str, because: str) -> None:
        grave = trigger == "crisis"
        board.grave = board.grave or grave
        step.hush = step.hush or (grave and board.speech.wording.sounding(step.t_s))
        if not self._settings.channels:
            self._trigger = trigger
            self._note(board, step, f"I would call a person because {WHY[trigger]}, but nobody can be called", because)
            self._say(board, step, "crisis_alone" if grave else "fetch_alone", urgent=grave)
        elif self._state in ("calling", "coming", "unanswered") and not (grave and self._trigger != "crisis"):
            self._say(board, step, "coming" if self._state == "coming" else "calling_still")
        else:
            self._trigger = trigger
            self._called_s = step.t_s
            if self._state not in ("unneeded", "offered"):  # a call that turns out to be graver begins anew
                board.chart.send("hand_over")
            self._move(board, step, "call_person", "calling", WHY[trigger], because)
            self._say(board, step, "crisis" if grave else "calling", urgent=grave)
        if grave:
            self._name_help_line(board, step)

    def _name_help_line(self, board: Blackboard, step: Step) -> None:
        lines = board.persona.phrases("help_line", board.language)
        if lines:
            step.notice = lines[0]
            board.speech.wording.wish(step.t_s, "help_line", WHY["crisis"], self._because, keep_s=KEEP_WORDS_S)

    def _mind_the_time(self, board: Blackboard, step: Step) -> None:
        settings, waited_s = self._settings, step.t_s - self._since_s + 1e-6  # the clock counts microseconds
        if self._state == "offered" and waited_s >= settings.offer_s:
            self._move(board, step, "withdraw_offer", "unneeded", "my offer of a person was not answered")
        elif self._state == "calling" and step.health.parts.get("hand_off") == "lost":
            self._move(board, step, "miss_answer", "unanswered", "I reach nobody at the moment")
            self._say(board, step, "unanswered")
        elif self._state == "calling" and waited_s >= settings.answer_within_s:
            self._move(board, step, "miss_answer", "unanswered", f"nobody has answered for {waited_s:.0f} s")
            self._say(board, step, "unanswered")
        elif self._state in ("unanswered", "coming") and step.t_s - self._called_s >= settings.give_up_after_s:
            self._move(board, step, "hand_over", "unneeded", "the call has lasted long enough")
        elif self._state in CALLED and step.t_s - self._told_s >= settings.reassure_every_s:
            self._say(board, step, "calling_still" if self._state == "calling" else "unanswered")

    def _move(self, board: Blackboard, step: Step, event: str, state: str, why: str, because: str = "") -> None:
        board.chart.send(event)
        self._state, self._since_s = state, step.t_s
        self._note(board, step, f"{DOES[event]} because {why}", because)
        step.hand_off = HandOff(state, self._trigger, WHY[self._trigger])

    def _note(self, board: Blackboard, step: Step, text: str, because: str = "") -> None:
        causes = (because,) if because else ((self._because,) if self._because else ())
        self._because = board.reasons.add(step.t_s, "care", "hand_off", text, causes)
        step.cited.append(self._because)

    def _say(self, board: Blackboard, step: Step, key: str, urgent: bool = False) -> None:
        """Words for whoever is there; with nobody there they are not said later either."""
        self._told_s = step.t_s
        if board.now.state in ENGAGED or urgent:
            wording = board.speech.wording
            wording.drop("fetch", "calling", "calling_still", "unanswered", "offer", "filler")
            wording.wish(step.t_s, key, SAYS[key], self._because, urgent=urgent, keep_s=KEEP_WORDS_S)


DOES: dict[str, str] = {
    "offer_person": "I offer to fetch a person",
    "withdraw_offer": "I take back my offer of a person",
    "call_person": "I call a person",
    "miss_answer": "I go on calling a person",
    "promise_person": "I wait for a person with you",
    "hand_over": "I stop calling a person",
}
"""Each event of the region as the start of a reason."""

SAYS: dict[str, str] = {
    "crisis": WHY["crisis"],
    "crisis_alone": WHY["crisis"],
    "fetch_alone": "nobody can be called from here",
    "calling": "I call a person",
    "calling_still": "you wait for a person",
    "coming": "a person has answered",
    "unanswered": "nobody has answered yet",
    "handed_over": "a person has taken over",
    "fetch_declined": "you said no to a person",
    "fetch_misunderstood": "I keep misunderstanding you",
}
"""Why each kind of words is said."""
