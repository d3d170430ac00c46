"""The time on the wall: for quiet hours, and for what expires. Whatever else is decided asks the robot's clock."""

import time


def local_minute() -> float:
    """Minutes since local midnight, 0 up to 1440."""
    now = time.localtime()
    return 60.0 * now.tm_hour + now.tm_min + now.tm_sec / 60.0


def unix_s() -> float:
    """Seconds since 1970, as far as this machine knows."""
    return time.time()
