"""The memory of a scenario: people who are remembered while it plays, and nothing on any disk."""

from collections.abc import Iterable

from robot.mind.acquaintance import Acquaintance


class Notebook:
    """Implements `robot.mind.acquaintance.Memory`. `state` is what the scenario says of it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.state = "ok"
        self._people = {name: Acquaintance(id=name, name=name) for name in names}

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
