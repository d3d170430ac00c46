"""What the installer says and refuses before it changes anything. What it does: test_real_systemd.py and pi_check."""

import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
SCRIPTS = [TOOLS / "install_kiosk", *sorted((TOOLS / "kiosk").glob("*.sh"))]

debian = pytest.mark.skipif(
    not shutil.which("apt-get") or not shutil.which("systemctl"), reason="no Debian with systemd here"
)


def install(*options):
    return subprocess.run(
        ["bash", str(TOOLS / "install_kiosk"), *options],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_sound_bash(script):
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_help_names_every_option():
    said = install("--help")
    assert said.returncode == 0
    for option in ("--dry-run", "--yes", "--screen", "--board", "--uninstall", "--purge", "--no-start"):
        assert option in said.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--polish"], "unknown option --polish"),
        (["--board"], "--board needs a value"),
        (["--purge"], "--purge goes with --uninstall"),
        (["--dry-run", "--place", "the moon"], "home, public, workplace or school"),
        (["--dry-run", "--board", "steam_engine"], "neither a file nor one of"),
        (["--dry-run", "--camera", 'x"\nhost = "0.0.0.0'], "no setting may"),
    ],
)
@debian
def test_a_wrong_option_is_one_clear_line_and_exit_code_2(options, says):
    said = install(*options)
    assert said.returncode == 2
    [line] = said.stderr.splitlines()
    assert says in line


@debian
def test_a_dry_run_says_everything_and_changes_nothing():
    if Path("/opt/rapport").exists():
        pytest.skip("Rapport is installed on this computer")
    said = install("--dry-run", "--screen")
    assert said.returncode == 0, said.stderr
    for change in (
        "add the system user rapport",
        "/opt/rapport/releases/",
        "write the settings /etc/rapport/rapport.toml",
        "/etc/udev/rules.d/70-rapport.rules",
        "write the unit /etc/systemd/system/rapport.service",
        "write the unit /etc/systemd/system/rapport-screen.service",
        "start rapport.service whenever the computer starts",
    ):
        assert change in said.stdout
    assert said.stdout.rstrip().endswith("a dry run: nothing was changed")
    assert not Path("/opt/rapport").exists()
    assert not Path("/etc/rapport").exists()


@debian
def test_settings_that_it_writes_are_settings_that_the_robot_takes(tmp_path):
    from robot.config import load_config  # noqa: PLC0415  only this test reads settings

    script = (
        f"cd {TOOLS.parent}; . tools/kiosk/computer.sh; . tools/kiosk/steps.sh; "
        "board=eight_joint_face camera=picamera2 microphone=pyaudio:USB place=workplace screen=yes; write_settings"
    )
    path = tmp_path / "rapport.toml"
    path.write_text(subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout)
    config = load_config(path)
    assert (config.body.kind, config.body.board) == ("pi", "eight_joint_face")
    assert (config.sources.camera, config.sources.microphone) == ("picamera2", "pyaudio:USB")
    assert config.robot.place == "workplace"
    assert config.server.show
    assert config.updates.store == "/var/lib/rapport/models"
