import re
from pathlib import Path

import msgspec
import pytest

from robot.config import BehaviourSettings, Config, RobotSettings
from robot.errors import ConfigError
from robot.mind.persona import PERSONAS, Manner, Persona, Words, load_persona, with_persona
from robot.mind.statechart import BEHAVIOURS, ENGAGED

SHIPPED = sorted(file.stem for file in PERSONAS.glob("*.toml"))
COMPANION = (PERSONAS / "companion.toml").read_text(encoding="utf-8")


@pytest.fixture
def companion() -> Persona:
    return load_persona("companion")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_persona_loads_and_has_a_manner_for_every_state(name: str) -> None:
    persona = load_persona(name)
    assert {state for state in BEHAVIOURS if isinstance(persona.manner_in(state), Manner)} == BEHAVIOURS


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_of_words_has_enough_phrases_never_to_repeat(name: str, language: str) -> None:
    persona = load_persona(name)
    for key in set(Words.__struct_fields__) - {"help_line"}:  # there is one, and its words are not the persona's
        phrases = persona.phrases(key, language)
        assert len(set(phrases)) == len(phrases) >= 2, key


def test_anger_is_answered_with_calm_whatever_its_strength(companion: Persona) -> None:
    calming = companion.manner_in("calming")
    assert calming.show(-1.0, 1.0) == calming.show(0.0, 0.0) == (calming.valence, calming.arousal)
    assert calming.arousal < 0 <= calming.valence


def test_comfort_shows_soft_concern_and_joy_shows_joy(companion: Persona) -> None:
    valence, arousal = companion.manner_in("comforting").show(-0.8, -0.5)
    assert -0.5 < valence < 0
    assert arousal < 0
    assert companion.manner_in("sharing_joy").show(0.9, 0.6)[0] > 0.6


@pytest.mark.parametrize("state", sorted(BEHAVIOURS))
@pytest.mark.parametrize("valence", [-1.0, 0.3, 1.0])
def test_what_is_shown_stays_on_the_circumplex(companion: Persona, state: str, valence: float) -> None:
    shown = companion.manner_in(state).show(valence, -valence)
    assert all(-1 <= number <= 1 for number in shown)


def test_a_state_without_words_has_none(companion: Persona) -> None:
    assert companion.phrases("alone", "en") == ()


def test_the_engaged_states_differ_in_light_or_look(companion: Persona) -> None:
    looks = {companion.manner_in(state).look for state in ENGAGED}
    assert len(looks) == len(ENGAGED)


def test_a_path_loads_too(tmp_path: Path, companion: Persona) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(COMPANION, encoding="utf-8")
    assert load_persona(str(file)) == companion


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('light = "warm"', 'light = "disco"', "manner.sharing_joy.light"),
        ("valence = 0.75", "valence = 7.5", "manner.sharing_joy.valence"),
        ("liveliness = 0.9", 'liveliness = "a lot"', "manner.sharing_joy.liveliness"),
        ('chirp = "yawn"', 'chirp = "bark"', "manner.asleep.chirp"),
        ("mirror = 0.15", "miror = 0.15", "manner.attending"),
        ("[manner.parting]", "[manner.leaving]", "manner"),
        ('parting = ["Bis', 'goodbye = ["Bis', "words.de"),
        ('hello = ["Hallo!"', 'hello = [""', "words.de.hello"),
        ('name = "Companion"', "", "name"),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, before: str, after: str, key: str) -> None:
    if before.startswith("parting"):
        text = re.sub(r'parting = \["Auf', 'goodbye = ["Auf', COMPANION)
    else:
        assert before in COMPANION
        text = COMPANION.replace(before, after)
    file = tmp_path / "broken.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_persona(str(file))
    message = str(caught.value)
    assert message.startswith(str(file))
    assert key in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "says"), [(b"name = = 1", "not TOML"), (b"\xff\xfe\x00", "cannot be read as text"), (b"", "name")]
)
def test_a_file_that_is_no_persona_gets_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=says) as caught:
        load_persona(str(file))
    assert "\n" not in str(caught.value)


def test_an_unknown_persona_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="companion"):
        load_persona("nobody")


def test_a_persona_cannot_be_changed(companion: Persona) -> None:
    with pytest.raises(AttributeError):
        companion.name = "Other"  # type: ignore[misc]
    assert msgspec.to_builtins(companion)["name"] == "Companion"


LINES = COMPANION.splitlines()


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('light = "warm"', 'light = "disco"', 'light = "disco"'),
        ("mirror = 0.15", "miror = 0.15", "miror = 0.15"),
        ('hello = ["Hallo!"', 'hello = [""', 'hello = [""'),
        ("fetch_after_times = 3", "fetch_after_times = 0", "fetch_after_times = 0"),
        ("fetch_after_times = 3", "fetch_after_tmes = 3", "fetch_after_tmes = 3"),
    ],
)
def test_an_error_names_the_line(tmp_path: Path, before: str, after: str, where: str) -> None:
    text = COMPANION.replace(before, after)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(where))
    file = tmp_path / "broken.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(f"{file}, line {line}: ")):
        load_persona(str(file))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[voice]\nengine = "silent"\n', "voice.engine: belongs to the machine"),
        ("[motion]\ntick_hz = 20\n", "motion.tick_hz: belongs to the machine"),
        ("[mood]\nhalf_life_s = -1\n", "mood.half_life_s"),
        ("[voice]\nvolume = 2.0\n", "voice.volume"),
        ("[sight]\nmax_faces = 1\n", "sight"),
    ],
)
def test_a_temperament_is_checked_like_a_configuration(tmp_path: Path, table: str, says: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"{COMPANION}\n{table}", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_persona(str(file))
    message = str(caught.value)
    assert says in message
    line = len(LINES) + (2 if says == "sight" else 3)  # the table, or the key under it
    assert f"{file}, line {line}" in message
    assert "\n" not in message


def test_a_persona_replaces_what_it_names_and_leaves_the_rest() -> None:
    config = Config(robot=RobotSettings(persona="greeter"), behaviour=BehaviourSettings(voice_lost_s=5.0))
    lived = with_persona(config)
    assert (lived.behaviour.notice_s, lived.behaviour.fetch_after_times, lived.voice.volume) == (0.3, 2, 0.85)
    assert (lived.behaviour.voice_lost_s, lived.voice.engine) == (5.0, "auto")
    assert with_persona(lived) == lived
    assert lived.sight == config.sight


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_persona_can_be_lived(name: str) -> None:
    lived = with_persona(Config(robot=RobotSettings(persona=name)))
    assert lived.behaviour.filler_after_s < lived.behaviour.offer_after_s <= 4.0
    assert lived.mood.min_dwell_s <= 1.0, "an expression must come within 0.6 s of a cue that has lasted 0.5 s"


def test_the_personas_differ_in_more_than_words() -> None:
    configs = [with_persona(Config(robot=RobotSettings(persona=name))) for name in SHIPPED]
    assert {"companion", "greeter", "tutor", "guide"} <= set(SHIPPED)
    assert len({config.motion.liveliness for config in configs}) == len(SHIPPED)
    assert len({(config.behaviour.fetch_after_times, config.behaviour.fetch_after_s) for config in configs}) > 2
