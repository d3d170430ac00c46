"""A sense is built for a permission and let go with it, whatever thread says so, whenever."""

import gc
import weakref

from robot.config import RobotSettings
from robot.policy import Permission, permission_for
from robot.sense import Sense

FEELINGS = permission_for(RobotSettings())
REMEMBER = permission_for(RobotSettings(consent="remember"))
PRESENCE = permission_for(RobotSettings(consent="presence"))
NOTHING = permission_for(RobotSettings(consent="off"))


class Eye:
    def __init__(self, reads: bool) -> None:
        self.reads = reads


def needs(allowed: Permission) -> tuple[bool, ...]:
    return allowed.camera, allowed.expression


def test_before_anybody_permits_it_nothing_is_built() -> None:
    built: list[Permission] = []
    sense = Sense(lambda allowed: built.append(allowed) or Eye(True), needs)
    assert sense.get() is None
    sense.permit(NOTHING)
    assert sense.get() is None
    assert built == []


def test_it_is_built_once_for_what_it_needs_and_anew_when_that_changes() -> None:
    sense = Sense(lambda allowed: Eye(allowed.expression), needs)
    sense.permit(FEELINGS)
    first = sense.get()
    sense.permit(REMEMBER)
    assert sense.get() is first, "memory is none of its business"
    sense.permit(PRESENCE)
    second = sense.get()
    assert second is not first
    assert second is not None
    assert not second.reads


def test_a_permission_taken_away_leaves_nothing_behind() -> None:
    let_go: list[str] = []
    sense = Sense(lambda allowed: Eye(allowed.expression), needs, lambda: let_go.append("models"))
    sense.permit(FEELINGS)
    eye = weakref.ref(sense.get())  # type: ignore[type-var]
    sense.permit(NOTHING)
    gc.collect()
    assert eye() is None
    assert let_go == ["models"]
    assert sense.get() is None


def test_what_is_taken_away_while_it_is_being_built_does_not_come_back() -> None:
    let_go: list[str] = []

    def build(allowed: Permission) -> Eye:
        if allowed.expression:
            sense.permit(PRESENCE)  # another thread says no just now
        return Eye(allowed.expression)

    sense = Sense(build, needs, lambda: let_go.append("models"))
    sense.permit(FEELINGS)
    assert sense.get() is None
    assert let_go == ["models", "models"]
    eye = sense.get()
    assert eye is not None
    assert not eye.reads


def test_it_is_settled_when_there_is_nothing_to_be_built_now() -> None:
    sense = Sense(lambda allowed: Eye(allowed.expression), needs)
    sense.permit(NOTHING)
    assert sense.settled
    sense.permit(FEELINGS)
    assert not sense.settled
    sense.get()
    assert sense.settled


def test_made_anew_it_lets_go_first_and_is_built_by_whoever_uses_it_next() -> None:
    sense = Sense(lambda allowed: Eye(allowed.expression), needs)
    sense.permit(FEELINGS)
    first = weakref.ref(sense.get())  # type: ignore[type-var]
    proven: list[Permission] = []
    sense.renew(lambda allowed: proven.append(allowed) or Eye(False))
    gc.collect()
    assert first() is None, "two of it do not fit into a little Pi"
    assert proven == []
    assert not sense.settled
    eye = sense.get()
    assert eye is not None
    assert not eye.reads
    assert proven == [FEELINGS]
    sense.permit(NOTHING)
    sense.permit(FEELINGS)
    again = sense.get()
    assert again is not None
    assert again.reads, "another permission, and it is built as at first"


def test_one_that_is_ready_too_late_is_not_used() -> None:
    def slow(allowed: Permission) -> Eye:
        sense.renew(lambda _allowed: Eye(False))  # the watch has lost its patience meanwhile
        return Eye(allowed.expression)

    sense = Sense(slow, needs)
    sense.permit(FEELINGS)
    assert sense.get() is None
    eye = sense.get()
    assert eye is not None
    assert not eye.reads
