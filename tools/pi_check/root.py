"""An arm64 root file system to run commands in, emulated by qemu: made once, kept, mounted only while it is used."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from robot.errors import RapportError

PACKAGES = ("ca-certificates", "systemd", "udev", "python3", "python3-venv")
"""What Raspberry Pi OS has in any case; the rest is the installer's to bring."""
NEEDS = {"debootstrap": "debootstrap", "qemu-aarch64-static": "qemu-user-static", "update-binfmts": "binfmt-support"}
CORE = (
    "processor\t: {number}\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd evtstrm crc32 cpuid\nCPU implementer\t: 0x41\n"
    "CPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0xd08\nCPU revision\t: 3\n\n"
)
"""A Cortex-A72 as the kernel of a Pi 4 lists it."""

BINFMT = Path("/proc/sys/fs/binfmt_misc")
AUTHORITIES = Path("/usr/local/share/ca-certificates")
"""This computer's own, from which Debian makes its bundle anew whenever one of its packages changes."""

PIP_SETTINGS = (Path("/etc/pip.conf"), Path("~/.config/pip/pip.conf").expanduser())


class Root:
    """One root, at `folder`, of a Debian release such as `bookworm`. Commands run as root inside it."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.folder = folder
        self.suite = suite
        self._made = folder / ".made"

    def make(self) -> None:
        """Unpack it unless an earlier run did; some ten minutes, emulated.

        Raises:
            RapportError: debootstrap failed; its own lines stand in the log.
        """
        if self._made.exists():
            return
        if self._mounted():
            raise RapportError(f"{self.folder}: something is still mounted in it; unmount that first")
        if self.folder.exists():
            shutil.rmtree(self.folder)
        _must(["debootstrap", "--arch=arm64", "--variant=minbase", self.suite, str(self.folder)])
        self._made.touch()

    def _pose_as_a_pi(self) -> None:
        """Show a Pi's processor: with this computer's own, which is no arm64, LiteRT ends in a segmentation fault."""
        listed = self.folder / "etc" / "cpuinfo-of-a-pi"
        cores = "".join(CORE.format(number=number) for number in range(len(os.sched_getaffinity(0))))
        listed.write_text(f"{cores}Model\t\t: Raspberry Pi 4 Model B (emulated)\n", encoding="ascii")
        _must(["mount", "--bind", str(listed), str(self.folder / "proc/cpuinfo")])

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """The kernel's file systems, this computer's name server, certificates and pip settings in it, for a while."""
        _take_over(Path("/etc/resolv.conf"), self.folder)
        _take_over(Path("/etc/ssl/certs/ca-certificates.crt"), self.folder)
        for authority in AUTHORITIES.glob("*.crt"):
            _take_over(authority, self.folder)
        binds = [(kind, kind, self.folder / place) for kind, place in (("proc", "proc"), ("sysfs", "sys"))]
        try:
            for kind, source, place in binds:
                _must(["mount", "-t", kind, "-o", "ro" if kind == "sysfs" else "rw", source, str(place)])
            self._pose_as_a_pi()
            for name in ("null", "zero", "full", "random", "urandom", "tty"):
                place = self.folder / "dev" / name
                place.touch()
                _must(["mount", "--bind", f"/dev/{name}", str(place)])
            (self.folder / "dev/shm").mkdir(exist_ok=True)
            _must(["mount", "-t", "tmpfs", "tmpfs", str(self.folder / "dev/shm")])
            for kept in package_folders():
                place = self.folder / kept.relative_to("/")
                place.mkdir(parents=True, exist_ok=True)
                _must(["mount", "--bind", "-o", "ro", str(kept), str(place)])
            for settings in PIP_SETTINGS:
                if settings.is_file():
                    _take_over(settings, self.folder)
            yield
        finally:
            for mounted in sorted(self._mounted(), reverse=True):
                subprocess.run(["umount", mounted], check=False)

    def run(self, command: list[str], *, timeout_s: float = 10800.0) -> "subprocess.CompletedProcess[str]":
        """Run `command` in it; its output, both streams in one, is in `stdout`. What takes too long ends with 124."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_CERT", "PIP_DEFAULT"))}
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        env = {
            "QEMU_CPU": "cortex-a72",
            "PATH": path,
            "HOME": "/root",
            "LC_ALL": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **kept,
        }
        return subprocess.run(
            ["timeout", f"{timeout_s:g}", "chroot", str(self.folder), *command],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def _mounted(self) -> list[str]:
        places = [line.split()[1] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
        return [place for place in places if place.startswith(f"{self.folder}/")]


def prepare_emulation() -> None:
    """See that arm64 programs run on this computer.

    Raises:
        RapportError: not root, a tool is missing, or the kernel lacks binfmt_misc; says what to do.
    """
    if os.getuid() != 0:
        raise RapportError("an emulated Pi needs root (chroot, mount): sudo .venv/bin/python -m tools.pi_check")
    missing = [package for tool, package in NEEDS.items() if shutil.which(tool) is None]
    if missing:
        raise RapportError(f"missing here: apt-get install {' '.join(missing)}")
    if not (BINFMT / "register").exists():
        _must(["mount", "-t", "binfmt_misc", "binfmt_misc", str(BINFMT)])
    if not (BINFMT / "qemu-aarch64").exists():
        _must(["update-binfmts", "--enable", "qemu-aarch64"])


def _take_over(path: Path, root: Path) -> None:
    place = root / path.relative_to("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    shutil.copyfile(path, place)


def package_folders() -> list[Path]:
    """Folders of this computer that pip's settings name as sources of packages."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in PIP_SETTINGS if path.is_file())
    plain = {Path(found) for found in re.findall(r"(?:=\s*|\s)(/[^\s]+)", text)}
    # The pages of an index lie beside the files that they name.
    indexes = {Path(found).parent for found in re.findall(r"file://(/[^\s]+)", text)}
    return sorted(path for path in plain | indexes if path.is_dir())


def _must(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        tail = " | ".join(done.stdout.splitlines()[-3:])
        raise RapportError(f"`{' '.join(command)}` failed ({done.returncode}): {tail}")
