"""The drawing: header on the left, parts in the middle, supply rails on the right, as SVG with plain shapes only."""

from collections.abc import Iterator
from html import escape

from hardware.boards.header import GPIO_OF_PIN, SUPPLY_OF_PIN
from tools.wiring.sheet import BLACK, GROUND_OF_SUPPLY, Part, Sheet, Wire

ROW = 26
TOP = 86
HEADER_X, PIN_GAP = 136, 24
TERMINAL_X, PART_X, PART_WIDTH = 290, 600, 190
OUTLET_X, OUTLET_WIDTH = 840, 200
RED = "#dc2626"
GREY, PAPER, INK, FAINT = "#d6d3d1", "#ffffff", "#1c1917", "#57534e"
SUPPLY_COLOURS = {"3.3 V": "#ea580c", "5 V": RED, "ground": BLACK}


def draw(sheet: Sheet) -> str:
    """The whole drawing of one board."""
    rows = list(_placed(sheet))
    ends_y = max([TOP + 20 * PIN_GAP, *(y + _height(part) for part, y in rows)])
    height = ends_y + (150 if sheet.supply_a else 70)
    rail_x = OUTLET_X + OUTLET_WIDTH + 40 if any(part.outlets for part in sheet.parts) else PART_X + PART_WIDTH + 60
    width = rail_x + 90
    used = {wire.pin: wire.colour for part in sheet.parts for wire in part.wires}
    if sheet.supply_a:
        used[GROUND_OF_SUPPLY] = BLACK
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="Wiring of {escape(sheet.name)}" font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _text(30, 34, sheet.name, size=20, weight=600),
        _text(30, 56, sheet.summary, colour=FAINT),
        *_header(used),
        *(line for part, y in rows for line in _part(part, y, rail_x)),
        *_plugged(sheet, ends_y + 34),
        *(_supply(sheet, rows, ends_y, rail_x) if sheet.supply_a else ()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _placed(sheet: Sheet) -> Iterator[tuple[Part, int]]:
    y = TOP
    for part in sheet.parts:
        yield part, y
        y += _height(part) + 22


def _height(part: Part) -> int:
    rows = max(len(part.wires), len(part.outlets)) + part.supplied
    return ROW * max(rows, 2) + 10


def _header(used: dict[int, str]) -> Iterator[str]:
    yield (
        f'<rect x="{HEADER_X - 18}" y="{TOP - 18}" width="{PIN_GAP + 36}" height="{20 * PIN_GAP + 12}" rx="6" '
        f'fill="#f5f5f4" stroke="{GREY}"/>'
    )
    for pin in range(1, 41):
        x = HEADER_X + (pin + 1) % 2 * PIN_GAP
        y = TOP + (pin - 1) // 2 * PIN_GAP
        colour = used.get(pin)
        shape = f'fill="{colour}"' if colour else f'fill="{PAPER}" stroke="{GREY}" stroke-width="2"'
        yield f'<circle cx="{x}" cy="{y}" r="7" {shape}/>'
        anchor, shift = ("end", -26) if pin % 2 else ("start", 26)
        label = f"{pin}" if pin not in used else f"{pin}  {_carries(pin)}"
        ink = SUPPLY_COLOURS.get(SUPPLY_OF_PIN.get(pin, ""), INK) if pin in used else "#a8a29e"
        yield _text(x + shift, y + 4, label, anchor=anchor, size=11, colour=ink, weight=600 if pin in used else 400)


def _carries(pin: int) -> str:
    return SUPPLY_OF_PIN[pin] if pin in SUPPLY_OF_PIN else f"GPIO{GPIO_OF_PIN[pin]}"


def _part(part: Part, y: int, rail_x: int) -> Iterator[str]:
    height = _height(part)
    yield _box(PART_X, y - 16, PART_WIDTH, height)
    yield _text(PART_X + PART_WIDTH - 10, y + 2, part.name, anchor="end", weight=600)
    yield _text(PART_X + PART_WIDTH - 10, y + 19, part.note, anchor="end", size=10, colour=FAINT)
    for index, wire in enumerate(part.wires):
        yield from _wire(wire, y + index * ROW)
    for index, (channel, joint) in enumerate(part.outlets):
        at = y + index * ROW
        yield f'<path d="M{PART_X + PART_WIDTH} {at}H{OUTLET_X}" stroke="{FAINT}" stroke-width="3" fill="none"/>'
        yield _text(PART_X + PART_WIDTH + 5, at - 4, f"ch {channel}", size=10, colour=FAINT)
        yield _box(OUTLET_X, at - 11, OUTLET_WIDTH, 22)
        yield _text(OUTLET_X + 10, at + 4, f"servo {joint}", size=12)
    if part.supplied:
        yield from _branches(y + height - 16, rail_x)


def _branches(bottom_y: int, rail_x: int) -> Iterator[str]:
    """Plus and minus from the rails to a part, at its lower edge; a dot marks the joint."""
    for at, x, colour, label in ((bottom_y - 18, rail_x, RED, "5 V"), (bottom_y - 7, rail_x + 26, BLACK, "GND")):
        yield f'<path d="M{PART_X + PART_WIDTH} {at}H{x}" stroke="{colour}" stroke-width="2.5" fill="none"/>'
        yield f'<circle cx="{x}" cy="{at}" r="4" fill="{colour}"/>'
        yield _text(PART_X + PART_WIDTH - 8, at + 4, label, anchor="end", size=10, colour=colour)


def _wire(wire: Wire, y: int) -> Iterator[str]:
    yield f'<path d="M{TERMINAL_X + 62} {y}H{PART_X}" stroke="{wire.colour}" stroke-width="3" fill="none"/>'
    yield f'<rect x="{TERMINAL_X}" y="{y - 10}" width="62" height="20" rx="4" fill="{wire.colour}"/>'
    yield _text(TERMINAL_X + 31, y + 4, f"pin {wire.pin}", anchor="middle", size=12, colour=PAPER, weight=600)
    if wire.via:
        yield _box(TERMINAL_X + 100, y - 10, 84, 20, fill="#fef9c3")
        yield _text(TERMINAL_X + 142, y + 4, wire.via, anchor="middle", size=11)
    yield _text(PART_X - 6, y - 5, wire.label, anchor="end", size=10, colour=FAINT)


def _plugged(sheet: Sheet, y: int) -> Iterator[str]:
    words = "; ".join(f"{what}: {where}" for what, where in sheet.plugged)
    yield _text(30, y, f"Also: {words}.", size=12, colour=FAINT)


def _supply(sheet: Sheet, rows: list[tuple[Part, int]], ends_y: int, rail_x: int) -> Iterator[str]:
    """The supply with its switch and capacitor, its rails up to the parts, and its ground to the header."""
    y = ends_y + 62
    first = next(at for part, at in rows if part.supplied)
    for x, colour in ((rail_x, RED), (rail_x + 26, BLACK)):
        yield f'<path d="M{x} {first}V{y}" stroke="{colour}" stroke-width="4" fill="none"/>'
    yield _box(rail_x - 120, y, 176, 56)
    yield _text(rail_x - 32, y + 22, f"servo supply 5 V, {sheet.supply_a} A", anchor="middle", weight=600)
    yield _text(rail_x - 32, y + 42, "not the Pi's own", anchor="middle", size=11, colour=RED)
    yield _box(rail_x - 92, ends_y + 20, 104, 20, fill="#fef9c3")
    yield _text(rail_x - 40, ends_y + 34, "switch = stop", anchor="middle", size=11)
    ground_y = y + 40
    yield (
        f'<path d="M{TERMINAL_X + 62} {ground_y}H{rail_x - 120}" stroke="{BLACK}" stroke-width="4" fill="none"/>'
        f'<rect x="{TERMINAL_X}" y="{ground_y - 10}" width="62" height="20" rx="4" fill="{BLACK}"/>'
    )
    yield _text(
        TERMINAL_X + 31, ground_y + 4, f"pin {GROUND_OF_SUPPLY}", anchor="middle", size=12, colour=PAPER, weight=600
    )
    yield _text(TERMINAL_X + 72, ground_y - 7, "ground: both supplies share it, one thick wire", size=11, colour=FAINT)
    yield _text(TERMINAL_X + 72, ground_y + 18, "1000 uF between 5 V and GND, near the servos", size=11, colour=FAINT)


def _box(x: int, y: int, width: int, height: int, fill: str = "#fafaf9") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="#a8a29e"/>'


def _text(
    x: int, y: int, words: str, *, anchor: str = "start", size: int = 13, colour: str = INK, weight: int = 400
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}" xml:space="preserve">{escape(words)}</text>'
    )
