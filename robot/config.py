"""The robot's configuration: TOML, typed, every value with a default. An error names file, key, value and the fix.

Each room takes its own section; nothing reads the file but this module.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from robot.errors import ConfigError

Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Minute = Annotated[int, Meta(ge=0, le=1439)]
Seconds = Annotated[float, Meta(ge=0.0, le=3600.0)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the configuration; an unknown key in it is an error, not ignored."""


class RobotSettings(Section, frozen=True):
    """Who the robot is and what it may do. `place` and `consent` decide which senses exist (robot/policy.py)."""

    name: Annotated[str, Meta(min_length=1, max_length=40)] = "Rapport"
    persona: str = "companion"
    language: Literal["en", "de"] = "en"
    place: Literal["home", "public", "workplace", "school"] = "home"
    consent: Literal["off", "presence", "feelings", "remember"] = "feelings"
    seed: int = 1


class SourceSettings(Section, frozen=True):
    """Where `rapport run` and the service see and hear, written as for the options `--camera` and `--microphone`."""

    camera: str = "none"
    microphone: str = "none"


class BodySettings(Section, frozen=True):
    """Which body: `virtual`, or `pi` with a board file from hardware/boards.

    `camera_on_head` says that the camera turns with the neck. A laptop's camera does not, whatever the drawn head does.
    `calibration` is the file of `rapport calibrate`; empty: the one of this robot in the user's home. `wake_pin` (-1:
    none) is a button of the board that wakes it.
    """

    kind: Literal["virtual", "pi"] = "virtual"
    board: str = "starter_face"
    camera_on_head: bool = False
    calibration: str = ""
    wake_pin: Annotated[int, Meta(ge=-1, le=27)] = -1


class InferenceSettings(Section, frozen=True):
    """How models run. `interpreter` picks the package; `accelerator` `auto` takes an Edge TPU where there is one."""

    interpreter: Literal["auto", "litert", "tflite"] = "auto"
    accelerator: Literal["auto", "cpu", "edgetpu"] = "auto"
    threads: Annotated[int, Meta(ge=1, le=8)] = 1


class SightSettings(Section, frozen=True):
    """How the robot sees. Detector and expression run at most `frames_per_s`; older frames are dropped and counted.

    `max_faces` are followed, the largest first; the expression of the largest `expression_faces` of them is read.
    Gaze, head and blinking of the largest `attention_faces` are read `attention_per_s` times a second and hands
    `hands_per_s` times, both only while somebody is there; 0 switches them off.
    """

    frames_per_s: Annotated[float, Meta(gt=0, le=60)] = 15.0
    min_face_score: Fraction = 0.6
    max_faces: Annotated[int, Meta(ge=1, le=16)] = 8
    expression_faces: Annotated[int, Meta(ge=0, le=16)] = 4
    attention_per_s: Annotated[float, Meta(ge=0, le=30)] = 10.0
    attention_faces: Annotated[int, Meta(ge=1, le=4)] = 2
    hands_per_s: Annotated[float, Meta(ge=0, le=15)] = 5.0


class HearingSettings(Section, frozen=True):
    """How the robot hears. A tone is given every `tone_every_s` once `min_speech_s` of speech lies in the window.

    `words` `auto` listens to what is said, as far as consent goes and the engines are installed; `off` never does.
    `echo_cancelled` says that the microphone takes what the speaker plays out of what it hears, as a speakerphone does:
    then the robot hears people while it talks.
    """

    tone_every_s: Seconds = 0.5
    min_speech_s: Seconds = 1.0
    speech_threshold: Fraction = 0.5
    hangover_s: Seconds = 0.5
    words: Literal["auto", "off"] = "auto"
    echo_cancelled: bool = False


class MoodSettings(Section, frozen=True):
    """How percepts become a mood. Evidence halves every `half_life_s`; below `unsure_below` the mood is `unsure`."""

    half_life_s: Seconds = 2.0
    unsure_below: Fraction = 0.45
    enter_margin: Fraction = 0.10
    min_dwell_s: Seconds = 0.8


