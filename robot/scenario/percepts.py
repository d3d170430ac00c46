"""Percepts as a scenario writes them: a label and how sure, everything else at good values."""

import msgspec

from robot.messages import Box, FaceQuality, Gesture, Health, Hearing, Percept, Regard, SeenFace, Sighting

FACE_LABELS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
TONE_LABELS = ("neutral", "happy", "sad", "angry")
CIRCUMPLEX = {
    "neutral": (0.0, 0.0),
    "happiness": (0.8, 0.4),
    "happy": (0.8, 0.4),
    "surprise": (0.2, 0.8),
    "sadness": (-0.7, -0.4),
    "sad": (-0.7, -0.4),
    "anger": (-0.7, 0.7),
    "angry": (-0.7, 0.7),
    "disgust": (-0.7, 0.3),
    "fear": (-0.6, 0.7),
    "contempt": (-0.5, 0.1),
}
"""Label to (valence, arousal), after Russell (1980); judgement, not measurement."""

PARTS = ("camera", "microphone", "speaker", "servos", "lights", "face_expression", "voice_tone")
"""The parts that a scenario can break, named as in `robot.messages.Health`."""


def percept(label: str, sure: float, labels: tuple[str, ...], quality: float = 0.8) -> Percept:
    """A percept of `label` with probability `sure`, the rest spread over the other labels."""
    rest = (1 - sure) / (len(labels) - 1)
    valence, arousal = CIRCUMPLEX[label]
    probabilities = {name: sure if name == label else rest for name in labels}
    return Percept(label, sure, sure < 0.4, valence * sure, arousal * sure, quality, probabilities)


def burst(event: str, sure: float, tone: str = "neutral", quality: float = 0.8) -> Percept:
    """A sound without words, `sure` of being `event`; as if it were speech it would be `tone`."""
    return msgspec.structs.replace(percept(tone, 0.8, TONE_LABELS, quality), events={"none": 1 - sure, event: sure})


def face(
    expression: str | None = None,
    sure: float = 0.85,
    quality: float = 0.8,
    x: float = 0.5,
    size: float = 0.3,
    track: int = 1,
    regard: Regard | None = None,
) -> SeenFace:
    """A face with its middle at `x` of the picture's width, `size` of the picture wide and high."""
    box = Box(x - size / 2, 0.5 - size / 2, size, size)
    seen = None if expression is None else percept(expression, sure, FACE_LABELS, quality)
    eyes = ((x - size / 5, 0.45), (x + size / 5, 0.45))
    return SeenFace(track, box, 0.95, eyes, 0.0, FaceQuality(quality, quality, quality, quality), seen, regard)


AWAY_DEG = 40.0


def regard(
    t_s: float, *, looking: bool = True, eyes_closed: bool = False, talking: bool = False, quality: float = 0.8
) -> Regard:
    """Where a face looks: straight at the robot, or far to a side."""
    pan_deg = 0.0 if looking else AWAY_DEG
    return Regard(
        t_s=t_s,
        head_pan_deg=pan_deg,
        head_tilt_deg=0.0,
        head_roll_deg=0.0,
        gaze_pan_deg=pan_deg,
        gaze_tilt_deg=0.0,
        looking=looking,
        sure=0.9,
        eyes_closed=eyes_closed,
        mouth=0.05 if talking else 0.0,
        talking=talking,
        lean=1.0,
        quality=quality,
    )


def sighting(number: int, t_s: float, *faces: SeenFace, gestures: tuple[Gesture, ...] = ()) -> Sighting:
    """Picture `number`, 640 by 480."""
    return Sighting(f"s{number}", t_s, number, 640, 480, 0.5, tuple(faces), gestures=gestures)


def hearing(
    number: int,
    t_s: float,
    tone: str | None = None,
    sure: float = 0.8,
    speaking: bool = True,
    own_noise: float = 0.0,
    quality: float = 0.8,
    over_own: bool = False,
) -> Hearing:
    """Hop `number`, a tenth of a second."""
    heard = None if tone is None else percept(tone, sure, TONE_LABELS, quality)
    level_dbfs = -30.0 if speaking else -70.0
    return Hearing(f"h{number}", t_s, 0.1, level_dbfs, 0.9 if speaking else 0.02, speaking, own_noise, heard, over_own)


def health(**parts: str) -> Health:
    """All parts `ok` but those named."""
    return Health(0.0, {**dict.fromkeys(PARTS, "ok"), **parts})
