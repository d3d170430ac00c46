"""A calibration in the page: a real Chromium presses the buttons, the drawn face moves, the file is kept."""

import threading

import pytest

from hardware.boards import load_board
from hardware.boards.calibration import Calibration
from hardware.clock import SteppedClock
from hardware.virtual.body import VirtualServos
from robot.care.calibration.dialogue import STOP, Answer, Question, Stopped
from robot.care.calibration.servos import Bench, calibrate_servos
from robot.cli.page_dialogue import PageDialogue
from robot.simulator.wire import Answered

pytestmark = pytest.mark.browser

BOARD = load_board("starter_face")


def press(page, title, key):
    page.wait_for_function(
        "title => document.getElementById('procedure-title')?.textContent.includes(title)", arg=title
    )
    page.click(f'#procedure-answers button[data-key="{key}"]:enabled')


def test_a_joint_is_calibrated_by_pressing_buttons(open_page, hub):
    page = open_page().page
    assert page.is_hidden("#procedure")
    dialogue, kept = PageDialogue(hub), []

    def drawn(board):
        return VirtualServos(board.limits, on_move=dialogue.show_pose)

    bench = Bench(BOARD, drawn, SteppedClock(), kept.append)
    worker = threading.Thread(
        target=lambda: calibrate_servos(dialogue, bench, Calibration("starter_face"), ("neck_pan",)), daemon=True
    )
    worker.start()
    before = page.inner_html("#head")
    for number, key in enumerate(("go", "++", "ok", "yes", "max", "max"), start=1):
        press(page, f"{number}. neck_pan (1 of 1)", key)
    worker.join(30.0)
    assert kept[-1].joints["neck_pan"].trim_deg == 5.0
    dialogue.finish("Done")
    page.wait_for_function("() => document.getElementById('procedure-text').textContent.includes('Done')")
    assert "neck_pan: kept" in page.inner_text("#procedure-text")
    assert page.locator("#procedure-answers button").count() == 0
    assert page.inner_html("#head") != before, "the face moved"


def test_ending_it_in_the_page_stops_the_procedure(open_page, hub):
    page = open_page().page
    dialogue, ended = PageDialogue(hub), []

    def ask():
        try:
            dialogue.ask(Question("lights", "Which colour shines?", (Answer("r", "red"),)))
        except Stopped as stopped:
            ended.append(str(stopped))

    worker = threading.Thread(target=ask, daemon=True)
    worker.start()
    press(page, "1. lights", STOP)
    worker.join(30.0)
    assert "what was finished is kept" in ended[0]


def test_only_an_answer_to_the_question_that_stands_counts(hub):
    given = []
    hub.answered = given.append
    hub.answer(Answered("1. lights", "r"))
    hub.ask(Question("2. lights", "Which colour shines?", (Answer("g", "green"),)))
    for title, key in (("1. lights", "g"), ("2. lights", "purple"), ("2. lights", "g"), ("2. lights", STOP)):
        hub.answer(Answered(title, key))
    assert given == [Answered("2. lights", "g"), Answered("2. lights", STOP)]
