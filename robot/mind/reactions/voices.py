"""Of several people in view the voice is that of the one whose lips move: says whose it takes a voice for, and why."""

from robot.messages import Hearing
from robot.mind.blackboard import Blackboard, Step
from robot.mind.mood import LOUDEST_OWN_NOISE
from robot.mind.reasons import voice_clue

TEXTS: dict[str, str] = {
    "yours": "I take the voice for yours because your lips move",
    "anothers": "I take the voice for somebody else's because their lips move and yours do not",
    "either": "I take the voice for yours or somebody else's because more than one of you moves their lips",
}
"""What the robot makes of lips and a voice; how far it then believes the voice: `Focus.voice_share`."""


class Voices:
    """Notes each change. With one person in view, or where no lips are seen to move, there is nothing to say."""

    def __init__(self) -> None:
        self._whose = ""

    def react(self, board: Blackboard, step: Step) -> None:
        """Follow whose voice it is taken for."""
        focus = step.focus
        if len(focus.people) < 2:
            self._whose = ""
            return
        heard = next(filter(_speaks, reversed(step.hearings)), None)
        if heard is None or not focus.talkers:
            return
        others = set(focus.talkers) - {focus.person}
        whose = "anothers" if focus.person not in focus.talkers else "either" if others else "yours"
        if whose == self._whose:
            return
        self._whose = whose
        face = board.presence.face.last
        clues = (voice_clue(heard), *(() if face is None else (face,)))
        board.reasons.add(step.t_s, "voice", whose, TEXTS[whose], board.reasons.cite(*clues))


def _speaks(hearing: Hearing) -> bool:
    return hearing.speaking and hearing.own_noise <= LOUDEST_OWN_NOISE
