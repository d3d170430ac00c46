import json
import re
from pathlib import Path

import msgspec
import pytest

from robot.config import Config, load_config
from robot.errors import ConfigError

REFERENCE = Path(__file__).parent.parent / "docs" / "reference" / "configuration.md"


def write(tmp_path, text):
    path = tmp_path / "robot.toml"
    path.write_text(text)
    return path


def test_no_file_means_a_complete_robot():
    assert load_config(None) == Config()


def test_a_file_changes_only_what_it_names(tmp_path):
    config = load_config(write(tmp_path, '[robot]\nplace = "school"\n[sight]\nframes_per_s = 5\n'))
    assert (config.robot.place, config.sight.frames_per_s) == ("school", 5.0)
    assert config.robot.name == "Rapport"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[robot", ["robot.toml", "not TOML"]),
        ('[robot]\nplaec = "home"\n', ["robot", "plaec"]),
        ('[robot]\nplace = "moon"\n', ["robot.place", "moon"]),
        ("[sight]\nframes_per_s = 0\n", ["sight.frames_per_s", "> 0"]),
        ("[voice]\nvolume = 7\n", ["voice.volume", "<= 1"]),
        ("[server]\nport = 70000\n", ["server.port", "65535"]),
        ('[sight]\nframes_per_s = "fast"\n', ["sight.frames_per_s", "str"]),
        ("nonsense = 1\n", ["nonsense"]),
    ],
)
def test_an_error_names_the_file_the_key_and_what_was_expected(tmp_path, text, words):
    with pytest.raises(ConfigError) as error:
        load_config(write(tmp_path, text))
    message = str(error.value)
    assert "\n" not in message
    for word in ["robot.toml", *words]:
        assert word in message


def test_a_missing_file_and_a_binary_file_are_clear(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "absent.toml")
    (tmp_path / "robot.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read as text"):
        load_config(tmp_path / "robot.toml")
    with pytest.raises(ConfigError):
        load_config(tmp_path)


def documented():
    section = None
    for line in REFERENCE.read_text().splitlines():
        if heading := re.match(r"## `\[(\w+)\]`", line):
            section = heading[1]
        elif row := re.match(r"\| `(\w+)` \| `(.+?)` \|", line):
            yield section, row[1], row[2]


def test_the_reference_documents_every_key_with_its_true_default():
    rows = {(section, key): default for section, key, default in documented()}
    table = msgspec.to_builtins(Config())
    keys = {(section, key) for section, values in table.items() for key in values}
    assert set(rows) == keys
    for (section, key), default in rows.items():
        value = table[section][key]
        assert default == json.dumps(value), (section, key)  # TOML writes these as JSON does
