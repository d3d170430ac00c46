"""Opens the channels that are configured."""

from collections.abc import Callable

from hardware.ports import Contact
from robot.config import Config, HandOffSettings
from robot.errors import ConfigError
from robot.hand_off.channel import Channel
from robot.hand_off.desk import Desk
from robot.hand_off.lamp import Lamp
from robot.hand_off.mqtt import Mqtt
from robot.hand_off.relay import Relay

Publish = Callable[[bytes], bool]


def build_desk(
    config: Config,
    coming: Callable[[], None],
    publish: Publish | None = None,
    contact: Callable[[int], Contact] | None = None,
) -> Desk:
    """A desk with every channel of `[hand_off]`.

    `publish` sends a packet to the fleet's broker; `contact` opens a pin (the board's own where it is None).

    Raises:
        ConfigError: a channel is configured that cannot be had as it is.
        DeviceError: this computer has no such pin.
    """
    opened: list[Channel] = []
    try:
        for name in dict.fromkeys(config.hand_off.channels):
            opened.append(_open(name, config.hand_off, publish, contact or _pin))
    except BaseException:
        for channel in opened:
            channel.close()
        raise
    return Desk(config.robot.name, opened, coming)


def _open(name: str, settings: HandOffSettings, publish: Publish | None, contact: Callable[[int], Contact]) -> Channel:
    match name:
        case "webhook":
            # Only who calls an address needs what speaks HTTP.
            from robot.hand_off.webhook import Webhook  # noqa: PLC0415

            return Webhook(settings.webhook, settings.webhook_key, settings.webhook_timeout_s)
        case "relay":
            return Relay(contact(settings.relay_pin))
        case "lamp":
            return Lamp(contact(settings.lamp_pin))
    if publish is None:
        raise ConfigError('hand_off.channels has "mqtt", and there is no fleet; set fleet.enabled = true')
    return Mqtt(publish)


def _pin(pin: int) -> Contact:
    # The Pi's modules are imported only where a pin is used.
    from hardware.pi.contact import PinContact  # noqa: PLC0415

    return PinContact(pin)
