"""Whom to look at when several people stand together: each in turn, for as long as people look at each other."""

from collections.abc import Sequence
from random import Random

from robot.mind.company import Person

SHORTEST_LOOK_S, LONGEST_LOOK_S = 2.6, 4.0
"""How long a look at one of several people lasts: near the 3.3 s of mutual gaze that people prefer, with a spread of
0.7 s (Binetti et al. 2016)."""


class SharedGaze:
    """Chooses whom to look at. A look ends when its time is over or its person has gone, for no other reason."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._id = 0
        self._until_s = 0.0
        self._looked_s: dict[int, float] = {}

    def step(self, t_s: float, people: Sequence[Person], attended: int) -> Person | None:
        """The person to look at among `people` (who came first, first); `attended` is the id of the one attended to.

        None with fewer than two people: then the robot looks at the one that it attends to.
        """
        if len(people) < 2:
            self._id = 0
            self._looked_s.clear()
            return None
        there = {person.id: person for person in people}
        if self._id not in there or t_s >= self._until_s:
            self._turn(t_s, people, attended if attended in there else people[0].id)
        self._looked_s = {person: looked_s for person, looked_s in self._looked_s.items() if person in there}
        self._looked_s[self._id] = t_s
        return there[self._id]

    def _turn(self, t_s: float, people: Sequence[Person], attended: int) -> None:
        """Look at whoever was not looked at for longest, who came first before others; at first at the attended one."""
        if self._looked_s:
            others = [person for person in people if person.id != self._id] or list(people)
            self._id = min(others, key=lambda person: self._looked_s.get(person.id, float("-inf"))).id
        else:
            self._id = attended
        self._until_s = t_s + self._rng.uniform(SHORTEST_LOOK_S, LONGEST_LOOK_S)
