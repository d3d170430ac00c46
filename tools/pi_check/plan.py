"""The steps of the check, in their order."""

from collections.abc import Iterator

import msgspec

from tools.pi_check.judge import Judge, agreement, boot, exit_0, exit_not_0, lived, says, silent_about

CLONE = "/root/rapport"
APP = "/opt/rapport/current/app"
PYTHON = "/opt/rapport/current/venv/bin/python"
SETTINGS = "/etc/rapport/rapport.toml"
INSTALL = ("bash", f"{CLONE}/tools/install_kiosk")
CHOSEN = ("--board", "starter_face", "--camera", "none", "--microphone", "none")
BESIDE = f"cd {APP} && PYTHONPATH={CLONE} {PYTHON}"
BROUGHT = "systemd udev python3 python3-venv"
VERSIONS = (
    "import platform, numpy, importlib.metadata as m; print(platform.machine(), platform.python_version(), "
    "'litert', m.version('ai-edge-litert'), 'numpy', numpy.__version__, 'words', m.version('ctranslate2')); "
    "import pyaudio, gpiozero, av, msgspec, ctranslate2, pocketsphinx, paho.mqtt, cryptography.fernet"
)
GONE = "/opt/rapport /usr/local/bin/rapport /etc/systemd/system/rapport.service"


class Step(msgspec.Struct, frozen=True):
    """A command, and how its output is judged."""

    name: str
    command: tuple[str, ...]
    judge: Judge


def all_steps(clip: str, answers: str) -> Iterator[Step]:
    """Everything, given the names of the film and of the other computer's answers in /root."""
    yield from _installing()
    yield from _living(clip, answers)
    yield Step("it leaves again", (*INSTALL, "--uninstall", "--yes"), exit_0("uninstalled"))
    yield _shell(
        "settings stay, the rest is gone", f"ls {SETTINGS} && ! ls {GONE} 2>&1 && ! id rapport 2>&1", says(SETTINGS)
    )


def _installing() -> Iterator[Step]:
    bring = f"apt-get update -q && apt-get install -q -y --no-install-recommends {BROUGHT}"
    yield _shell("system packages that a Pi brings", bring, exit_0("installed"))
    nothing = says("a dry run: nothing was changed")
    yield Step("a dry run says what would change", (*INSTALL, "--dry-run", *CHOSEN), nothing)
    yield Step("nothing has changed after it", ("ls", "/opt/rapport"), exit_not_0("/opt/rapport is not there"))
    yield Step("the installer runs", (*INSTALL, "--yes", *CHOSEN), says("rapport: done."))
    yield Step("a second run changes nothing", (*INSTALL, "--yes", *CHOSEN), says("nothing to change"))
    yield Step("what was installed", (PYTHON, "-c", VERSIONS), says("aarch64"))
    units = "/etc/systemd/system/rapport*.service /etc/systemd/system/rapport*.timer"
    yield _shell("the units are sound", f"systemd-analyze verify {units}", silent_about("rapport"))


def _living(clip: str, answers: str) -> Iterator[Step]:
    compare = f"{BESIDE} -m tools.pi_check.agreement compare /root/{answers}"
    yield _shell("every model answers as on x86-64", compare, agreement)
    film = f"file:/root/{clip}"
    live = f"rapport run --camera {film} --microphone {film} --pace max --report /root/visit.jsonl --quiet"
    yield _shell("a headless run on a film ends well", f"{live} && cat /root/visit.jsonl", lived)
    yield _shell("how much work a start is", f"{BESIDE} -m tools.pi_check.boot", boot)


def _shell(name: str, script: str, judge: Judge) -> Step:
    return Step(name, ("sh", "-c", script), judge)
