"""The drawings of the wiring are what the board files say, and hold every pin, part and ampere."""

import re
from xml.etree import ElementTree

import pytest

from hardware.boards import load_board, shipped_boards
from hardware.boards.header import PIN_OF_GPIO
from hardware.boards.reading import pins_of
from tools.wiring.__main__ import FOLDER, main
from tools.wiring.drawing import draw
from tools.wiring.sheet import sheet

SVG = "{http://www.w3.org/2000/svg}"


def words(svg):
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_drawings_that_are_shipped_are_the_ones_of_the_board_files(capsys):
    assert main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("name", shipped_boards())
def test_a_drawing_names_every_pin_channel_and_joint(name):
    board = load_board(name)
    said = words(draw(sheet(board)))
    for _, gpio in pins_of(board):
        assert any(f"GPIO{gpio}" in word for word in said)
        assert f"pin {PIN_OF_GPIO[gpio]}" in said
    for joint, spec in board.joints.items():
        assert any(word.startswith(f"servo {joint}") for word in said)
        assert spec.channel is None or f"ch {spec.channel}" in said


@pytest.mark.parametrize("name", shipped_boards())
def test_the_page_of_a_board_shows_its_drawing_and_asks_for_the_same_supply(name):
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert f"]({name}.svg)" in page
    for heading in ("## Parts", "## Wires", "## Current", "## Safety"):
        assert heading in page
    amperes = sheet(load_board(name)).supply_a
    assert re.search(rf"\b{amperes} A\b", page) if amperes else "servo supply" not in page


def test_nothing_is_drawn_outside_the_sheet():
    for name in shipped_boards():
        root = ElementTree.fromstring(draw(sheet(load_board(name))))
        width, height = float(root.get("width")), float(root.get("height"))
        for text in root.iter(f"{SVG}text"):
            long = 0.62 * float(text.get("font-size")) * len(text.text or "")
            left = float(text.get("x")) - {"start": 0, "middle": long / 2, "end": long}[text.get("text-anchor")]
            assert left >= 0, text.text
            assert left + long <= width, text.text
            assert 0 < float(text.get("y")) < height


def test_a_stale_drawing_is_noticed_and_a_wrong_board_named(tmp_path, capsys):
    face = tmp_path / "mine.toml"
    face.write_text('name = "mine"\n[lights]\nkind = "apa102"\ncount = 4\n')
    assert main(["--check", str(face)]) == 1
    assert main([str(face)]) == 0
    assert main(["--check", str(face)]) == 0
    assert "clock in, GPIO11" in words((tmp_path / "mine.svg").read_text())
    face.write_text('name = "mine"\ncolour = 3\n')
    assert main([str(face)]) == 2
    assert "unknown field `colour`" in capsys.readouterr().err
