"""The installer, the units and the robot under a real systemd: start, progress, restart, escalation, leaving again."""

import importlib.util
import json

import msgspec
import pytest

from robot.care.boots import Book, Boot
from tests.out_of_memory import little_memory
from tests.tools.systemd_world import World

INSTALL = ("bash", "/opt/world/app/tools/install_kiosk", "--yes")
SAMPLE = "/opt/world/app/robot/simulator/sample"
SETTINGS = "/etc/rapport/rapport.toml"
ROBOT = """#!/bin/sh
export LD_LIBRARY_PATH=/opt/world/python/lib PYTHONPATH=/opt/world/app:/opt/world/site
exec /opt/world/python/bin/python3 -m robot "$@"
"""
QUICK = """[Service]
WatchdogSec=5
RestartSec=0.1
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A world in which the installer has run. Packages count as installed, the release as made: they take minutes."""
    base = tmp_path_factory.mktemp("world")
    whole = World(base)
    whole.file("/usr/local/bin/dpkg-query", "#!/bin/sh\necho 'install ok installed'\n", 0o755)
    parts = ". tools/kiosk/computer.sh; . tools/kiosk/release.sh"
    where = whole.run("bash", "-c", f"cd /opt/world/app; python=/usr/bin/python3; {parts}; find_release; echo $release")
    release = where.stdout.strip()
    whole.file(f"{release}/venv/bin/rapport", ROBOT, 0o755)
    whole.file(f"{release}/whole", "")
    whole.file("/etc/systemd/system/rapport.service.d/quick.conf", QUICK)
    sources = ["--camera", f"file:{SAMPLE}/portrait.jpg", "--microphone", f"file:{SAMPLE}/speech.ogg"]
    installed = whole.run(*INSTALL, *sources, "--place", "home", timeout_s=200.0)
    try:
        assert "rapport: done." in installed.stdout, installed.stdout
        yield whole
    finally:
        whole.close()


def restarts(world):
    return int(world.shown("rapport.service", "NRestarts"))


def main_pid(world):
    return world.shown("rapport.service", "MainPID")


def watchdog_of(world):
    """How long the computer's watchdog waits for systemd."""
    return world.run("systemctl", "show", "--value", "-p", "RuntimeWatchdogUSec").stdout.strip()


def just_started(world):
    """Let `rapport service boots` find itself ten seconds after the computer's start, by a time namespace."""
    ago_s = int(float(world.run("cut", "-d ", "-f1", "/proc/uptime").stdout)) - 10
    shifted = f"/usr/bin/unshare --time --monotonic=-{ago_s} --fork"
    if world.run(*shifted.split(), "true").returncode != 0:
        pytest.skip("no time namespaces here")
    begin = "/opt/rapport/current/venv/bin/rapport service boots begin --noted /var/lib/rapport"
    world.file(
        "/etc/systemd/system/rapport-boots.service.d/young.conf",
        f"[Service]\nExecStart=\nExecStart=+{shifted} {begin}\n",
    )
    world.run("systemctl", "daemon-reload")


def opens_its_camera_anew(world):
    """Make the robot want memory; never true."""
    for turn in ("on", "off"):
        world.run("rapport", "mute", turn)
    return False


def lives(world):
    return world.state("rapport.service") == "active" and world.run("rapport", "status").returncode in {0, 1}


def test_the_installed_robot_lives_and_says_so_to_systemd_to_a_stranger_and_in_its_log(world):
    world.await_that(lambda: lives(world))
    # Where no engine knows words that alone may be missing.
    world.await_that(lambda: world.shown("rapport.service", "StatusText") in {"everything works", "words missing"})
    status = json.loads(
        world.run("setpriv", "--reuid", "65534", "--clear-groups", "rapport", "status", "--json").stdout
    )
    lacking = {part: state for part, state in status["parts"].items() if state not in {"ok", "off"}}
    assert lacking in ({}, {"words": "missing"}), status
    lived = f"lives: camera file:{SAMPLE}/portrait.jpg"
    # The journal takes its lines when it has time for them, which on a busy machine may be minutes later.
    world.await_that(lambda: lived in world.run("rapport", "service", "logs", "-n", "50").stdout, within_s=180.0)
    assert world.shown("rapport.service", "User") == "rapport"


def test_the_units_limits_leave_the_recogniser_of_words_alive(world):
    def status():
        return json.loads(world.run("rapport", "status", "--json").stdout or "{}")

    world.await_that(lambda: status().get("up_s", 0.0) > 20.0)  # it loads in seconds, and is said to be well until then
    installed = all(map(importlib.util.find_spec, ("ctranslate2", "pocketsphinx")))
    assert status()["parts"]["words"] == ("ok" if installed else "missing"), status()["faults"]


def test_a_second_installation_changes_nothing(world):
    assert "nothing to change" in world.run(*INSTALL).stdout


def test_f52_a_robot_that_the_kernel_kills_for_want_of_memory_is_started_again(world):
    world.await_that(lambda: lives(world))
    before = restarts(world)
    with little_memory(0.25, moved=True) as group:
        group.take_in(world.outer_pid(int(main_pid(world))))
        world.await_that(lambda: group.kills == 1 or opens_its_camera_anew(world))
        world.await_that(lambda: restarts(world) == before + 1 and lives(world))


