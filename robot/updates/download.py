"""A blob, fetched in as many attempts as it takes: resumed where it stopped, dropped when too slow, never trusted.

What arrives goes to a part file on the disk as it comes, so that a cut, a crash or a power loss costs only what was on
the way. The part counts for nothing until its hash is right; one that turns out wrong is removed and never resumed.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hardware.clock import Clock
from robot.errors import NetworkFailed, NoSpace, UpdateRefused
from robot.updates.disk import Disk
from robot.updates.link import Link, Reply

MIB = 1024 * 1024
Progress = Callable[[int, int], None]
"""Told (bytes so far, bytes in all)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How slow is too slow, and how often to try.

    Less than `min_bytes_per_s` over `window_s` is too slow; `deadline_s` bounds a blob; `attempts` in a row that
    bring less than `worth_bytes` end it. `most_bytes_per_s` holds the download back, 0 does not. `reserve_bytes` of
    the disk stay free, and a tenth of it up to `reserve_most_bytes`.
    """

    min_bytes_per_s: float = 2000.0
    window_s: float = 20.0
    deadline_s: float = 3600.0
    attempts: int = 5
    first_wait_s: float = 0.5
    most_bytes_per_s: float = 0.0
    reserve_bytes: int = 32 * MIB
    reserve_most_bytes: int = 256 * MIB

    @property
    def worth_bytes(self) -> float:
        """What a connection must bring to count as one that worked."""
        return self.min_bytes_per_s * self.window_s


class Downloader:
    """Fetches blobs through a link into part files. `chance` spreads the waits between attempts."""

    def __init__(self, link: Link, disk: Disk, clock: Clock, patience: Patience, chance: random.Random) -> None:
        self._link = link
        self._disk = disk
        self._clock = clock
        self._patience = patience
        self._chance = chance

    def check_space(self, folder: Path, needed_bytes: int) -> None:
        """Raise NoSpace if `needed_bytes` more would fill the disk."""
        free, total = self._disk.free_bytes(folder)
        reserve = max(self._patience.reserve_bytes, min(total // 10, self._patience.reserve_most_bytes))
        if free - needed_bytes < reserve:
            raise NoSpace(
                f"{folder}: {needed_bytes / MIB:.1f} MiB are needed and {free / MIB:.1f} MiB are free, of which "
                f"{reserve / MIB:.0f} MiB stay free; make room"
            )

    def fetch(self, path: str, part: Path, sha256: str, length: int, progress: Progress | None = None) -> None:
        """Bring the blob at `path` into `part`, which may hold the beginning of it already.

        Raises:
            NetworkFailed: every attempt failed, it was too slow, or it took too long. The part stays.
            UpdateRefused: what came is not what was signed. The part is removed.
            NoSpace, StorageFailed: the disk said no.
        """
        tell = progress or (lambda _done, _total: None)
        self.check_space(part.parent, length - min(length, self._disk.size(part) or 0))
        ends_s = self._clock.now_s() + self._patience.deadline_s
        for last in (False, True):
            self._gather(path, part, length, ends_s, tell)
            found = self._disk.digest(part)
            if found == (sha256, length):
                return
            self._disk.remove(part)
            if last:
                break
        raise UpdateRefused(f"{path}: security: twice the bytes were not those that were signed; nothing was installed")

    def _gather(self, path: str, part: Path, length: int, ends_s: float, tell: Progress) -> None:
        """Fill `part` to `length` bytes, over as many connections as bring something new."""
        # A connection that brings next to nothing counts as failed: a server could drip for ever, a drop at a time.
        failures, wait_s = 0, self._patience.first_wait_s
        while True:
            before = self._disk.size(part) or 0
            if before > length:
                self._disk.remove(part)
                before = 0
            if before == length:
                return
            error = self._one_connection(path, part, before, length, ends_s, tell)
            after = self._disk.size(part) or 0
            if after >= length:
                continue
            failures = 0 if after - before >= self._patience.worth_bytes else failures + 1
            if failures >= self._patience.attempts or self._clock.now_s() > ends_s:
                raise error
            self._clock.wait_s(wait_s * self._chance.uniform(0.5, 1.5))
            wait_s = min(2 * wait_s, 60.0)

    def _one_connection(
        self, path: str, part: Path, start: int, length: int, ends_s: float, tell: Progress
    ) -> NetworkFailed:
        """Take what one connection gives; the reason for which it ended, which counts if bytes are missing."""
        try:
            reply = self._link.open(path, start)
        except NetworkFailed as error:
            return error
        try:
            return self._take(path, part, reply, start, length, ends_s, tell)
        except _TooSlow:
            raise
        except NetworkFailed as error:
            return error
        finally:
            reply.body.close()

    def _take(
        self, path: str, part: Path, reply: Reply, start: int, length: int, ends_s: float, tell: Progress
    ) -> NetworkFailed:
        if reply.status in {403, 404}:
            return NetworkFailed(f"{path}: the server does not have it ({reply.status}); try again later")
        done = start
        if reply.start != start or reply.status == 416:
            # A server that ignores Range sends all of it: begin again rather than guess.
            self._disk.remove(part)
            done = 0
            if reply.status == 416 or reply.start != 0:
                return NetworkFailed(f"{path}: the server sent another part than was asked for; try again")
        watch = _RateWatch(self._clock, self._patience, ends_s)
        while done < length:
            chunk = reply.body.read()
            if not chunk:
                return NetworkFailed(f"{path}: the connection ended after {done} of {length} bytes; try again")
            self._disk.append(part, chunk[: length - done])
            done += len(chunk)
            tell(min(done, length), length)
            watch.saw(len(chunk), path)
        if done > length or reply.body.read():
            self._disk.remove(part)
            raise UpdateRefused(f"{path}: security: longer than the {length} bytes that were signed")
        return NetworkFailed(f"{path}: ended")


class _TooSlow(NetworkFailed):
    """Not worth another attempt now."""


class _RateWatch:
    """Ends a connection that drips, and holds back one that floods."""

    def __init__(self, clock: Clock, patience: Patience, ends_s: float) -> None:
        self._clock = clock
        self._patience = patience
        self._ends_s = ends_s
        self._window_from_s = self._began_s = clock.now_s()
        self._in_window = self._in_all = 0

    def saw(self, count: int, path: str) -> None:
        """Count bytes. Raises _TooSlow if they come too slowly or the time is over."""
        now_s = self._clock.now_s()
        self._in_window += count
        self._in_all += count
        if now_s > self._ends_s:
            raise _TooSlow(f"{path}: not there after {self._patience.deadline_s:g} s; what came is kept")
        passed_s = now_s - self._window_from_s
        if passed_s >= self._patience.window_s:
            rate = self._in_window / passed_s
            if rate < self._patience.min_bytes_per_s:
                raise _TooSlow(f"{path}: too slow: {rate:.0f} bytes/s; what came is kept, try again later")
            self._window_from_s, self._in_window = now_s, 0
        if self._patience.most_bytes_per_s:
            self._clock.wait_s(self._in_all / self._patience.most_bytes_per_s - (now_s - self._began_s))
