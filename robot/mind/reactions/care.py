"""Distress that comes back or stays: the robot offers to fetch a person."""

from robot.config import BehaviourSettings
from robot.consent import lowered
from robot.mind.blackboard import Blackboard, Step
from robot.mind.distress import Distress
from robot.mind.statechart import ENGAGED

KEEP_OFFER_S = 20.0
"""An offer to fetch a person is not given up for want of a pause."""


class Care:
    """Watches for distress that a machine should not be alone with."""

    def __init__(self, settings: BehaviourSettings) -> None:
        self._distress = Distress(settings)

    def react(self, board: Blackboard, step: Step) -> None:
        """Offer to fetch a person when it is time to."""
        if lowered(step.signals):
            self._distress.forget()
        if any(after not in ENGAGED for _, _, after in step.transitions):
            board.speech.wording.drop("fetch")
        self._distress.settings = board.settings
        offer = self._distress.step(step.t_s, board.now.state, board.state_id)
        if offer is None:
            return
        why, cause, because = offer
        text = f"I offer to fetch a person because {why}"
        reason_id = board.reasons.add(step.t_s, "care", "fetch", text, because, cause)
        step.cited.append(reason_id)
        step.fetch = True
        board.speech.wording.drop(board.now.state)
        board.speech.wording.wish(step.t_s, "fetch", why, reason_id, keep_s=KEEP_OFFER_S)
