"""When both copies of the state record are gone: what can be believed from the sets and the history that are left."""

from robot.updates.bundle import version_key
from robot.updates.history import Event
from robot.updates.shelf import Shelf
from robot.updates.state import Floor, Slots, State


def rebuilt(shelf: Shelf, events: list[Event]) -> State:
    """A state in which each model has the set that was committed last, if that is whole; else what shipped.

    A candidate is dropped: nothing says how often it has crashed. The floor rises again to what the sets prove, and no
    further: what was seen of the repository's metadata is lost with the record.
    """
    committed = {event.model: event.version for event in events if event.event == "committed"}
    models: dict[str, Slots] = {}
    oldest: dict[str, str] = {}
    time_s = 0
    for model_id, name in committed.items():
        if shelf.fault(model_id, name):
            continue
        bundle = shelf.bundle(model_id, name)
        models[model_id] = Slots(current=name)
        oldest[model_id] = max(oldest.get(model_id, "0.0.0"), bundle.min_version, key=version_key)
        time_s = max(time_s, bundle.created_s)
    return State(models=models, floor=Floor(models=oldest, time_s=time_s))
