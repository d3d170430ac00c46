"""Coming, staying and going: follows the decisions of `robot.mind.decision` through the statechart."""

from robot.mind.blackboard import Blackboard, Step, Transition
from robot.mind.decision import DOES, LOOKED_AWAY, Decision, decide
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import MOODS
from robot.mind.statechart import ENGAGED, active_behaviour
from robot.mind.wording import YIELD_S

SPOKEN_ANSWERS = ENGAGED - {"attending"}
"""The engaged states that come with words of their own."""


class Meeting:
    """Watches who is there, sends the events that are due, and asks for the words and chirps of each new state."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in faces and voices, and follow every decision that they, or another room, call for."""
        now, t_s = board.now, step.t_s
        if now.sees:
            board.presence.step(t_s, step.focus, step.hearings, now.state in ENGAGED)
        elif step.hearings:
            board.presence.listen(t_s, step.hearings)
        if any(sign.kind == "wave" for sign in step.signs):
            board.presence.hail(t_s)
        if step.mood.label != UNSURE:
            now.unsure_s = t_s
        for decision in step.decisions:
            if now.state == "asleep" and decision.event == "fall_asleep":
                continue
            self._follow(board, step, decision)
        while (due := decide(t_s, now, board.presence, step.mood, board.settings)) is not None:
            self._follow(board, step, due)
        if now.state in ENGAGED and step.mood.label != UNSURE and step.mood.label in MOODS:
            now.answered = True

    def _follow(self, board: Blackboard, step: Step, decision: Decision) -> None:
        """Send the event and enter the state it leads to."""
        now, t_s = board.now, step.t_s
        seen = decision.event == "notice" and decision.cause.key not in ("told", "called")
        if seen and (trail := board.presence.noticed(t_s)) is not None:
            step.glances_s += (t_s - trail.since_s,)
        board.chart.send(decision.event)
        before, state = now.state, active_behaviour(board.chart)
        step.transitions.append(Transition(decision.event, before, state))
        because = board.reasons.cite(*decision.clues) + ((decision.mood_id,) if decision.mood_id else ())
        board.why = decision.why
        text = f"{DOES[state]} because {board.why}"
        board.state_id = board.reasons.add(t_s, "state", state, text, because, decision.cause)
        step.cited.append(board.state_id)
        board.speech.wording.drop(before)
        if state in ENGAGED:
            now.answered = before in ENGAGED
            now.engaged_s = now.engaged_s if before in ENGAGED else t_s
        board.presence.let_be = board.presence.let_be or decision.cause.key == LOOKED_AWAY
        if state == "alone":
            board.presence.forget_face()
            board.presence.forget_voice()
        # Cheerful words begun a moment ago must not run on into somebody's anger, or after them.
        step.hush = step.hush or (state in ("calming", "parting") and board.speech.wording.sounding(t_s))
        now.state, now.entered_s = state, t_s
        _ask_for_words(board, t_s, decision.event)
        board.speech.call_for_state(t_s, state, DOES[state], board.state_id)


def _ask_for_words(board: Blackboard, t_s: float, event: str) -> None:
    wording, state = board.speech.wording, board.now.state
    match event:
        case "engage":
            if board.presence.face.count:
                # At once, but not over the answer to somebody who spoke before they were looked at.
                at_once = not wording.answering(t_s)
                wording.wish(t_s, "hello", "we have just met", board.state_id, urgent=at_once)
            else:  # a voice is talking: answer its first pause, or not at all
                wording.wish(t_s, "hello_voice", "we have just met", board.state_id, keep_s=YIELD_S * 0.9)
        case "leave":
            wording.drop("hello", "hello_voice")
            wording.wish(t_s, state, board.why, board.state_id, urgent=not wording.answering(t_s))
        case _:
            if state in SPOKEN_ANSWERS:  # more to the point than a greeting that still waits for a pause
                wording.drop("hello_voice")
            wording.wish(t_s, state, board.why, board.state_id)
