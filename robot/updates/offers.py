"""What a channel offers, as it concerns this robot: to be taken, held back, or passed over, and why."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from robot.errors import Incompatible, ModelRefused, UpdateRefused
from robot.inference.store import find_model, read_model_files
from robot.updates import changes
from robot.updates.bundle import MAX_BUNDLE_BYTES, Bundle, folder_name, parse_bundle, version_key, version_of
from robot.updates.channel import Offering, is_offered
from robot.updates.contract import contract_of
from robot.updates.link import NotThere
from robot.updates.metadata import SignedRepository
from robot.updates.state import State
from robot.updates.store import Store


@dataclass(frozen=True, slots=True)
class Robot:
    """What decides whether an update is for this robot. `root` is the root metadata it was made with."""

    root: bytes
    device_id: str
    app_version: str
    channel: str = "stable"
    machine: str = field(default_factory=platform.machine)
    clock_trusted: bool = False
    edgetpu_runtime: str = ""
    """The version of the Edge TPU's runtime; empty where there is none, or none is to be used."""
    unused: Mapping[str, str] = field(default_factory=dict)
    """Models that this robot has no use for, and why: they are neither fetched nor run."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A version that this robot should have. `name` is the set's; `held` says why it is not taken all the same."""

    bundle: Bundle
    content: bytes
    name: str
    mandatory: bool
    held: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A version that is not for this robot now, and why."""

    model_id: str
    version: str
    why: str


class Chooser:
    """Decides what `robot` should have, from what it has in `store`."""

    def __init__(self, store: Store, factory: Path, robot: Robot) -> None:
        self._store = store
        self._factory = factory
        self._robot = robot

    def running_version(self, model_id: str) -> str:
        """The version that would be loaded without a candidate; empty if there is none."""
        current = self._store.state.slots(model_id).current
        if current:
            return current
        try:
            return find_model(model_id, self._factory).name
        except ModelRefused:
            return ""

    def choose_best(
        self, state: State, repository: SignedRepository, model_id: str, offering: Offering, now_s: float, force: bool
    ) -> Offer | PassedOver:
        """The offering, or what is offered to those that it is not for, if that is newer than what is in use.

        Raises:
            UpdateRefused, Incompatible: as `choose`.
        """
        first = self.choose(state, repository, model_id, offering, now_s, force)
        other, running = offering.for_the_others(), version_of(self.running_version(model_id))
        if isinstance(first, Offer) or other is None or running in offering.withdrawn:
            return first
        if state.slots(model_id).trial is not None:
            return first  # what is being tried decides what comes next
        version, oldest = version_key(other.version), state.floor.models.get(model_id, "0.0.0")
        if version <= version_key(running or "0.0.0") or version < version_key(oldest):
            return first
        second = self.choose(state, repository, model_id, other, now_s, force)
        return second if isinstance(second, Offer) else first

    def choose(
        self, state: State, repository: SignedRepository, model_id: str, offering: Offering, now_s: float, force: bool
    ) -> Offer | PassedOver:
        """The offering as it concerns this robot. `force` takes a version again that is known as bad.

        Raises:
            UpdateRefused: what is signed contradicts itself, or is below the oldest version that may run.
            Incompatible: it is made for another robot.
        """
        why = self._not_for_now(state, model_id, offering, now_s)
        if why:
            return PassedOver(model_id, offering.version, why)
        try:
            content = repository.file(offering.bundle, MAX_BUNDLE_BYTES)
        except NotThere:
            return PassedOver(
                model_id,
                offering.version,
                "is not here: this repository holds only a part of what it offers, or is just being published",
            )
        bundle = parse_bundle(content, offering.bundle)
        if (bundle.id, bundle.version) != (model_id, offering.version):
            raise UpdateRefused(f"{offering.bundle}: security: says {bundle.id} {bundle.version}; ask the publisher")
        slots, name = state.slots(model_id), folder_name(bundle, content)
        if slots.trial == name:
            return PassedOver(model_id, offering.version, "is on trial")
        if f"{model_id}/{name}" in state.bad and not force:
            return PassedOver(model_id, offering.version, f"is not tried again: {state.bad[f'{model_id}/{name}']}")
        changes.refuse_below_floor(state, model_id, name)
        self._refuse_incompatible(bundle)
        held = f"pinned to {slots.pinned}; `rapport models unpin {model_id}` lets it go" if slots.pinned else ""
        return Offer(bundle, content, name, offering.mandatory, held)

    def _not_for_now(self, state: State, model_id: str, offering: Offering, now_s: float) -> str:
        """Why the offering is not looked at any further; empty if it is."""
        slots, running = state.slots(model_id), self.running_version(model_id)
        rotten = bool(slots.current and self._store.shelf.fault(model_id, slots.current))
        offered, used = version_key(offering.version), version_key(running or "0.0.0")
        left = version_of(running) in offering.withdrawn
        whys = (
            (model_id in self._robot.unused, self._robot.unused.get(model_id, "")),
            (offering.version in offering.withdrawn, "was withdrawn by the publisher"),
            (bool(running) and offered == used and not rotten, "is in use"),
            (offered < used and not rotten and not left, f"is older than {version_of(running)}, which is in use"),
            (offering.rollout.halted, "was halted by the publisher"),
            (
                not is_offered(offering, self._robot.device_id, now_s),
                f"has not reached this robot yet: {offering.rollout.percent:g} % of the robots have it",
            ),
        )
        return next((why for applies, why in whys if applies), "")

    def _refuse_incompatible(self, bundle: Bundle) -> None:
        """Raise Incompatible, before anything is fetched, if the model is not for this robot."""
        needs, name = bundle.requires, f"{bundle.id} {bundle.version}"
        app = version_key(self._robot.app_version)
        if not version_key(needs.app_from) <= app < version_key(needs.app_below):
            says = f"from {needs.app_from} to below {needs.app_below}, this is {self._robot.app_version}"
            raise Incompatible(f"{name}: is for Rapport {says}; update Rapport first")
        if needs.machines and self._robot.machine not in needs.machines:
            raise Incompatible(f"{name}: is for {', '.join(needs.machines)}, this is {self._robot.machine}")
        runtime = self._robot.edgetpu_runtime
        if runtime and needs.edgetpu_runtimes and runtime not in needs.edgetpu_runtimes:
            says = f"{' or '.join(needs.edgetpu_runtimes)}, this robot has {runtime}"
            raise Incompatible(f"{name}: is compiled for Edge TPU runtime {says}; update libedgetpu first")
        try:
            expected = contract_of(read_model_files(find_model(bundle.id, self._factory)).manifest)
        except ModelRefused as error:
            raise Incompatible(f"{name}: this robot has no use for it ({error})") from None
        if bundle.contract != expected:
            raise Incompatible(f"{name}: takes or gives something else than this Rapport; update Rapport first")
