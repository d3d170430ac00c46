"""`rapport memory`: who is remembered, in plain text for whoever it is about, and forgetting."""

import json
import sqlite3

import pytest

from robot.cli.main import main
from robot.memory.vault import FILE, Vault
from tests.memory.test_vault import ADA, BOB, everything, words_of


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "memory"


@pytest.fixture
def config(tmp_path, folder):
    path = tmp_path / "robot.toml"
    path.write_text(f'[memory]\nfolder = "{folder}"\n')
    return str(path)


@pytest.fixture
def people(folder):
    vault = Vault(folder, today_of_the_tests, 3650)
    vault.keep(ADA)
    vault.keep(BOB)
    vault.close()


def today_of_the_tests():
    return 30_000


def run(capsys, *arguments):
    code = main(["memory", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_looking_where_nobody_was_ever_remembered_makes_nothing(capsys, config, folder):
    assert run(capsys, "list", "--config", config) == (0, "nobody is remembered\n", "")
    assert run(capsys, "list", "--json", "--config", config)[1] == "[]\n"
    assert not folder.exists()


def test_the_list_names_everybody(capsys, config, people):
    _, out, _ = run(capsys, "list", "--config", config)
    assert [line.split()[0] for line in out.splitlines()] == ["Ada", "Bob"]
    _, out, _ = run(capsys, "list", "--json", "--config", config)
    assert json.loads(out) == [{"name": "Ada Lovelace", "language": "en"}, {"name": "Bob", "language": "de"}]


def test_export_gives_everything_that_is_kept(capsys, config, people, tmp_path):
    _, out, _ = run(capsys, "export", "ada lovelace", "--config", config)
    (ada,) = json.loads(out)
    assert ada["code_word"] == "blue heron"
    assert ada["face_rest"] == {"neutral": 0.8, "sadness": 0.2}
    target = tmp_path / "all.json"
    assert run(capsys, "export", "--to", str(target), "--config", config)[0] == 0
    assert len(json.loads(target.read_text())) == 2
    assert target.stat().st_mode & 0o777 == 0o600
    code, _, err = run(capsys, "export", "--to", str(target), "--config", config)
    assert code == 2
    assert "name a file that is not there" in err


def test_forgetting_somebody_leaves_nothing_of_them_on_the_disk(capsys, config, people, folder):
    code, out, _ = run(capsys, "forget", "Ada Lovelace", "--json", "--config", config)
    assert (code, json.loads(out)) == (0, {"forgotten": ["Ada Lovelace"]})
    assert run(capsys, "list", "--config", config)[1].split()[0] == "Bob"
    assert [word for word in words_of(ADA) if word in everything(folder)] == []
    code, _, err = run(capsys, "forget", "Ada Lovelace", "--config", config)
    assert code == 2
    assert "nobody of this name" in err


def test_forgetting_all_works_even_when_the_memory_is_broken(capsys, config, people, folder):
    (folder / FILE).write_bytes(b"rubbish" * 100)
    code, _, err = run(capsys, "list", "--config", config)
    assert code == 2
    assert "forget --all" in err
    assert err.count("\n") == 1
    assert run(capsys, "forget", "--all", "--config", config)[:2] == (0, "forgotten: everybody\n")
    assert everything(folder) == b""
    assert run(capsys, "forget", "--all", "--config", config)[:2] == (0, "nobody is remembered\n")


def test_a_damaged_record_keeps_nobody_else_from_being_shown_or_forgotten(capsys, config, people, folder):
    database = sqlite3.connect(folder / FILE)
    with database:
        database.execute("UPDATE people SET sealed = zeroblob(1052) WHERE id = ?", (ADA.id,))
    database.close()
    code, out, err = run(capsys, "list", "--config", config)
    assert (code, out.split()[0], err.count("\n")) == (0, "Bob", 1)
    assert "1 record in" in err
    code, out, err = run(capsys, "forget", "Bob", "--config", config)
    assert (code, out) == (0, "forgotten: Bob\n")
    code, out, err = run(capsys, "list", "--config", config)
    assert (code, out) == (2, "")
    assert "forget --all" in err


@pytest.mark.parametrize("arguments", [["forget"], ["forget", "Ada", "--all"]])
def test_forget_wants_one_name_or_all(capsys, config, arguments):
    code, _, err = run(capsys, *arguments, "--config", config)
    assert code == 2
    assert "name one person, or give --all" in err


def test_how_somebody_likes_to_be_met_can_be_changed(capsys, config, people):
    change = ["change", "Bob", "--greeting", "Servus {name}", "--code-word", "green frog", "--prefers", "music=none"]
    code, out, _ = run(capsys, *change, "--json", "--config", config)
    assert code == 0
    kept = json.loads(out)
    assert (kept["greeting"], kept["preferences"]["music"]) == ("Servus {name}", "none")
    (bob,) = json.loads(run(capsys, "export", "Bob", "--config", config)[1])
    assert (bob["greeting"], bob["code_word"], bob["preferences"]) == ("Servus {name}", "green frog", {"music": "none"})
    code, _, err = run(capsys, "change", "Bob", "--greeting", "x" * 200, "--config", config)
    assert code == 2
    assert "120" in err
