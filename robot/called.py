"""How far fetching a person has come: the part of an intent that concerns the person who is called."""

import msgspec


class HandOff(msgspec.Struct, frozen=True):
    """How far fetching a person has come.

    `state` is `offered`, `calling`, `coming` (somebody has said that they come), `unanswered` (called, and nobody has
    answered in time) or `unneeded`. `trigger` is `asked`, `distress`, `crisis`, `misunderstood` or `operator`. `reason`
    is the one line that the person called gets: never anybody's words.
    """

    state: str
    trigger: str
    reason: str
