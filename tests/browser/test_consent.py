"""Consent, mute and the question why on the page of a whole robot, as a person uses them."""

import json
import os
import re
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A runtime folder of its own: the commands of this test find this robot and no other."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def start_robot(home):
    processes = []

    def start(*options: str) -> str:
        command = [sys.executable, "-m", "robot", "simulate", "--port", "0", "--quiet", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        processes.append(process)
        for line in process.stdout:
            if address := re.search(r"http://127\.0\.0\.1\S+", line):
                return address[0]
        raise AssertionError("the robot did not start")

    yield start
    for process in processes:
        process.terminate()
        assert process.wait(timeout=20) == 0


def rapport(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "robot", *arguments], capture_output=True, text=True, check=False)


def wait_for_part(page, part: str, words: str) -> None:
    chip = f"#parts li:has(span:text-is('{part}')):has(.chip-state:text-is('{words}'))"
    page.wait_for_selector(chip, timeout=30_000)


def test_down_the_ladder_and_up_again_muted_and_asked_why(start_robot, home, browser, visit):
    watched = visit(browser, start_robot())
    page = watched.page
    page.wait_for_selector("#expression li:has-text('happiness')", timeout=60_000)
    assert page.is_checked("input[value=feelings]")

    page.click("#ask-why")
    page.wait_for_selector("#caption:has-text('because')", timeout=20_000)

    page.check("input[value=presence]")
    wait_for_part(page, "face expression", "not in use")
    page.wait_for_selector("#mood-label:text-is('Not sure yet')")
    assert "no feelings" in page.inner_text("#may-line")
    trace = home / "rapport" / "trace.jsonl"
    # It goes at once, and is begun anew a few seconds later with what is allowed from then on.
    assert not trace.exists() or "happiness" not in trace.read_text(), "the short memory of reasons is gone"
    assert json.loads(rapport("consent", "--json").stdout)["rung"] == "presence"

    page.click("#mute")
    wait_for_part(page, "camera", "muted")
    page.wait_for_selector("#mute[aria-pressed=true]")
    unmuted = rapport("mute", "off")
    assert (unmuted.returncode, unmuted.stdout) == (0, "the robot is not muted\n")
    wait_for_part(page, "camera", "working")

    page.check("input[value=off]")
    wait_for_part(page, "microphone", "not in use")
    page.wait_for_selector("#faces:text-is('No face in view')")
    page.check("input[value=feelings]")
    wait_for_part(page, "face expression", "working")
    page.wait_for_selector("#expression li:has-text('happiness')", timeout=60_000)
    assert watched.complaints == []


def test_in_a_school_the_upper_rungs_cannot_be_chosen(start_robot, browser, visit):
    page = visit(browser, start_robot("--place", "school")).page
    page.wait_for_selector("input[value=presence]:checked")
    assert page.is_disabled("input[value=feelings]")
    assert page.is_disabled("input[value=remember]")
    assert "In this place it goes no further" in page.inner_text("#may-line")
    refused = rapport("consent", "feelings")
    assert refused.returncode == 1
    assert "in this place it goes no further than presence" in refused.stdout


def test_a_robot_without_consent_opens_its_eyes_when_somebody_lets_it(start_robot, browser, visit):
    page = visit(browser, start_robot("--consent", "off")).page
    wait_for_part(page, "camera", "not in use")
    page.check("input[value=presence]")
    wait_for_part(page, "camera", "working")
    page.wait_for_selector("#faces:has-text('One face')", timeout=60_000)


def test_the_page_lets_its_own_camera_go_while_the_robot_is_muted(start_robot, launch, visit):
    browser = launch(devices=True)
    page = visit(browser, start_robot()).page
    page.click("#hand-over")
    page.wait_for_selector("#live:not([hidden])", timeout=20_000)
    page.click("#mute")
    page.wait_for_selector("#live[hidden]", state="attached", timeout=20_000)
    page.click("#mute")
    page.wait_for_selector("#live:not([hidden])", timeout=20_000)
    browser.close()


def test_a_person_is_asked_for_on_the_page_and_without_a_channel_it_says_that_it_cannot_call(
    start_robot, home, browser, visit
):
    watched = visit(browser, start_robot())
    page = watched.page
    page.wait_for_selector("#expression li:has-text('happiness')", timeout=60_000)
    # What it says as it begins to share a joy would take the caption over half a second later.
    page.wait_for_selector(".state[aria-current='step']:has-text('sharing joy')", timeout=60_000)
    page.click("#ask-person")
    page.wait_for_selector("#caption:text-matches('cannot (call|fetch) anybody')", timeout=20_000)
    assert watched.complaints == []
