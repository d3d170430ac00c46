import stat

import pytest

from robot.body.voice.espeak_program import EspeakProgram
from robot.body.voice.prosody import Prosody
from robot.errors import EngineMissing, SpeechError


def program(tmp_path, script):
    path = tmp_path / "speaker"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def test_a_missing_program_names_the_command_that_installs_it():
    with pytest.raises(EngineMissing, match="apt-get install espeak-ng"):
        EspeakProgram("espeak-of-another-world")


def test_a_program_that_hangs_is_stopped(tmp_path):
    engine = EspeakProgram(program(tmp_path, "exec sleep 600"), time_limit_s=0.2)
    with pytest.raises(SpeechError, match=r"longer than 0\.2 s"):
        engine.synthesise("Hello", "en", Prosody())


def test_a_program_that_fails_tells_why(tmp_path):
    engine = EspeakProgram(program(tmp_path, "echo no data found >&2; exit 3"))
    with pytest.raises(SpeechError, match="ended with 3: no data found"):
        engine.synthesise("Hello", "en", Prosody())


@pytest.mark.parametrize("output", ["echo hello", "true", "printf RIFF"])
def test_what_is_no_sound_file_is_refused(tmp_path, output):
    with pytest.raises(SpeechError, match="no WAV file"):
        EspeakProgram(program(tmp_path, output)).synthesise("Hello", "en", Prosody())


def test_a_program_that_was_removed_meanwhile_is_an_error_of_one_line(tmp_path):
    path = program(tmp_path, "true")
    engine = EspeakProgram(path)
    (tmp_path / "speaker").unlink()
    with pytest.raises(SpeechError, match="cannot be started"):
        engine.synthesise("Hello", "en", Prosody())
