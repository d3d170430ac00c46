"""`lint` finds what would be refused by robots, what will expire, and what a web server does wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from robot.errors import NetworkFailed, UpdateError
from robot.updates.repository.lint import Finding, lint
from robot.updates.repository.serving import served
from tests.updates.bundles import MODEL
from tests.updates.fault_server import serving
from tests.updates.nginx import GOOD, nginx_over
from tests.updates.world import DAY_S, World


@pytest.fixture
def world(in_memory: Path) -> World:
    made = World(in_memory)
    made.publish("1.1.0", percent=5)
    return made


def bad(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.level, finding.text) for finding in found if finding.level != "note"]


def test_a_repository_that_is_sound_is_said_to_be(world: World):
    for role in ("timestamp", "targets", "release"):
        world.publisher.rotate(role)
    found = lint(world.publisher)
    assert bad(found) == []
    said = " ".join(finding.text for finding in found)
    assert "has reached 5 % of the robots" in said
    assert "timestamp: version" in said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda w: (w.repository / "metadata" / "1.root.json").unlink(), "cannot follow; restore it"),
        (lambda w: blob_of(w).write_bytes(b"x"), "missing or altered"),
        (lambda w: blob_of(w).unlink(), "missing or altered"),
        (lambda w: shutil.copy(w.folder / "keys" / "targets.pem", w.repository / "oops.pem"), "a private key that ev"),
        (lambda w: (w.repository / "link").symlink_to("/etc/passwd"), "a link, which robots refuse"),
        (lambda w: (w.repository / "metadata" / "timestamp.json").chmod(0o600), "run: chmod 644"),
        (None, "is refused"),
    ],
)
def test_what_is_wrong_is_found_and_named(world: World, damage: Callable[[World], object] | None, says: str):
    world.publisher.rotate("timestamp")
    (damage or forget_snapshot)(world)
    found = bad(lint(world.publisher))
    assert any(level == "wrong" and says in text for level, text in found), found


def blob_of(world: World) -> Path:
    return max((world.repository / "targets" / "blobs").iterdir(), key=lambda path: path.stat().st_size)


def forget_snapshot(world: World) -> None:
    """An old snapshot under the name of the newest, as a half-finished copy to a server leaves it."""
    newest, before = world.publisher.files.versions("snapshot")[-1:-3:-1]
    metadata = world.repository / "metadata"
    shutil.copy(metadata / f"{before}.snapshot.json", metadata / f"{newest}.snapshot.json")


@pytest.mark.parametrize(
    ("days", "role", "fix"),
    [(10, "timestamp", "refresh"), (90, "targets", "refresh targets"), (250, "root", "refresh root")],
)
def test_f14_what_will_expire_is_said_while_there_is_a_third_of_its_time_left(
    world: World, days: int, role: str, fix: str
):
    world.now_s += days * DAY_S
    (found,) = [text for level, text in bad(lint(world.publisher)) if level == "late" and text.startswith(f"{role}: ")]
    assert "expires in" in found
    assert f"run `rapport repository {fix}`" in found


def test_f14_what_has_expired_is_said_as_a_robot_meets_it(world: World):
    world.now_s += 15 * DAY_S
    found = [text for level, text in bad(lint(world.publisher)) if level == "late"]
    assert any(text.startswith("timestamp: expired 1 days ago") for text in found)
    assert any(text.startswith("a new robot: ") and "expired" in text for text in found)


def test_what_waits_and_what_is_withdrawn_is_told(world: World):
    world.publisher.withdraw(MODEL, "1.1.0")
    (world.folder / "keys" / "root1.pem").rename(world.folder / "root1.pem")
    (world.folder / "keys" / "root2.pem").rename(world.folder / "root2.pem")
    world.fresh_publisher().rotate("timestamp")
    said = [finding.text for finding in lint(world.fresh_publisher()) if finding.level == "note"]
    assert any("nothing is offered until you stage another version" in text for text in said)
    assert any(text.startswith("waits: root 2: signed by root3") for text in said)


def test_no_repository_is_said_to_be_none(world: World, tmp_path: Path):
    shutil.rmtree(world.repository)
    with pytest.raises(UpdateError, match="no repository here"):
        lint(world.publisher)


def test_a_real_nginx_with_the_settings_of_the_help_is_sound(world: World, tmp_path: Path):
    with nginx_over(world.repository, tmp_path / "nginx") as url:
        assert served(url, world.publisher.files) == []


CAPTIVE = "location / { return 200 '<html>log in</html>'; types { } default_type text/html; }"


@pytest.mark.parametrize(
    ("settings", "level", "says"),
    [
        ("", "wrong", "timestamp.json: Cache-Control is 'missing'; send `no-cache`"),
        ("location / { add_header Cache-Control 'max-age=3600'; }", "wrong", "Cache-Control is 'max-age=3600'"),
        (
            f"{GOOD}\nerror_page 404 =200 /metadata/timestamp.json;",
            "wrong",
            "root.json: does not exist, and the server",
        ),
        (GOOD.replace("location / {", "location / { max_ranges 0;"), "late", "the server ignores Range"),
        ("location / { return 503; }", "wrong", "timestamp.json: the server answers 503; serve the folder public/"),
        (CAPTIVE, "wrong", "the server sends another one than public/"),
        (CAPTIVE, "wrong", "sent as text/html, which robots take for a captive portal"),
    ],
)
def test_f64_a_server_that_would_mislead_robots_is_found_out(
    world: World, tmp_path: Path, settings: str, level: str, says: str
):
    with nginx_over(world.repository, tmp_path / "nginx", settings) as url:
        found = served(url, world.publisher.files)
    assert any(finding.level == level and says in finding.text for finding in found), found


def test_a_server_that_does_not_answer_is_said_to_be(world: World):
    with serving(world.repository) as server:
        gone = server.url
    with pytest.raises(NetworkFailed, match="is the server running"):
        served(gone, world.publisher.files, timeout_s=1)
