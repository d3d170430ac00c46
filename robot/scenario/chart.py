"""Draws a played scenario as a strip chart: what came in, what the robot felt, did and said, and what was demanded."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from robot.scenario.play import Moment, Played
from robot.scenario.script import Scenario, VoiceCue
from robot.scenario.verdict import Finding

WIDTH_PX, GUTTER_PX, EDGE_PX = 1280, 104, 36
BAR_PX, GAP_PX, CURVE_PX = 20, 5, 150
FONT_PX = 12
INK, FAINT, PAPER = "#222222", "#d4d4d4", "#ffffff"
PLEASANT, TENSE = "#0072b2", "#d55e00"
HELD, FAILED = "#009e73", "#d55e00"
"""Blue, orange and green of Okabe and Ito (2008), which people with any colour vision can tell apart."""

BAND_COLOURS = ("#cfe2f3", "#fce5cd", "#d9ead3", "#ead1dc", "#fff2cc", "#d0e0e3", "#e6e0f0", "#f4cccc")


class Bar(NamedTuple):
    """A labelled stretch of time in a lane."""

    from_s: float
    to_s: float
    label: str


class Lane(NamedTuple):
    """A row of the chart. Bars that overlap in time are drawn below each other."""

    name: str
    bars: list[Bar]


def draw_chart(scenario: Scenario, played: Played, findings: Sequence[Finding], name: str) -> Image.Image:
    """The chart as an RGB picture, `WIDTH_PX` wide and as high as it takes. `name` stands in its title."""
    above = [*_stimuli(scenario), *_bands(played.moments, scenario.duration_s)]
    below = [*_events(played.moments, scenario.duration_s)]
    height = _height(above, below, findings)
    image = Image.new("RGB", (WIDTH_PX, height), PAPER)
    sheet = _Sheet(ImageDraw.Draw(image), scenario.duration_s)
    sheet.title(f"{name}: {scenario.about}")
    for lane in above:
        sheet.lane(lane)
    sheet.curves(played)
    for lane in below:
        sheet.lane(lane)
    for finding in findings:
        sheet.finding(finding)
    sheet.axis(height)
    return image


def _voice(cue: VoiceCue) -> str:
    return cue.event or cue.tone or ("speech" if cue.speaking else "noise")


def _stimuli(scenario: Scenario) -> list[Lane]:
    faces = [
        Bar(cue.from_s, cue.to_s, f"{cue.track}: {cue.expression or 'a face'} {cue.sure:.2f}") for cue in scenario.face
    ]
    voices = [Bar(cue.from_s, cue.to_s, _voice(cue)) for cue in scenario.voice]
    changes = sorted(scenario.health, key=lambda cue: cue.at_s)
    ends_s = [*(cue.at_s for cue in changes[1:]), scenario.duration_s]
    parts = [
        Bar(cue.at_s, end_s, ", ".join(f"{part} {value}" for part, value in cue.parts().items()))
        for cue, end_s in zip(changes, ends_s, strict=False)
    ]
    room = _Room(scenario.duration_s)
    words = [room.bar(cue.at_s, cue.words) for cue in scenario.heard]
    signs = [room.bar(cue.at_s, f"{cue.track}: {cue.kind}") for cue in scenario.sign]
    asked = [room.bar(cue.at_s, f"{cue.what} {cue.value}".strip()) for cue in scenario.ask]
    lanes = {"face": faces, "voice": voices, "words": words, "signs": signs, "asked": asked, "parts": parts}
    return [Lane(name, bars) for name, bars in lanes.items() if bars]


class _Room:
    """How wide what happens at one moment is drawn: as its text needs, so that no two lie on top of each other."""

    def __init__(self, duration_s: float) -> None:
        self._a_letter_s = duration_s * FONT_PX * 0.55 / (WIDTH_PX - GUTTER_PX - EDGE_PX)

    def bar(self, at_s: float, text: str) -> Bar:
        """The bar of `text`, which happened at `at_s`."""
        return Bar(at_s, at_s + self._a_letter_s * (len(text) + 2), text)


def _bands(moments: Sequence[Moment], end_s: float) -> list[Lane]:
    kinds: tuple[tuple[str, Callable[[Moment], str]], ...] = (
        ("mood", lambda moment: moment.mood),
        ("state", lambda moment: moment.state),
        ("light", lambda moment: moment.light),
        ("gaze", lambda moment: moment.gaze),
        ("hand-off", lambda moment: moment.hand_off),
    )
    return [Lane(name, _runs(((moment.t_s, value(moment)) for moment in moments), end_s)) for name, value in kinds]


def _runs(values: Iterable[tuple[float, str]], end_s: float) -> list[Bar]:
    bars: list[Bar] = []
    for t_s, value in values:
        if bars and bars[-1].label == value:
            continue
        if bars:
            bars[-1] = bars[-1]._replace(to_s=t_s)
        bars.append(Bar(t_s, end_s, value))
    return bars


def _events(moments: Sequence[Moment], end_s: float) -> list[Lane]:
    """Words and chirps."""
    room = _Room(end_s)

    def bars(kind: Callable[[Moment], tuple[str, ...]]) -> list[Bar]:
        return [room.bar(moment.t_s, text) for moment in moments for text in kind(moment)]

    lanes = (Lane("says", bars(lambda moment: moment.words)), Lane("chirps", bars(lambda moment: moment.chirp)))
    return [lane for lane in lanes if lane.bars]


def _rows(bars: Sequence[Bar]) -> list[list[Bar]]:
    """Bars in as few rows as keep them apart, first come first row."""
    rows: list[list[Bar]] = []
    for bar in sorted(bars):
        row = next((row for row in rows if row[-1].to_s <= bar.from_s), None)
        if row is None:
            rows.append([bar])
        else:
            row.append(bar)
    return rows


def _height(above: Sequence[Lane], below: Sequence[Lane], findings: Sequence[Finding]) -> int:
    rows = sum(len(_rows(lane.bars)) for lane in (*above, *below)) + len(findings)
    lanes = len(above) + len(below) + 2
    return 40 + rows * (BAR_PX + 1) + lanes * GAP_PX + CURVE_PX + 2 * GAP_PX + 40


class _Sheet:
    """Draws from top to bottom."""

    def __init__(self, draw: ImageDraw.ImageDraw, duration_s: float) -> None:
        self._draw = draw
        self._duration_s = duration_s
        self._font = ImageFont.load_default(FONT_PX)
        self._y = 10
        self._colours: dict[str, str] = {}

    def _x(self, t_s: float) -> float:
        inner = WIDTH_PX - GUTTER_PX - EDGE_PX
        return GUTTER_PX + inner * min(max(t_s / self._duration_s, 0.0), 1.0)

    def title(self, text: str) -> None:
        self._draw.text((10, self._y), text, fill=INK, font=ImageFont.load_default(FONT_PX + 3))
        self._y += 30

    def _write(self, x: float, y: float, text: str, room_px: float) -> None:
        """As much of the text as fits."""
        while text and self._draw.textlength(text, font=self._font) > room_px:
            text = text[:-1]
        self._draw.text((x, y), text, fill=INK, font=self._font)

    def lane(self, lane: Lane) -> None:
        self._write(10, self._y + 3, lane.name, GUTTER_PX - 14)
        for row in _rows(lane.bars):
            for bar in row:
                left, right = self._x(bar.from_s), self._x(bar.to_s)
                colour = self._colours.setdefault(bar.label, BAND_COLOURS[len(self._colours) % len(BAND_COLOURS)])
                self._draw.rectangle((left, self._y, max(left + 1, right - 1), self._y + BAR_PX - 1), fill=colour)
                self._draw.line((left, self._y, left, self._y + BAR_PX - 1), fill=INK)
                self._write(left + 4, self._y + 3, bar.label, right - left - 5)
            self._y += BAR_PX + 1
        self._y += GAP_PX

    def curves(self, played: Played) -> None:
        """Valence and arousal, -1..1: bold what the person seems to feel, thin what the robot shows."""
        self._y += GAP_PX
        top, middle = self._y, self._y + CURVE_PX / 2
        for level in (-1.0, -0.5, 0.0, 0.5, 1.0):
            y = middle - level * CURVE_PX / 2
            self._draw.line((GUTTER_PX, y, WIDTH_PX - EDGE_PX, y), fill=FAINT)
        for row, (text, colour) in enumerate((("valence", PLEASANT), ("arousal", TENSE))):
            self._draw.text((10, top + 18 * row), text, fill=colour, font=self._font)
        self._draw.text((10, top + 40), "bold: felt", fill=INK, font=self._font)
        self._draw.text((10, top + 56), "thin: shown", fill=INK, font=self._font)
        felt = [(mood.t_s, mood.valence, mood.arousal) for mood in played.moods]
        shown = [(moment.t_s, moment.valence, moment.arousal) for moment in played.moments]
        for points, width in ((felt, 3), (shown, 1)):
            for column, colour in ((1, PLEASANT), (2, TENSE)):
                self._steps([(point[0], point[column]) for point in points], middle, colour, width)
        self._y += CURVE_PX + GAP_PX

    def _steps(self, points: list[tuple[float, float]], middle: float, colour: str, width: int) -> None:
        line: list[tuple[float, float]] = []
        for t_s, value in [*points, (self._duration_s, points[-1][1])]:
            y = middle - value * (CURVE_PX / 2)
            if line and line[-1][1] == y and t_s < self._duration_s:
                continue
            line += [(self._x(t_s), line[-1][1])] if line else []
            line.append((self._x(t_s), y))
        self._draw.line(line, fill=colour, width=width)

    def finding(self, finding: Finding) -> None:
        """A demand as the window it is about: open when it held, filled and crossed when not."""
        left, right = self._x(finding.between[0]), max(self._x(finding.between[1]), self._x(finding.between[0]) + 2)
        box = (left, self._y + 2, right, self._y + BAR_PX - 3)
        self._write(10, self._y + 3, "held" if finding.held else "FAILED", GUTTER_PX - 14)
        if finding.held:
            self._draw.rectangle(box, outline=HELD)
        else:
            self._draw.rectangle(box, fill=FAILED)
            self._draw.line(box, fill=PAPER)
        length_px = self._draw.textlength(finding.text, font=self._font) + 8
        places = [left + 4 if length_px <= right - left else WIDTH_PX, right + 4, left - length_px]
        x = next((place for place in places if GUTTER_PX <= place <= WIDTH_PX - length_px), GUTTER_PX + 4)
        self._write(x, self._y + 3, finding.text, WIDTH_PX - x)
        self._y += BAR_PX + 1

    def axis(self, height: int) -> None:
        y = height - 30
        step_s = next(step for step in STEPS_S if self._duration_s / step <= MOST_MARKS)
        mark = 0
        while mark * step_s <= self._duration_s:
            x = self._x(mark * step_s)
            self._draw.line((x, y, x, y + 6), fill=INK)
            self._draw.text((x + 2, y + 8), f"{mark * step_s:g} s", fill=INK, font=self._font)
            mark += 1
        self._draw.line((GUTTER_PX, y, WIDTH_PX - EDGE_PX, y), fill=INK)


STEPS_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0)
MOST_MARKS = 16
