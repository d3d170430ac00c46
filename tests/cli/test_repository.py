"""`rapport repository`: what a publisher types, from an empty folder on."""

import json
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from robot.cli.main import build_parser, main
from robot.inference.store import factory_models, find_model
from tests.updates.bundles import model_files, write_model

FACE = "face_expression"
FILES = len(list(find_model(FACE, factory_models()).iterdir()))
SECRET = "correct horse battery"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the publisher stands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAPPORT_KEY_PASSPHRASE", SECRET)
    return tmp_path


@pytest.fixture
def rapport(place: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `rapport repository ...`; gives exit code, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["repository", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def begun(rapport: Command) -> Command:
    """A repository whose keys need no passphrase."""
    assert rapport("init", "--plain", "all")[0] == 0
    return rapport


def new_version(folder: Path, version: str, **changed: object) -> str:
    files = model_files(version, find_model(FACE, factory_models()), **changed)
    return str(write_model(folder / FACE, version, files).relative_to(folder))


def test_from_an_empty_folder_to_a_withdrawn_version(begun: Command, place: Path):
    code, out, err = begun("add", new_version(place, "9.1.0"), "--latency-budget-ms", "5000")
    assert (code, "its terms:" in out, "the self-test that robots run" in err) == (0, True, True)
    assert "waits: targets 2: signed by nobody, 1 needed; bring targets" in begun("status")[1]
    code, out, _ = begun("sign", "--yes")
    assert (code, f"adds {FACE} 9.1.0: {FILES} files" in out, "public now" in out) == (0, True, True)
    for arguments, says in (
        (("stage", FACE, "9.1.0", "--percent", "5", "--mandatory"), "5 % of robots, mandatory"),
        (("advance", FACE), "20 % of robots"),
        (("halt", FACE), "20 % of robots, halted"),
        (("advance", FACE), "20 % of robots"),
        (("advance", FACE, "--to", "100"), "100 % of robots"),
        (("withdraw", FACE, "9.1.0"), "withdrawn: 9.1.0"),
    ):
        code, out, err = begun(*arguments)
        assert (code, says in out, err) == (0, True, ""), arguments
    assert "withdrawn: 9.1.0" in begun("status")[1]


def test_every_answer_is_there_as_json(begun: Command, place: Path):
    directory = new_version(place, "9.1.0")
    added = json.loads(begun("add", directory, "--latency-budget-ms", "5000", "--json")[1])["added"]
    assert [(row["id"], row["version"]) for row in added] == [(FACE, "9.1.0")]
    waiting = json.loads(begun("status", "--json")[1])["waiting"]
    assert [(row["role"], row["needed"], row["missing"]) for row in waiting] == [("targets", 1, ["targets"])]
    assert json.loads(begun("sign", "--yes", "--json")[1])["public"] is True
    assert json.loads(begun("stage", FACE, "9.1.0", "--json")[1])["percent"] == 1
    assert json.loads(begun("advance", FACE, "--json")[1])["percent"] == 5
    assert json.loads(begun("halt", FACE, "--json")[1])["halted"] is True
    assert json.loads(begun("withdraw", FACE, "9.1.0", "--json")[1])["withdrawn"] == ["9.1.0"]
    assert json.loads(begun("rotate", "timestamp", "--plain", "--json")[1])["public"] is True
    assert json.loads(begun("refresh", "--json")[1])["waiting"] == []
    status = json.loads(begun("status", "--json")[1])
    assert status["channels"]["stable"][FACE]["version"] == "9.1.0"
    assert status["expires"]["root"]["version"] == 2


def test_no_private_key_reaches_a_screen_a_log_or_a_file_that_others_read(
    rapport: Command, place: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    said = [
        rapport(*arguments)
        for arguments in (
            ("init",),
            ("add", new_version(place, "9.1.0"), "--latency-budget-ms", "5000"),
            ("sign", "--yes", "--json"),
            ("stage", FACE, "9.1.0"),
            ("rotate", "online", "--json"),
            ("rotate", "root", "--key", "root1"),
            ("refresh",),
            ("status", "--json"),
        )
    ]
    assert [code for code, _, _ in said] == [0] * 8
    os.environ["RAPPORT_KEY_PASSPHRASE"] = "another passphrase"
    said += [rapport("stage", FACE, "9.1.0"), rapport("rotate", "targets")]
    assert [code for code, _, _ in said[-2:]] == [2, 2]
    keys = {path: path.read_bytes() for path in (place / "keys").glob("*.pem")}
    assert len(keys) == 12
    hidden = [line for content in keys.values() for line in content.splitlines()[1:-1]] + [SECRET.encode(), b"PRIVATE"]
    shown = "".join(out + err for _, out, err in said) + caplog.text
    assert not any(secret.decode() in shown for secret in hidden)
    readable = [path for path in place.rglob("*") if path.is_file() and path.stat().st_mode & 0o044]
    assert len(readable) > 20
    for path in readable:
        assert path not in keys
        assert not any(secret in path.read_bytes() for secret in hidden), path


def test_signed_step_by_step_on_two_machines(rapport: Command, place: Path):
    for name in ("root1", "root2"):
        code, out, _ = rapport("key", name, "--keys", f"{name}-machine")
        assert (code, f"{name}.pub: carry this one" in out) == (0, True)
    given = [part for name in ("root1", "root2") for part in ("--root-key", f"{name}-machine/{name}.pub")]
    code, out, _ = rapport("init", *given)
    assert (code, "root 1: signed by nobody, 2 needed; bring root1 or root2" in out) == (0, True)
    assert not (place / "public").exists()
    code, out, _ = rapport("sign", "--yes", "--keys", "root1-machine")
    assert "root 1: signed by root1, 2 needed; bring root2 and sign again" in out
    code, out, _ = rapport("sign", "--yes", "--keys", "root2-machine")
    assert "public with the next `rapport repository refresh`" in out
    code, out, _ = rapport("refresh")
    assert (code, "signed until" in out) == (0, True)
    assert (place / "public" / "metadata" / "1.root.json").is_file()


def test_the_passphrase_comes_from_a_file_that_nobody_else_can_read(
    rapport: Command, place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("RAPPORT_KEY_PASSPHRASE")
    secret = place / "secret"
    secret.write_text(SECRET + "\n")
    assert "others can read this passphrase; run: chmod 600" in rapport("init", "--passphrase-file", "secret")[2]
    secret.chmod(0o600)
    assert not (place / "keys").exists()
    assert rapport("init", "--passphrase-file", "secret")[0] == 0
    assert "is encrypted; give its passphrase" in rapport("refresh")[2]
    assert rapport("refresh", "--passphrase-file", "secret")[0] == 0


def test_the_passphrase_is_asked_for_at_a_terminal(rapport: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RAPPORT_KEY_PASSPHRASE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda text: asked.append(text) or SECRET)
    assert rapport("init", "--plain", "online")[0] == 0
    names = ("root1", "root2", "root3", "targets")
    assert asked == [text for name in names for text in (f"New passphrase for the key {name}: ", "The same again: ")]
    monkeypatch.setattr("getpass.getpass", lambda text: "short")
    assert "shorter than 12 characters" in rapport("key", "another")[2]


def test_online_keys_without_a_passphrase_sign_by_themselves(
    rapport: Command, place: Path, monkeypatch: pytest.MonkeyPatch
):
    assert rapport("init", "--plain", "online")[0] == 0
    monkeypatch.delenv("RAPPORT_KEY_PASSPHRASE")
    assert rapport("refresh")[0] == 0
    assert b"ENCRYPTED" in (place / "keys" / "root1.pem").read_bytes()


def test_a_model_without_its_figures_is_refused_before_anything_is_written(begun: Command, place: Path):
    (place / "policy.toml").write_text(f"[least.{FACE}]\naccuracy = 0.99\n")
    code, _, err = begun("add", new_version(place, "9.1.0"))
    assert code == 2
    assert re.search(r"accuracy is 0\.\d+, at least 0\.99 is asked; train it again", err)
    assert not (place / "public" / "targets" / "blobs").exists()
    assert json.loads(begun("status", "--json")[1])["waiting"] == []


def test_a_model_that_fails_its_self_test_is_refused(begun: Command, place: Path):
    code, _, err = begun("add", new_version(place, "9.1.0"), "--latency-budget-ms", "0.0001")
    assert (code, "its budget is" in err) == (25, True)
    assert json.loads(begun("status", "--json")[1])["waiting"] == []


def test_keys_in_the_folder_that_everybody_can_fetch_are_refused(rapport: Command, place: Path):
    code, _, err = rapport("init", "--keys", "public/keys", "--plain", "all")
    assert (code, "move the keys out of it" in err) == (2, True)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("status",), "run `rapport repository init` first"),
        (("sign",), "nothing waits"),
        (("refresh",), "run `rapport repository init` first"),
        (("stage", FACE, "1.0.0"), "is not published; add and sign it first"),
        (("init", "--threshold", "4", "--plain", "all"), "threshold 4 of 3 root keys cannot be met"),
        (("init", "--root-key", "nobody.pub"), "nobody.pub: cannot be read"),
        (("add", "nowhere"), "no such folder"),
        (("add", "nowhere", "--min-version", "new"), "a version is three numbers"),
        (("rotate", "online", "--with", "x.pub"), "rotate each role by itself"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(rapport: Command, arguments: tuple[str, ...], says: str):
    _, out, err = rapport(*arguments)
    assert says in out + err
    assert len([line for line in (out + err).splitlines() if not line.endswith("reading ...")]) == 1


def test_signing_asks_first(begun: Command, place: Path, monkeypatch: pytest.MonkeyPatch):
    begun("add", new_version(place, "9.1.0"), "--latency-budget-ms", "5000")
    assert "then give --yes" in begun("sign")[2]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda text: "n")
    assert "nothing was signed" in begun("sign")[2]
    monkeypatch.setattr("builtins.input", lambda text: "y")
    assert "public now" in begun("sign")[1]


def test_a_blob_that_was_changed_is_not_signed(begun: Command, place: Path):
    begun("add", new_version(place, "9.1.0"), "--latency-budget-ms", "5000")
    blob = max((place / "public" / "targets" / "blobs").iterdir(), key=lambda path: path.stat().st_size)
    blob.write_bytes(b"something else")
    code, _, err = begun("sign", "--yes")
    assert (code, "missing or altered; add it again" in err) == (22, True)


@pytest.mark.parametrize(
    "action", ["init", "key", "add", "sign", "stage", "advance", "halt", "withdraw", "rotate", "refresh", "status"]
)
def test_every_action_explains_itself(action: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        build_parser().parse_args(["repository", action, "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("usage: rapport repository", "--json", "--folder"))


def test_tab_offers_published_models(begun: Command, place: Path):
    begun("add", new_version(place, "9.1.0"), "--latency-budget-ms", "5000")
    begun("sign", "--yes")
    from robot.cli.repository_place import model_ids, model_versions  # noqa: PLC0415

    assert (model_ids(), model_versions()) == ([FACE], ["9.1.0"])
