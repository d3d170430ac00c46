"""The files of the page, read once into memory: nothing else on the disk can be asked for."""

from importlib.resources import files

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def read_page() -> dict[str, tuple[bytes, str]]:
    """File name to its bytes and media type, for every file of the page with a known ending."""
    page: dict[str, tuple[bytes, str]] = {}
    for item in files("robot.simulator.page").iterdir():
        media_type = MEDIA_TYPES.get("." + item.name.rpartition(".")[2])
        if media_type is not None:
            page[item.name] = (item.read_bytes(), media_type)
    return page