class BehaviourSettings(Section, frozen=True):
    """Dwell times of the statechart, and how long somebody may wait.

    Somebody who waits for an answer hears `filler_after_s` that it is being thought of, and is offered help after
    `offer_after_s`. Somebody who looks elsewhere is greeted after `shy_s`, and let be after `averted_s`. A person is
    offered after `fetch_after_times` spells of distress, or one of `fetch_after_s`.
    """

    notice_s: Seconds = 0.4
    lost_face_s: Seconds = 2.0
    voice_lost_s: Seconds = 8.0
    parting_s: Seconds = 3.0
    shy_s: Seconds = 3.0
    averted_s: Seconds = 25.0
    min_state_s: Seconds = 1.5
    curious_after_s: Seconds = 3.0
    sleep_after_s: Seconds = 120.0
    say_again_after_s: Seconds = 12.0
    filler_after_s: Seconds = 2.0
    offer_after_s: Seconds = 4.0
    fetch_after_times: Annotated[int, Meta(ge=1, le=100)] = 3
    fetch_after_s: Seconds = 40.0


Channel = Literal["mqtt", "webhook", "relay", "lamp"]


class HandOffSettings(Section, frozen=True):
    """Fetching a person (docs/reference/hand_off.md). Without `channels` nobody can be called, and the robot says so.

    Nobody has answered after `answer_within_s`; somebody who waits hears how it stands every `reassure_every_s`, and
    calls end after `give_up_after_s`. An offer stands for `offer_s`. A person is offered after `misunderstood_times` in
    a row. `country` picks the help line that is named in a crisis, `help_line` replaces its words. `button_pin` (-1:
    none) is the operator's button.
    """

    channels: tuple[Channel, ...] = ()
    answer_within_s: Seconds = 60.0
    reassure_every_s: Seconds = 25.0
    give_up_after_s: Seconds = 1800.0
    offer_s: Seconds = 30.0
    misunderstood_times: Annotated[int, Meta(ge=1, le=100)] = 3
    country: Literal["", "at", "au", "ca", "ch", "de", "gb", "ie", "nz", "us"] = ""
    help_line: Annotated[str, Meta(max_length=160)] = ""
    webhook: str = ""
    webhook_key: str = ""
    webhook_timeout_s: Annotated[float, Meta(gt=0, le=60)] = 5.0
    relay_pin: Annotated[int, Meta(ge=0, le=27)] = 17
    lamp_pin: Annotated[int, Meta(ge=0, le=27)] = 27
    button_pin: Annotated[int, Meta(ge=-1, le=27)] = -1


class MemorySettings(Section, frozen=True):
    """Remembering people, on the rung `remember` alone and after a yes (docs/reference/memory.md).

    `folder` empty is one in the user's home. Whoever was not met for `keep_days` is forgotten.
    """

    folder: str = ""
    keep_days: Annotated[int, Meta(ge=1, le=3650)] = 365


class TalkSettings(Section, frozen=True):
    """A language model on this computer that suggests replies (docs/recipes/talk_to_it.md); no `url`, no model.

    `url` is that of its chat completions, as llama.cpp's server or Ollama offers them; only this computer is asked.
    `model` names the model where the server has several. After `within_s` a set reply is said instead.
    """

    url: str = ""
    model: str = ""
    within_s: Annotated[float, Meta(gt=0, le=2)] = 0.6


class FleetSettings(Section, frozen=True):
    """Telling an MQTT 5 broker how the robot is, and taking commands (docs/reference/fleet.md). Off at first.

    `id` names the robot there (empty: its name and a mark of this machine). Beyond this machine `tls` must be on,
    unless `insecure` says that it may be off. `commands` `signed` takes only those signed with the key in `key_file`,
    `broker` all that the broker lets through. `share_moods` publishes how often each mood was seen, no more.
    """

    enabled: bool = False
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 1883
    id: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{0,40}$")] = ""
    prefix: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "rapport"
    tls: bool = False
    insecure: bool = False
    ca_file: str = ""
    certificate_file: str = ""
    certificate_key_file: str = ""
    username: str = ""
    password_file: str = ""
    commands: Literal["off", "signed", "broker"] = "off"
    key_file: str = ""
    share_moods: bool = False
    moods_every_s: Annotated[float, Meta(ge=60, le=86_400)] = 900.0
    home_assistant: bool = True
    discovery_prefix: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_/-]{1,60}$")] = "homeassistant"


