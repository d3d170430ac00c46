"""What the lights really show: the effect, fading over from the one before, never flashing, with the camera's lamp.

People with photosensitive epilepsy must not be shown more than three flashes a second, a flash being a rise and a fall
of a tenth of full brightness (WCAG 2.3.1; ITU-R BT.1702). Effects swell slowly, but a hesitating mind might swap them
on every tick. So every channel of every light is limited in how fast it rises and falls: a rise and a fall of a tenth
then take 0.1/1.0 + 0.1/0.42 s, more than a third of a second, whatever is asked for.
"""

from collections.abc import Callable

from hardware.ports import Pixels
from robot.body.catalogue import find, names
from robot.body.joints import bounded
from robot.body.lights.palette import DARK, Colour, even, scaled, tinted

Effect = Callable[[float, int, float], Pixels]

EFFECTS = "robot.body.lights.effects"
UNKNOWN = "fault"
"""Shown for a name that is no effect: visible, and no reason to stop moving."""

FADE_S = 0.4
RISE_PER_S, FALL_PER_S = 1.0, 0.42
LONGEST_STEP_S = 0.1

LAMP: Colour = (0.0, 0.35, 0.0)
LAMP_NIGHT_SHARE = 0.4
"""How far the lamp may be dimmed: who lies awake must still see that the camera is open."""

LAMP_LEAST_S = 0.5
"""The lamp stays lit at least this long, so that a camera that is opened and lost over and over cannot flash it."""


class LightMixer:
    """Turns an effect's name into colours, tick by tick. Light 0 is the camera's lamp; a single light shows both."""

    def __init__(self) -> None:
        self._effects: dict[str, Effect] = {name: find(EFFECTS, name).pixels for name in names(EFFECTS)}
        self._name = "off"
        self._since_s = float("-inf")
        self._from: tuple[Colour, ...] = ()
        self._shown: tuple[Colour, ...] = ()
        self._last_s: float | None = None
        self._lamp_since_s: float | None = None

    def pixels(
        self,
        t_s: float,
        name: str,
        intensity: float,
        count: int,
        camera_on: bool,
        ailment: str | None = None,
        brightness: float = 1.0,
        mood: tuple[float, float] = (0.0, 0.0),
    ) -> Pixels:
        """The colours at `t_s` for `count` lights.

        `name` is an effect, `intensity` 0..1 its brightness. `ailment`, an effect too, gets the last quarter of the
        row, or a single light, or all of them where the effect is the nameless `fault`. The lamp is lit in the very
        tick in which `camera_on` is true. `brightness` 0..1 dims everything, as at night.
        `mood` (valence, arousal, each -1..1) tints what is not about a failure.
        """
        if ailment is not None and name == UNKNOWN and ailment in self._effects:
            name = ailment
        brightness = bounded(brightness, 0.0, 1.0)
        passed_s = 0.0 if self._last_s is None else min(max(t_s - self._last_s, 0.0), LONGEST_STEP_S)
        self._last_s = t_s
        self._switch(t_s, name if name in self._effects else UNKNOWN, count)
        wanted = self._wanted(t_s, bounded(intensity, 0.0, 1.0) * brightness, count, ailment, brightness, mood)
        self._shown = tuple(_eased(*pair, passed_s) for pair in zip(self._shown, wanted, strict=True))
        return Pixels(self._with_lamp(t_s, camera_on, max(brightness, LAMP_NIGHT_SHARE)))

    def _switch(self, t_s: float, name: str, count: int) -> None:
        if len(self._shown) != count:
            self._shown = self._from = even((0.0, 0.0, 0.0), 0.0, count).colours
        if name != self._name:
            self._name, self._since_s, self._from = name, t_s, self._shown

    def _wanted(
        self,
        t_s: float,
        intensity: float,
        count: int,
        ailment: str | None,
        brightness: float,
        mood: tuple[float, float],
    ) -> tuple[Colour, ...]:
        since_s = t_s - self._since_s if self._since_s > float("-inf") else t_s
        colours = self._effects[self._name](since_s, count, intensity).colours
        if self._name not in (ailment, UNKNOWN):
            colours = tuple(tinted(colour, *mood) for colour in colours)
        if ailment is not None and ailment != self._name:
            quarter = max(1, count // 4)
            effect = self._effects[ailment if ailment in self._effects else UNKNOWN]
            colours = colours[: count - quarter] + effect(t_s, quarter, brightness).colours
        share = min(since_s / FADE_S, 1.0) if self._since_s > float("-inf") else 1.0
        if share >= 1.0:
            return colours
        return tuple(_blend(*pair, share) for pair in zip(self._from, colours, strict=True))

    def _with_lamp(self, t_s: float, camera_on: bool, share: float) -> tuple[Colour, ...]:
        if camera_on and self._lamp_since_s is None:
            self._lamp_since_s = t_s
        if not camera_on and self._lamp_since_s is not None and t_s - self._lamp_since_s >= LAMP_LEAST_S:
            self._lamp_since_s = None
        lit = self._lamp_since_s is not None
        if not self._shown:
            return ()
        if len(self._shown) > 1:
            return (scaled(LAMP, share) if lit else DARK, *self._shown[1:])
        red, green, blue = self._shown[0]
        return ((red, max(green, share * LAMP[1]), blue),) if lit else self._shown


def _eased(shown: Colour, wanted: Colour, passed_s: float) -> Colour:
    rise, fall = RISE_PER_S * passed_s, FALL_PER_S * passed_s
    red, green, blue = (old + min(max(new - old, -fall), rise) for old, new in zip(shown, wanted, strict=True))
    return red, green, blue


def _blend(old: Colour, new: Colour, share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(old, new, strict=True))
    return red, green, blue
