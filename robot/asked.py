"""What people ask of the robot without saying it aloud, and how far they let it go.

All of it goes with the other messages: see `robot.messages`, which passes it on.
"""

from typing import Literal

import msgspec

Told = Literal["stop", "louder", "quieter", "sleep", "wake"]
"""What the robot can be told to do at once, as by a spoken command."""

Command = Literal["stop", "louder", "quieter", "sleep", "wake", "why", "remember", "forget", "person", "yes", "no"]
"""What is understood as a spoken command."""

Kept = Literal["remember", "forget", "name", "token"]
"""What concerns whom it remembers."""

What = (
    Literal["why", "consent", "mute", "person", "yes", "no", "coming", "handed_over", "like", "dislike"] | Told | Kept
)
"""What can be asked of the robot in a `Request`."""

Rung = Literal["off", "presence", "feelings", "remember"]
"""The ladder of consent, lowest first: no senses, only that somebody is there, feelings, knowing somebody again."""

By = Literal["voice", "gesture", "page", "command", "board", "fleet"]
"""How a person asked: aloud, with a sign, on the page, from a terminal, with a button of the body, from afar."""


class Request(msgspec.Struct, frozen=True, tag=True):
    """Something that a person asks of the robot, whichever way they asked it; `value` says more where `what` needs it.

    `why` wants to know why the robot did what it did last. `consent` asks for the rung in `value` (`robot.consent`).
    `mute` with the value `on` or `off` does what the switch of a board does; while that is turned it stays muted.
    `person` wants a person to be fetched; `coming` says that one comes, `handed_over` that one is there. `yes` and `no`
    answer what the robot has asked. `stop` wants it to be silent and still; `like` and `dislike` rate what it said
    last. `remember` and `forget` are about whoever asks; `name` and `token` with a `value` tell who they are.
    """

    id: str
    t_s: float
    what: What
    value: str = ""
    by: By = "page"


def without_identity(request: Request) -> Request:
    """The request as it may be told and kept: that somebody gave a name or token, not which."""
    return msgspec.structs.replace(request, value="") if request.what in ("name", "token") else request


class Consent(msgspec.Struct, frozen=True, tag=True):
    """How far the robot may go from `t_s` on.

    `rung` holds now, `before` held until now, and `ceiling` is the highest that its place allows. `because` is the
    request that asked (empty: so it began). `refused` says why a step up was not, or not wholly, taken: `person` (it
    needs somebody to do it on purpose), `place` (not here), or empty.
    """

    t_s: float
    rung: Rung
    before: Rung
    ceiling: Rung
    because: str = ""
    refused: str = ""
