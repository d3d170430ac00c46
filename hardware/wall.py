"""The time of day on the wall: for quiet hours alone. Whatever else is decided asks the robot's clock."""

import time


def local_minute() -> float:
    """Minutes since local midnight, 0 up to 1440."""
    now = time.localtime()
    return 60.0 * now.tm_hour + now.tm_min + now.tm_sec / 60.0
