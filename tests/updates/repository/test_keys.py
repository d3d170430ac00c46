"""Private keys: encrypted, their owner's alone, never overwritten, never shown."""

import json
from pathlib import Path

import pytest

from robot.errors import EngineMissing, UpdateError
from robot.updates.repository.keys import KeyFolder, name_of, need_cryptography, read_public

SECRET = "correct horse battery"


def test_a_key_is_encrypted_and_its_owners_alone(tmp_path: Path):
    keys = KeyFolder(tmp_path / "keys", opening=lambda _: SECRET, making=lambda _: SECRET)
    made = keys.make("root1")
    path = tmp_path / "keys" / "root1.pem"
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert keys.signer("root1").public_key.keyid == made.keyid
    assert (name_of(made), keys.find(made.keyid)) == ("root1", path)


@pytest.mark.parametrize(("given", "says"), [("", "is encrypted; give its passphrase"), ("wrong one", "is wrong")])
def test_a_passphrase_that_is_missing_or_wrong_is_said_to_be(tmp_path: Path, given: str, says: str):
    KeyFolder(tmp_path, making=lambda _: SECRET).make("root1")
    with pytest.raises(UpdateError, match=says) as error:
        KeyFolder(tmp_path, opening=lambda _: given).signer("root1")
    assert SECRET not in str(error.value)
    assert "root1.pem" in str(error.value)


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path):
    KeyFolder(tmp_path).make("targets")
    (tmp_path / "targets.pem").chmod(0o644)
    with pytest.raises(UpdateError, match="others can read this key; run: chmod 600"):
        KeyFolder(tmp_path).signer("targets")


def test_no_key_is_ever_overwritten(tmp_path: Path):
    KeyFolder(tmp_path).make("targets")
    before = (tmp_path / "targets.pem").read_bytes()
    with pytest.raises(UpdateError, match="there is a key already"):
        KeyFolder(tmp_path).make("targets")
    assert (tmp_path / "targets.pem").read_bytes() == before


@pytest.mark.parametrize("name", ["", "../root", "a/b", ".pem", "x" * 80])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str):
    with pytest.raises(UpdateError, match="choose another"):
        KeyFolder(tmp_path).make(name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_said_to_be_one_and_not_shown(tmp_path: Path, content: bytes):
    KeyFolder(tmp_path).make("targets")
    (tmp_path / "targets.pem").write_bytes(content)
    with pytest.raises(UpdateError, match="not a key") as error:
        KeyFolder(tmp_path).signer("targets")
    assert "AAAA" not in str(error.value)


def test_keys_on_several_media_are_found_and_new_ones_go_to_the_first(tmp_path: Path):
    one, two = tmp_path / "one", tmp_path / "two"
    made = KeyFolder(two).make("root2")
    keys = KeyFolder(one, two)
    keys.make("root1")
    assert (keys.find(made.keyid), keys.names()) == (two / "root2.pem", ["root1", "root2"])
    assert (one / "root1.pem").is_file()


def test_a_key_without_its_public_half_is_found_all_the_same(tmp_path: Path):
    made = KeyFolder(tmp_path).make("root1")
    (tmp_path / "root1.pub").unlink()
    assert KeyFolder(tmp_path).find(made.keyid) == tmp_path / "root1.pem"


def test_a_public_half_of_another_key_is_found_out(tmp_path: Path):
    one, two = KeyFolder(tmp_path).make("one"), KeyFolder(tmp_path).make("two")
    (tmp_path / "one.pub").write_bytes((tmp_path / "two.pub").read_bytes())
    with pytest.raises(UpdateError, match="is of another key"):
        KeyFolder(tmp_path).signer_of(two.keyid)
    assert KeyFolder(tmp_path).find(one.keyid) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keyid": 3}', '{"keyid": "a", "keytype": "ed25519"}'])
def test_a_public_half_that_is_none_is_said_to_be(tmp_path: Path, content: str):
    (tmp_path / "root1.pub").write_text(content)
    with pytest.raises(UpdateError, match=r"root1\.pub: not the public half"):
        read_public(tmp_path / "root1.pub")


def test_a_public_half_with_a_forged_id_is_refused(tmp_path: Path):
    KeyFolder(tmp_path).make("root1")
    fields = json.loads((tmp_path / "root1.pub").read_text())
    (tmp_path / "root1.pub").write_text(json.dumps({**fields, "keyid": "0" * 64}))
    with pytest.raises(UpdateError, match="its id does not belong to it"):
        read_public(tmp_path / "root1.pub")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EngineMissing, match="rapport-robot\\[publisher\\]"):
        need_cryptography()
