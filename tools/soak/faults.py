"""What breaks when: a plan of faults from a seed."""

import random
from collections.abc import Sequence

import msgspec

KINDS: dict[str, tuple[str, ...]] = {
    "camera": ("lost", "silent"),
    "microphone": ("lost", "silent"),
    "servos": ("lost",),
    "lights": ("lost",),
    "speaker": ("lost",),
}
HANGS = ("camera", "microphone")
"""What can also hang in a call; only real time shows that, since one thread cannot watch itself."""

SHORTEST_S, LONGEST_S = 3.0, 90.0
APART_S = 20.0
"""From the end of one fault of a part to its next, at least: until then it must work again."""

AFTER_LOSS_S = 12.0
"""A device that is there again is found within the longest wait between two tries (5 s), on a busy machine, too."""

AFTER_SILENCE_S = 640.0
"""One that was silent may have been given up: then it is tried again after ten minutes."""


class Fault(msgspec.Struct, frozen=True):
    """`part` is `lost`, `silent` or `hangs` from `from_s` to `to_s` on the robot's clock."""

    part: str
    kind: str
    from_s: float
    to_s: float

    @property
    def recovered_by_s(self) -> float:
        """When the part must work again at the latest."""
        return self.to_s + (AFTER_LOSS_S if self.kind == "lost" else AFTER_SILENCE_S)


def plan(seed: int, until_s: float, every_s: float, *, hangs: bool) -> list[Fault]:
    """Faults up to `until_s`, one in about `every_s` seconds; the last ones leave time to recover."""
    rng = random.Random(f"faults {seed}")
    faults: list[Fault] = []
    free_s = dict.fromkeys(KINDS, 30.0)
    at_s = 30.0
    while True:
        at_s += rng.uniform(0.5, 1.5) * every_s
        part = rng.choice(sorted(KINDS))
        kinds = KINDS[part] + (("hangs",) if hangs and part in HANGS else ())
        kind = rng.choice(kinds)
        # Long silences are for the stepped day: in real minutes each must end before the part would be given up.
        longest_s = LONGEST_S if not hangs or kind == "lost" else 12.0
        fault = Fault(part, kind, at_s, at_s + rng.uniform(SHORTEST_S if kind == "lost" else 7.0, longest_s))
        if fault.recovered_by_s > until_s:
            return faults
        if at_s >= free_s[part]:
            faults.append(fault)
            free_s[part] = (fault.recovered_by_s if not hangs else fault.to_s) + APART_S


def of(faults: Sequence[Fault], part: str) -> list[Fault]:
    """Those of one part, in order."""
    return [fault for fault in faults if fault.part == part]
