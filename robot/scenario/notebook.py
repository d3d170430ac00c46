"""The memory of a scenario: people who are remembered while it plays, and nothing on any disk."""

from collections.abc import Iterable

import msgspec

from robot.mind.acquaintance import Acquaintance
from robot.scenario.script import Known


class Notebook:
    """Implements `robot.mind.acquaintance.Memory`. `state` is what the scenario says of it."""

    def __init__(self, people: Iterable[str | Known]) -> None:
        self.state = "ok"
        known = [Known(name=person) if isinstance(person, str) else person for person in people]
        self._people = {each.name: Acquaintance(id=each.name, **msgspec.structs.asdict(each)) for each in known}

    def open(self) -> None:
        """It is open."""

    def people(self) -> tuple[Acquaintance, ...]:
        """Everybody who is remembered."""
        return tuple(self._people.values())

    def keep(self, person: Acquaintance) -> None:
        """Remember somebody."""
        self._people[person.id] = person

    def forget(self, person_id: str) -> None:
        """Forget somebody."""
        self._people.pop(person_id, None)
