"""A percept that was corrected for how its owner looks or sounds at rest."""

from robot.messages import Percept


class RestedPercept(Percept, frozen=True):
    """A percept corrected by `robot.mind.baseline`; `at_first` is the label that it had before."""

    at_first: str = ""
