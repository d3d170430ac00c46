"""A new face: it is told and shown what is perceived here, once in a visit, and greeted by the light."""

from robot.mind.blackboard import Blackboard, Step
from robot.mind.presence import SIGHTINGS_TO_MEET
from robot.mind.reasons import Cause
from robot.mind.statechart import ENGAGED
from robot.mind.wording import NOTICES

KEEP_NOTICE_S = 20.0
"""A notice is not given up for want of a pause."""


class Newcomers:
    """Remembers who was told in this visit."""

    def __init__(self) -> None:
        self._told: set[int] = set()
        self._came_back = False

    def react(self, board: Blackboard, step: Step) -> None:
        """Tell whoever is new."""
        for event, _, after in step.transitions:
            self._came_back = event == "come_back"
            if after not in ENGAGED:  # whoever these words were for has gone
                board.speech.wording.drop(*NOTICES)
            if after == "alone":
                self._told.clear()
        if board.now.state in ENGAGED:
            self._meet(board, step)

    def _meet(self, board: Blackboard, step: Step) -> None:
        focus = step.focus
        if focus.newcomer_s is not None:
            board.newcomer_s = step.t_s
            step.glances_s += (step.t_s - focus.newcomer_s,)
        if self._came_back and focus.face is not None:
            self._told |= {focus.person, *focus.people}  # whoever comes back within a goodbye is taken to be the same
            self._came_back = False
        if focus.face is None or focus.person in self._told or board.presence.face.count < SIGHTINGS_TO_MEET:
            return
        self._told |= {focus.person, *focus.people}
        key = NOTICES["private" not in board.faculties]
        board.speech.wording.wish(
            step.t_s, key, "your face is new to me", board.state_id, keep_s=KEEP_NOTICE_S, cause=Cause("new_face")
        )
        if "voiceless" in board.faculties:
            step.notice = board.persona.phrases(key, board.language)[0]
            step.cited.append(board.state_id)
