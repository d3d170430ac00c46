"""What makes the robot appear in Home Assistant by itself: its device discovery message. Pure.

Format: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

from typing import Any

import msgspec

from robot.config import Config
from robot.fleet.commands import NAMES
from robot.fleet.topics import COMMAND, HEALTH, MOODS, STATE, STATUS, topic
from robot.mind.mood_labels import MOODS as MOOD_NAMES
from robot.policy import permission_for

DEVICES = ("camera", "microphone", "speaker", "servos", "lights")
PARTS = (*DEVICES, "face_expression", "voice_tone", "words", "memory", "hand_off")
"""What may break, as in `robot.messages.Health`; a fleet that is lost cannot say so."""
WELL = "['ok', 'off', 'muted']"
BUTTONS = {"person": "Fetch a person", "coming": "I am coming", "handed_over": "I have taken over"}


def discovery_topic(config: Config, robot: str) -> str:
    """`homeassistant/device/ada-3f9a01/config`."""
    return f"{config.fleet.discovery_prefix}/device/{robot}/config"


def discovery(config: Config, robot: str, version: str) -> bytes:
    """The message, to be kept by the broker."""
    return msgspec.json.encode(
        {
            "dev": {"ids": [f"rapport_{robot}"], "name": config.robot.name, "mf": "Rapport", "sw": version},
            "o": {"name": "rapport", "sw": version},
            "avty_t": topic(config.fleet, robot, STATUS),
            "qos": 1,
            "cmps": _components(config, robot),
        }
    )


def _components(config: Config, robot: str) -> dict[str, dict[str, Any]]:
    def at(name: str) -> str:
        return topic(config.fleet, robot, name)

    found: dict[str, dict[str, Any]] = {
        "activity": _sensor("Activity", at(STATE), "{{ value_json.activity }}", ["asleep", "alone", "with_somebody"]),
        "hand_off": _sensor(
            "Hand-off", at(STATE), "{{ value_json.hand_off }}", ["unneeded", "calling", "coming", "unanswered"]
        ),
        "person_wanted": {
            "p": "binary_sensor",
            "name": "A person is wanted",
            "dev_cla": "safety",
            "stat_t": at(STATE),
            "val_tpl": "{{ 'ON' if value_json.hand_off in ['calling', 'unanswered'] else 'OFF' }}",
        },
    }
    for part in PARTS:
        found[f"{part}_problem"] = {
            "p": "binary_sensor",
            "name": f"{part.replace('_', ' ').capitalize()} problem",
            "dev_cla": "problem",
            "ent_cat": "diagnostic",
            "stat_t": at(HEALTH),
            "val_tpl": f"{{{{ 'OFF' if value_json.parts.get('{part}', 'off') in {WELL} else 'ON' }}}}",
        }
    if config.fleet.share_moods and permission_for(config.robot).expression:
        for mood in MOOD_NAMES:
            found[f"mood_{mood}"] = {
                "p": "sensor",
                "name": f"Times {mood}",
                "stat_cla": "total_increasing",
                "stat_t": at(MOODS),
                "val_tpl": f"{{{{ value_json.get('{mood}', 0) }}}}",
            }
    if config.fleet.commands == "broker":
        for name in NAMES:
            found[name] = {"p": "button", "name": BUTTONS[name], "cmd_t": at(COMMAND), "pl_prs": name}
    for key, component in found.items():
        component["uniq_id"] = f"rapport_{robot}_{key}"
    return found


def _sensor(name: str, state_topic: str, template: str, options: list[str]) -> dict[str, Any]:
    return {"p": "sensor", "name": name, "dev_cla": "enum", "stat_t": state_topic, "val_tpl": template, "ops": options}
