"""Small files: the old content or the new, with the rights that were asked for."""

import os
import stat

import pytest

from hardware.whole_file import write_whole


def test_it_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "note"
    path.with_name("note.part").write_bytes(b"left by a process that was killed")
    write_whole(path, b"old", 0o644)
    write_whole(path, b"new", 0o644)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_its_rights_are_those_asked_for_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "note", b"", 0o644)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "note").stat().st_mode) == 0o644


def test_a_disk_that_says_no_leaves_the_old_content_and_no_half_of_the_new(tmp_path, monkeypatch):
    path = tmp_path / "note"
    write_whole(path, b"old", 0o644)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new", 0o644)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