class VoiceSettings(Section, frozen=True):
    """How the robot sounds. `engine` `auto` takes the best engine found; `chirps` answers without words."""

    engine: Literal["auto", "espeak", "chirps", "silent"] = "auto"
    volume: Fraction = 0.7


class MotionSettings(Section, frozen=True):
    """How the robot moves: `liveliness` scales the habits and the budget of motion; `tick_hz` is the body's rate.

    `profile` `reduced` makes habits small and moves slow. `habits` are files of robot/body/habits. `let_go` says when
    the servos lose their torque: once still while `asleep`, once still for half a minute at any time (`still`; a neck
    that weight turns would sag), or `never`.
    """

    liveliness: Fraction = 0.6
    tick_hz: Annotated[float, Meta(ge=10, le=100)] = 50.0
    profile: Literal["full", "reduced"] = "full"
    habits: tuple[str, ...] = ("blink", "breathe", "glance", "settle", "doze")
    let_go: Literal["asleep", "still", "never"] = "asleep"


class QuietSettings(Section, frozen=True):
    """Hours in which people sleep: from one minute of the day to another, over midnight if need be; equal means never.

    `motion`, `lights` and `voice` are the shares of the usual that are left.
    """

    from_minute: Minute = 0
    to_minute: Minute = 0
    motion: Fraction = 0.3
    lights: Fraction = 0.25
    voice: Fraction = 0.4


class ServerSettings(Section, frozen=True):
    """The simulator's server. Loopback only. `show`: the service serves its face to a screen of this computer, too."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8765
    show: bool = False


class ModelSettings(Section, frozen=True):
    """Which model directories to use: `id` or `id/version` under models/, or a path.

    `voice_tone_deep` is the second opinion on whole sentences, asked where words are listened for: `auto` is the one
    that learned from the same data as `voice_tone` (its id with `_deep` after it), where there is one; empty is none.
    """

    face_expression: str = "face_expression"
    voice_tone: str = "voice_tone"
    voice_tone_deep: str = "auto"


class UpdateSettings(Section, frozen=True):
    """Where new models come from. An empty `repository` means that none are looked for.

    `root` is the file with the root metadata that the publisher gave out; `store` the folder that updated models lie in
    (empty: one in the user's home). `most_bytes_per_s` 0 is no limit. `rapport update-service` looks every
    `check_every_h`, give or take a fifth of it.
    """

    repository: str = ""
    root: str = ""
    channel: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,30}$")] = "stable"
    store: str = ""
    most_bytes_per_s: Annotated[float, Meta(ge=0)] = 0.0
    check_every_h: Annotated[float, Meta(ge=1, le=168)] = 6.0


class Config(Section, frozen=True):
    """The whole configuration. `Config()` is a complete, working robot on a laptop."""

    robot: RobotSettings = RobotSettings()
    sources: SourceSettings = SourceSettings()
    body: BodySettings = BodySettings()
    inference: InferenceSettings = InferenceSettings()
    sight: SightSettings = SightSettings()
    hearing: HearingSettings = HearingSettings()
    mood: MoodSettings = MoodSettings()
    behaviour: BehaviourSettings = BehaviourSettings()
    hand_off: HandOffSettings = HandOffSettings()
    memory: MemorySettings = MemorySettings()
    talk: TalkSettings = TalkSettings()
    fleet: FleetSettings = FleetSettings()
    voice: VoiceSettings = VoiceSettings()
    motion: MotionSettings = MotionSettings()
    quiet: QuietSettings = QuietSettings()
    server: ServerSettings = ServerSettings()
    models: ModelSettings = ModelSettings()
    updates: UpdateSettings = UpdateSettings()


def load_config(path: Path | None) -> Config:
    """Read a TOML file, or give the defaults for None.

    Raises:
        ConfigError: the file is missing, is not TOML, or holds a key or value that does not fit.
    """
    if path is None:
        return Config()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; name a TOML file or leave --config out for the defaults") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as text ({error}); name a readable TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}; mend that line") from None
    try:
        return msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_plain(str(error))}; see docs/reference/configuration.md") from None


def _plain(message: str) -> str:
    """Turn msgspec's `Expected ... - at `$.robot.place`` into `robot.place: expected ...`."""
    text, _, where = message.partition(" - at `$.")
    key = where.rstrip("`")
    return f"{key}: {text[0].lower()}{text[1:]}" if key else text[0].lower() + text[1:]
