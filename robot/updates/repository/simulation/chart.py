"""Draws a rollout: above, the bad version and how it was caught; below, the good one on its way to every robot."""

from PIL import Image, ImageDraw, ImageFont

from robot.updates.repository.simulation.curve import Curve, Outcome
from robot.updates.repository.simulation.story import BAD, GOOD, STARTS_S, Step, Story

WIDTH_PX, PANEL_PX, LEFT_PX, RIGHT_PX, TOP_PX, BETWEEN_PX = 1280, 250, 76, 28, 64, 92
FONT_PX = 14
INK, FAINT, PAPER = "#222222", "#d4d4d4", "#ffffff"
TRIED, RETURNED, ON_IT, KEPT = "#d55e00", "#009e73", "#222222", "#0072b2"
"""Orange, green and blue of Okabe and Ito (2008), which people with any colour vision can tell apart."""
DAY_S = 86_400
Series = tuple[str, str, list[int]]


def draw_rollout(story: Story, curve: Curve, outcome: Outcome) -> Image.Image:
    """The chart as an RGB picture."""
    height = TOP_PX + 2 * (PANEL_PX + BETWEEN_PX)
    image = Image.new("RGB", (WIDTH_PX, height), PAPER)
    sheet = _Sheet(image, max(curve.t_s[-1], DAY_S))
    sheet.text(LEFT_PX, 14, f"{outcome.robots:,} robots, {story.plan.fault} fault, seed {story.plan.seed}", INK)
    bad: list[Series] = [
        (TRIED, "tried it", curve.tried),
        (RETURNED, "returned by themselves", curve.returned),
        (ON_IT, "on it at that moment", curve.on_it),
    ]
    good: list[Series] = [(KEPT, "proved it and keep it", curve.kept_good)]
    sheet.panel(TOP_PX, f"{BAD} (bad)", curve.t_s, bad, max(outcome.tried_bad, 1), story.steps)
    sheet.panel(TOP_PX + PANEL_PX + BETWEEN_PX, f"{GOOD} (good)", curve.t_s, good, outcome.robots, story.steps)
    return image


class _Sheet:
    def __init__(self, image: Image.Image, duration_s: float) -> None:
        self._draw = ImageDraw.Draw(image)
        self._font = ImageFont.load_default(FONT_PX)
        self._duration_s = duration_s

    def text(self, x: float, y: float, text: str, colour: str, anchor: str = "la") -> None:
        self._draw.text((x, y), text, fill=colour, font=self._font, anchor=anchor)

    def panel(
        self, top: int, title: str, times: list[float], series: list[Series], most: int, steps: list[Step]
    ) -> None:
        bottom = top + PANEL_PX
        self._axes(top, bottom, most)
        self._steps(top, bottom, steps)
        x = LEFT_PX
        self.text(x, top - 20, title, INK)
        x += 24 + round(self._font.getlength(title))
        for colour, name, values in series:
            at = [(self._x(t_s), bottom - PANEL_PX * value / most) for t_s, value in zip(times, values, strict=True)]
            # What was tried has mostly returned within minutes: a broad line below a narrow one keeps both seen.
            self._draw.line(at, fill=colour, width=7 if colour == TRIED else 3)
            self._draw.line((x, top - 12, x + 22, top - 12), fill=colour, width=3)
            self.text(x + 28, top - 20, name, colour)
            x += 52 + round(self._font.getlength(name))

    def _axes(self, top: int, bottom: int, most: int) -> None:
        for part in range(5):
            y = bottom - PANEL_PX * part / 4
            self._draw.line((LEFT_PX, y, WIDTH_PX - RIGHT_PX, y), fill=FAINT)
            self.text(LEFT_PX - 8, y, f"{most * part / 4:,.0f}", INK, "rm")
        for day in range(int(self._duration_s // DAY_S) + 1):
            self.text(self._x(day * DAY_S), bottom + 6, f"day {day}", INK, "ma")
        self._draw.line((LEFT_PX, top, LEFT_PX, bottom), fill=INK)

    def _steps(self, top: int, bottom: int, steps: list[Step]) -> None:
        """A mark where the publisher did something, with the last words of what it was."""
        words: dict[float, list[str]] = {}
        for step in steps:
            words.setdefault(step.t_s - STARTS_S, []).append(_brief(step.text))
        for t_s, texts in words.items():
            x = self._x(t_s)
            self._draw.line((x, top, x, bottom), fill=FAINT, width=2)
            for number, text in enumerate(word for word in texts if word):
                self.text(min(x + 4, WIDTH_PX - RIGHT_PX), bottom + 24 + 16 * number, text, INK)

    def _x(self, t_s: float) -> float:
        return LEFT_PX + (WIDTH_PX - LEFT_PX - RIGHT_PX) * t_s / self._duration_s


def _brief(text: str) -> str:
    """`halts it`, `offers it to 20 %`: what was done without why."""
    return (
        ""
        if text.startswith("signs")
        else text.rpartition(": ")[2].replace(", which is bad,", "").replace(", which is good,", "")
    )
