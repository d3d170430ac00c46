"""A procedure's questions in the simulator's page: a button for each answer, and what was said above them."""

import queue

from hardware.ports import JOINTS, JointAngles
from robot.care.calibration.dialogue import STOP, Question, Stopped
from robot.messages import BodyPose
from robot.simulator.hub import Hub
from robot.simulator.wire import Answered

LOOK_S = 0.5
"""How often a waiting question lets Ctrl-C through."""

MOST_SAID = 3


class PageDialogue:
    """Asks on every open page; the first answer counts. Titles are numbered: a late answer is told from a new."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._answers: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        self._said: list[str] = []
        self._asked = 0
        hub.answered = self._answers.put

    def say(self, text: str) -> None:
        """Shown with the next question, or at the end."""
        self._said = [*self._said, text][-MOST_SAID:]

    def ask(self, question: Question) -> str:
        """Show the question until somebody presses a button.

        Raises:
            Stopped: that button was the last one.
        """
        self._asked += 1
        title = f"{self._asked}. {question.title}"
        self._hub.ask(Question(title, self._with_said(question.text), question.answers))
        while True:
            try:
                answered = self._answers.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            if answered.title != title:
                continue
            self._said.clear()
            if answered.key == STOP:
                raise Stopped("ended; what was finished is kept, and the next `rapport calibrate` goes on from there")
            return answered.key

    def show_pose(self, t_s: float, angles: JointAngles) -> None:
        """Draw the face as it stands."""
        named = {name: getattr(angles, f"{name}_deg") for name in JOINTS}
        self._hub.publish(BodyPose(t_s, named, ((0.0, 0.0, 0.0),)))

    def finish(self, text: str) -> None:
        """Show a last line, without buttons."""
        self._hub.ask(Question("Calibration", self._with_said(text), ()))

    def _with_said(self, text: str) -> str:
        return ". ".join([*self._said, text])
