"""Somebody who looks elsewhere, or can hardly keep their eyes open, gets a calmer robot."""

from robot.mind.blackboard import Blackboard, Step
from robot.mind.reasons import Cause
from robot.mind.statechart import ENGAGED

AVERTED_S = 4.0
LOW, FULL = 0.5, 1.0
BACK_S = 0.8
"""Somebody must have looked for this long before the robot is lively again."""


class Energy:
    """Lowers the energy of the robot and gives it back."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Follow the gaze of the person in front."""
        if board.now.state not in ENGAGED:
            board.energy = FULL
            return
        eyes, t_s = board.presence.eyes, step.t_s
        averted_s, met_s = eyes.averted_s(t_s), eyes.met_s(t_s)
        # Drowsiness is a state of somebody, not a glance: it is worked out only where feelings may be read.
        drowsy = "reading" in board.faculties and eyes.drowsy(t_s)
        if board.energy == FULL and drowsy:
            self._set(board, step, LOW, "I am calmer because your eyes keep closing", Cause("drowsy"))
        elif board.energy == FULL and averted_s is not None and averted_s >= AVERTED_S:
            text = f"I am calmer because you have looked away for {averted_s:.0f} s"
            self._set(board, step, LOW, text, Cause("looked_away", averted_s))
        elif board.energy < FULL and not drowsy and met_s is not None and met_s >= BACK_S:
            self._set(board, step, FULL, "I am lively again because you look at me", Cause("eye_contact", met_s))

    @staticmethod
    def _set(board: Blackboard, step: Step, energy: float, text: str, cause: Cause) -> None:
        board.energy = energy
        clue = board.presence.face.last
        because = () if clue is None else board.reasons.cite(clue)
        what = "lively" if energy == FULL else "calmer"
        step.cited.append(board.reasons.add(step.t_s, "energy", what, text, because, cause))
