"""Somebody waits for an answer: a sound, a filler, an offer of help, each in its time."""

from robot.mind.blackboard import Blackboard, Step
from robot.mind.reasons import Cause
from robot.mind.statechart import ENGAGED

TURNED_AWAY_S = 0.7
"""A face hidden for longer may be on its way out: nothing is said that a goodbye would cut short."""

OFFER_AGAIN_S, FILLER_AGAIN_S = 60.0, 30.0
"""Somebody who just chats is not asked after every sentence whether they need help, nor told after every sentence that
it is being thought about; a chirp answers them instead."""


class Patience:
    """Never lets anybody wait in silence for longer than the contract (`robot.mind.encounter`) says."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Give what is due to whoever waits."""
        t_s, wording, waiting = step.t_s, board.speech.wording, board.waiting
        faced = board.presence.face.fresh(t_s, board.settings.lost_face_s) or not board.now.sees
        can = board.now.state in ENGAGED and "voiceless" not in board.faculties
        waiting.step(t_s, step.hearings, attended=faced and can)
        if waiting.since_s is None:
            wording.drop("filler", "offer")
            return
        going = board.now.sees and not board.presence.face.fresh(t_s, TURNED_AWAY_S)
        due = None if going else waiting.due(t_s)
        if due is None or waiting.clue is None:
            return
        heard_id = board.reasons.cite(waiting.clue)[0]
        why = f"you have waited for an answer for {t_s - waiting.since_s:.1f} s"
        cause = Cause("waited", t_s - waiting.since_s)
        at_once = due == "offer" and not wording.talking(t_s)
        again_s = OFFER_AGAIN_S if due == "offer" else FILLER_AGAIN_S
        said = due != "chirp" and wording.wish(t_s, due, why, heard_id, urgent=at_once, again_s=again_s, cause=cause)
        if not said:
            chirp = board.persona.manner_in(board.now.state).chirp or "curious"
            board.speech.call(t_s, chirp, why, heard_id)
            if due == "offer":
                waiting.refused()
