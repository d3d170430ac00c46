"""In which line of a TOML file a key stands: the parsers give values without their places."""

import re

_HEADER = re.compile(r"\s*\[+\s*([\w.\-\s\"']+?)\s*\]+")
_KEY = re.compile(r"\s*([\w.\-\"']+)\s*=")
_INDEX = re.compile(r"\[[^\]]*\]")


def line_of(text: str, place: str) -> int | None:
    """The line (from 1) of `place`, such as `manner.alone.light` or `words.de`, in the TOML `text`.

    Indices such as `hello[0]` are ignored: a list is one value. Where the key itself is not there, the line of the
    nearest table around it is given; None if there is none.
    """
    wanted = _plain(_INDEX.sub("", place))
    table, found, depth = "", None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.fullmatch(line.split("#")[0].rstrip()), _KEY.match(line)
        if header:
            table, here = _plain(header[1]), _plain(header[1])
        elif key:
            here = _plain(f"{table}.{key[1]}" if table else key[1])
        else:
            continue
        if here == wanted:
            return number
        around = len(here) + 1
        if wanted.startswith(f"{here}.") and around > depth:
            found, depth = number, around
    return found


def _plain(path: str) -> str:
    return re.sub(r"[\s\"']", "", path)
