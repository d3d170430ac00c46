"""A real systemd as process 1 of a world of its own: namespaces over a copy-on-write view of this computer's root.

Nothing in it reaches the computer: what it writes lies in a tmpfs that goes with it, and the kernel's settings are
read-only. Needs root, overlayfs and cgroup2; where one is missing, the tests are skipped and say which.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
UP_WITHIN_S = 60.0
MASKED = [
    "systemd-sysctl.service",
    "systemd-modules-load.service",
    "systemd-udevd.service",
    "systemd-udev-trigger.service",
    "systemd-binfmt.service",
    "systemd-remount-fs.service",
    "systemd-tmpfiles-setup-dev.service",
    "systemd-random-seed.service",
    "systemd-update-utmp.service",
    "ldconfig.service",
    "dev-hugepages.mount",
    "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount",
    "sys-fs-fuse-connections.mount",
    "proc-sys-fs-binfmt_misc.automount",
    "systemd-networkd.service",
    "systemd-logind.service",
]

START = """
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs {base}
mkdir {base}/upper {base}/work {base}/root
mount -t overlay overlay -o lowerdir=/,upperdir={base}/upper,workdir={base}/work {base}/root
R={base}/root
mount -t proc proc $R/proc
mount --bind $R/proc/sys $R/proc/sys && mount -o remount,bind,ro $R/proc/sys
mount -t sysfs -o ro sysfs $R/sys
mount -t cgroup2 cgroup2 $R/sys/fs/cgroup
mount -t tmpfs tmpfs $R/run
mount -t tmpfs -o mode=1777 tmpfs $R/tmp
mount -t tmpfs -o mode=755 tmpfs $R/dev
for device in null zero full random urandom tty; do touch $R/dev/$device; mount --bind /dev/$device $R/dev/$device; done
mkdir -p $R/dev/shm $R/dev/pts
mount -t tmpfs -o mode=1777 tmpfs $R/dev/shm
for unit in {masked}; do ln -sf /dev/null $R/etc/systemd/system/$unit; done
echo 0123456789abcdef0123456789abcdef >$R/etc/machine-id
mkdir -p $R/opt/world/app $R/opt/world/python $R/opt/world/site $R/var/log/journal
mount --bind {repository} $R/opt/world/app
mount --bind {python} $R/opt/world/python
mount --bind {site} $R/opt/world/site
exec chroot $R env -i container=world PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin {systemd} \
    --system --unit=basic.target --log-target=journal --show-status=no
"""


class World:
    """Starts when built; `run` runs a command in it as root."""

    def __init__(self, base: Path) -> None:
        systemd = next(
            (path for path in ("/lib/systemd/systemd", "/usr/lib/systemd/systemd") if Path(path).exists()), ""
        )
        if os.getuid() != 0 or not systemd or not shutil.which("unshare") or not shutil.which("nsenter"):
            pytest.skip("no real systemd here: it needs root, systemd and util-linux")
        script = START.format(
            base=base,
            masked=" ".join(MASKED),
            repository=REPOSITORY,
            python=sys.base_prefix,
            site=sysconfig.get_path("purelib"),
            systemd=systemd,
        )
        self._log = base.with_suffix(".log").open("w+", encoding="utf-8")
        spaces = ["--mount", "--pid", "--fork", "--ipc", "--uts", "--cgroup", "--kill-child"]
        self._process = subprocess.Popen(
            ["unshare", *spaces, "bash", "-c", script], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        self._await()

    def run(self, *command: str, timeout_s: float = 60.0) -> "subprocess.CompletedProcess[str]":
        """Run a command in the world as root; both streams are in `stdout`."""
        return subprocess.run(
            ["nsenter", "-t", str(self._init), "-m", "-p", "-i", "-u", "-C", "-r", "-w", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def file(self, path: str, content: str, mode: int = 0o644) -> None:
        """Write a file of the world."""
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
        place.chmod(mode)

    def place(self, path: str) -> Path:
        """A path of the world as this process can reach it."""
        return Path(f"/proc/{self._init}/root{path}")

    def await_that(self, holds, within_s: float = 60.0) -> None:
        """Wait until `holds()` is true; systemd acts on its own time, so a test must ask it again and again.

        Fails with the journal of the robot where it does not come true.
        """
        ends_s = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > ends_s:
                said = self.run("journalctl", "--namespace=rapport", "--no-pager", "-n", "40", "-o", "cat").stdout
                said += self.run("journalctl", "--no-pager", "-n", "40", "-o", "cat").stdout
                pytest.fail(f"it did not come true within {within_s:.0f} s; the journal:\n{said}")
            time.sleep(0.2)

    def state(self, unit: str) -> str:
        """`active`, `inactive`, `failed`, `activating` ..."""
        return self.shown(unit, "ActiveState")

    def shown(self, unit: str, name: str) -> str:
        """One property of a unit."""
        return self.run("systemctl", "show", "--value", "-p", name, unit).stdout.strip()

    def outer_pid(self, pid: int) -> int:
        """The number that a process of the world has outside it."""
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                numbers = next(line for line in status.read_text().splitlines() if line.startswith("NSpid:")).split()
                same = (status.parent / "ns/pid").readlink() == Path(f"/proc/{self._init}/ns/pid").readlink()
            except (OSError, StopIteration):
                continue
            if same and numbers[-1] == str(pid):
                return int(numbers[1])
        raise ProcessLookupError(pid)

    def close(self) -> None:
        """End it: its first process takes everything with it."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    @property
    def _init(self) -> int:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="ascii")
        return int(children.split()[0])

    def _await(self) -> None:
        ends_s = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < ends_s:
            if self._process.poll() is not None:
                self._log.seek(0)
                pytest.skip(f"no real systemd here: {self._log.read()[-300:].strip()}")
            try:
                if self.run("systemctl", "is-system-running").stdout.strip() in {"running", "degraded"}:
                    return
            except (OSError, IndexError):
                pass
            time.sleep(0.2)
        self.close()
        pytest.skip(f"no real systemd here: it was not up within {UP_WITHIN_S:.0f} s")
