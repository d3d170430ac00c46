"""Whether a Coral Edge TPU is plugged in: a look at what the kernel lists, cheap enough for every second."""

import ctypes
import re
from pathlib import Path

USB_IDS = frozenset({("1a6e", "089a"), ("18d1", "9302")})
"""Vendor and product of the USB stick, before and after its runtime has loaded the firmware (coral.ai)."""

PCIE_DEVICES = "dev/apex_*"
"""What the driver of the M.2 and PCIe boards makes."""


def edge_tpu_plugged(root: Path = Path("/")) -> bool:
    """True if the kernel sees an Edge TPU on USB or PCIe. `root` is where /sys and /dev lie."""
    return any(root.glob(PCIE_DEVICES)) or not USB_IDS.isdisjoint(_usb_ids(root))


def edge_tpu_runtime(library: str = "libedgetpu.so.1") -> str:
    """The version of the runtime that is installed, such as `14`; empty where there is none.

    `edgetpu_version()` of edgetpu_c.h (coral.ai) gives it as `BuildLabel(...), RuntimeVersion(14)`.
    """
    try:
        says = ctypes.CDLL(library).edgetpu_version
    except (OSError, AttributeError):
        return ""
    says.restype = ctypes.c_char_p
    found = re.search(rb"RuntimeVersion\((\w+)\)", says() or b"")
    return found.group(1).decode() if found else ""


def _usb_ids(root: Path) -> set[tuple[str, str]]:
    ids = set()
    for device in root.glob("sys/bus/usb/devices/*/idVendor"):
        try:
            vendor, product = device.read_text().strip(), device.with_name("idProduct").read_text().strip()
        except OSError:
            # Unplugged between the listing and the reading.
            continue
        ids.add((vendor.lower(), product.lower()))
    return ids