def test_a_computer_that_went_down_three_times_in_an_hour_keeps_up_without_its_watchdog(world):
    book = Book(tuple(Boot(f"boot {number}", 300.0) for number in range(3)))
    watched = (world.place("/opt/world/app/tools/kiosk/watchdog.conf")).read_text(encoding="utf-8")
    world.file("/etc/systemd/system.conf.d/rapport-watchdog.conf", watched)
    world.run("systemctl", "daemon-reload")
    assert watchdog_of(world) == "15s"
    just_started(world)
    world.file("/var/lib/rapport-boots/boots.json", msgspec.json.encode(book).decode())
    assert world.run("systemctl", "restart", "rapport-boots.service").returncode == 0
    assert "RuntimeWatchdogSec=off" in world.run("cat", "/run/systemd/system.conf.d/zz-rapport-held.conf").stdout
    assert watchdog_of(world) == "0"
    assert "its watchdog is off" in world.run("journalctl", "--namespace=rapport", "-o", "cat", "--no-pager").stdout
    assert world.run("rapport", "service", "restart").returncode == 0
    world.await_that(lambda: "its watchdog is off" in world.run("rapport", "status").stdout)
    world.file("/var/lib/rapport-boots/boots.json", msgspec.json.encode(Book()).decode())


def test_a_shutdown_is_no_sudden_end(world):
    world.run("systemctl", "restart", "rapport-boots.service")
    world.run("systemctl", "stop", "rapport-boots.service")
    book = msgspec.json.decode(world.place("/var/lib/rapport-boots/boots.json").read_bytes(), type=Book)
    assert [boot.shut_down for boot in book.boots] == [True]
    world.run("systemctl", "start", "rapport-boots.service")


def test_f53_a_robot_without_progress_is_ended_by_the_watchdog_and_started_again(world):
    world.await_that(lambda: lives(world))
    before, pid = restarts(world), main_pid(world)
    world.run("kill", "-STOP", pid)
    world.await_that(lambda: restarts(world) > before and lives(world) and main_pid(world) != pid)
    assert "Watchdog timeout" in world.run("journalctl", "--no-pager", "-o", "cat").stdout


def test_f54_broken_settings_do_not_stop_a_robot_that_lived_with_better_ones(world):
    world.await_that(lambda: lives(world))
    good = world.run("cat", SETTINGS).stdout
    world.file(SETTINGS, "[robot]\nplace = 'the moon'\n")
    assert world.run("rapport", "service", "restart").returncode == 0
    world.await_that(lambda: lives(world))
    status = json.loads(world.run("rapport", "status", "--json").stdout)
    assert "robot.place" in status["warnings"][0]
    assert "settings that last worked" in status["warnings"][0]
    world.file(SETTINGS, good)
    assert world.run("rapport", "service", "restart").returncode == 0


def test_f52_f53_a_robot_that_fails_again_and_again_ends_in_the_safe_face_and_not_in_a_loop(world):
    failing = "[Service]\nExecStart=\nExecStart=/bin/sh -c 'exit 1'\nType=exec\n"
    world.file("/etc/systemd/system/rapport.service.d/zz-failing.conf", failing)
    world.run("systemctl", "daemon-reload")
    world.run("systemctl", "restart", "rapport.service")
    world.await_that(lambda: world.state("rapport-safe.service") == "active")
    assert world.state("rapport.service") == "failed"
    world.await_that(lambda: "the safe face shows" in world.run("rapport", "status").stdout)
    assert world.run("rapport", "status").returncode == 1
    world.run("rm", "/etc/systemd/system/rapport.service.d/zz-failing.conf")
    world.run("systemctl", "daemon-reload")
    assert world.run("rapport", "service", "start").returncode == 0
    world.await_that(lambda: lives(world))
    assert world.state("rapport-safe.service") == "inactive"


def test_the_end_of_the_safe_face_starts_the_robot_again(world):
    world.run("systemctl", "stop", "rapport.service")
    world.run("systemctl", "start", "rapport-safe.service")
    world.await_that(lambda: world.state("rapport-safe.service") == "active")
    world.run("kill", "-TERM", world.shown("rapport-safe.service", "MainPID"))
    world.await_that(lambda: lives(world))


def test_stopped_by_a_person_it_stays_stopped(world):
    assert world.run("rapport", "service", "stop").returncode == 0
    assert world.state("rapport.service") == "inactive"
    assert world.run("rapport", "status").returncode == 3
    assert world.state("rapport-safe.service") == "inactive"
    assert world.run("rapport", "service", "start").returncode == 0


def test_it_leaves_nothing_but_settings_and_what_it_stored(world):
    assert world.run(*INSTALL[:2], "--uninstall", "--yes").returncode == 0
    assert world.run("ls", SETTINGS).returncode == 0
    left = world.run("ls", "/opt/rapport", "/usr/local/bin/rapport", "/etc/systemd/system/rapport.service").stdout
    assert left.count("No such file") == 3
    assert world.run("id", "rapport").returncode != 0
    assert "nothing to change" in world.run(*INSTALL[:2], "--uninstall", "--yes").stdout
