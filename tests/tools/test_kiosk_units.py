"""The units as systemd's own tools judge them, and that the files of the kiosk fit each other."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "tools" / "kiosk" / "units"
SERVICES = sorted(UNITS.glob("*.service"))
MOST_EXPOSED = 3.0

analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


def analysed(*arguments):
    return subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False)


def settings(path):
    """The last value of each key by section; systemd allows a key more than once."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def test_every_unit_is_looked_at():
    assert {path.name for path in UNITS.iterdir()} == {
        "rapport.service",
        "rapport-boots.service",
        "rapport-safe.service",
        "rapport-screen.service",
        "rapport-update.service",
        "rapport-update.timer",
    }


@analyze
@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_a_unit_may_do_little_more_than_it_must(unit):
    done = analysed("security", "--offline=true", str(unit))
    exposure = re.search(r"Overall exposure level for .*?: ([\d.]+)", done.stdout)
    if exposure is None and "offline" in done.stderr:
        pytest.skip("this systemd-analyze cannot judge a file")
    assert float(exposure.group(1)) <= MOST_EXPOSED, done.stdout


@analyze
def test_nor_where_the_words_need_one_thing_more(tmp_path):
    drop_in = (UNITS.parent / "words-on-amd64.conf").read_text(encoding="utf-8")
    assert re.findall(r"^(?!#|\[Service\])(.+)$", drop_in, flags=re.MULTILINE) == ["MemoryDenyWriteExecute=no"]
    unit = tmp_path / "rapport.service"
    unit.write_text((UNITS / "rapport.service").read_text(encoding="utf-8") + drop_in, encoding="utf-8")
    test_a_unit_may_do_little_more_than_it_must(unit)


@analyze
def test_systemd_finds_nothing_wrong_in_any_unit(tmp_path):
    # The programs are not installed here: something that exists stands in for them, and nothing else is changed.
    for unit in UNITS.iterdir():
        text = re.sub(r"^(Exec\w+)=/\S+", r"\1=/bin/true", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = analysed("verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS.iterdir()))
    said = [line for line in (done.stdout + done.stderr).splitlines() if "rapport" in line]
    assert said == []


def test_the_robot_is_watched_restarted_and_escalated():
    robot = settings(UNITS / "rapport.service")
    assert robot["Service"]["Type"] == "notify"
    assert float(robot["Service"]["WatchdogSec"]) <= 10.0
    assert robot["Service"]["Restart"] == "on-failure"
    assert robot["Unit"]["OnFailure"] == "rapport-safe.service"
    assert int(robot["Unit"]["StartLimitBurst"]) <= 6
    safe = settings(UNITS / "rapport-safe.service")
    assert safe["Unit"]["OnSuccess"] == "rapport.service"
    assert safe["Unit"]["Conflicts"] == "rapport.service"


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_no_service_runs_as_root_or_without_limits(unit):
    service = settings(unit)["Service"]
    assert service["User"].startswith("rapport")
    assert {"MemoryMax", "TasksMax", "LimitCORE"} <= set(service)
    assert service["LogNamespace"] == "rapport"


@pytest.mark.parametrize("unit", ["rapport", "rapport-screen"])
def test_the_robot_and_its_screen_reach_this_computer_only(unit):
    service = settings(UNITS / f"{unit}.service")["Service"]
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")


def test_the_safe_face_has_no_network_no_camera_and_no_microphone():
    text = (UNITS / "rapport-safe.service").read_text(encoding="utf-8")
    assert "PrivateNetwork=yes" in text
    assert not re.search(r"DeviceAllow=char-(alsa|video4linux|media)", text)


def test_the_timer_needs_no_right_clock_and_spreads_a_fleet():
    timer = settings(UNITS / "rapport-update.timer")["Timer"]
    assert "OnCalendar" not in timer
    assert timer["RandomizedDelaySec"] == "10min"


def test_f55_the_log_of_the_service_is_bounded_in_size_and_rate():
    journal = settings(UNITS.parent / "journald.conf")["Journal"]
    assert journal["SystemMaxUse"] == "16M"
    assert int(journal["RateLimitBurst"]) <= 500
