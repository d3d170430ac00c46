"""Who may hear of the robot outside: the fleet's broker, and whoever is called when a person is needed."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from robot.companion import Companion, Listener
from robot.config import Config
from robot.fleet.member import Member
from robot.hand_off.build import build_desk
from robot.memory.remembrance import Remembrance
from robot.messages import What


def open_outside(
    config: Config, version: str, companion: Companion, memory: Remembrance | None, stack: ExitStack
) -> list[Listener]:
    """Open what the configuration names (nothing, unless somebody asked for it); it and `memory` count as parts.

    Raises:
        RapportError: it cannot be had as it is configured.
    """
    listeners: list[Listener] = []
    ask = companion.requests.ask
    member: Member | None = None
    if config.fleet.enabled:
        member = Member(config, version, lambda name: ask(name, by="fleet"))
        member.open()
        stack.callback(member.close)
        companion.watch_over("fleet", lambda: member.state, lambda: member.fault)
        listeners.append(member.note)
    if memory is not None:
        companion.watch_over("memory", lambda: memory.state, lambda: memory.fault)
    if config.hand_off.channels:
        publish = None if member is None else member.publish_hand_off
        desk = build_desk(config, lambda: ask("coming", by="fleet"), publish)
        stack.callback(desk.close)
        companion.watch_over("hand_off", lambda: desk.state, lambda: "; ".join(desk.faults.values()))
        listeners.append(desk.note)
    buttons: tuple[tuple[int, What], ...] = ((config.hand_off.button_pin, "person"), (config.body.wake_pin, "wake"))
    for pin, what in buttons:
        if pin >= 0:
            _button(pin, partial(ask, what, by="board"), stack)
    return listeners


def _button(pin: int, pressed: Callable[[], None], stack: ExitStack) -> None:
    # The Pi's modules are imported only where a pin is used.
    from hardware.pi.contact import PinButton  # noqa: PLC0415

    stack.callback(PinButton(pin, pressed).close)
