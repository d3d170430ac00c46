"""Shows pictures and clips to the robot's whole sight in stepped time, and counts what it read rightly."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hardware.clock import SteppedClock
from hardware.ports import Frame
from robot.config import Config, InferenceSettings, SightSettings
from robot.messages import Gesture, Sighting
from robot.perception import build_sight
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.hands import HandReader
from robot.senses.sight.head_gestures import HeadGestures, Held
from robot.senses.sight.sight import Sight
from tools.benchmark.motions import RATE_HZ, Motion, averted, facing, nodding, ordinary, shaking
from tools.benchmark.turning import TurningHead

CLIP_S = 3.4
SETTLED_S = 0.5
"""Only what it says after this counts: one look is no look."""
SIDE_PX = 256
SPARE_S = 1.0

LOOKING = (
    "intel_face-demographics-walking-and-pause.gif",
    "intel_asl_no.mkv",
    "intel_asl_sorry.mkv",
    "intel_asl_thanks.mkv",
    "intel_asl_yes.mkv",
)
"""Clips in which everybody looks into the camera all the time, by eye."""
TURNING = "intel_head-pose-face-detection-female.gif"
AWAY_FRAMES, LOOKING_FRAMES = range(6), (9, 19)
"""Its frames in which she plainly looks aside, or plainly into the camera, by eye; the others are on the way."""
MOUTHED = ("intel_asl_thanks.mkv", "intel_asl_yes.mkv")
SILENT = ("intel_asl_no.mkv", "intel_asl_sorry.mkv", "intel_face-demographics-walking-and-pause.gif")
"""Clips of people who mouth a word, and who do not, by eye."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Person:
    """One photograph of the London set: the person's number, sex and group as they reported it, and the expression."""

    number: str
    sex: str
    group: str
    smiles: bool
    path: Path


def people(root: Path) -> list[Person]:
    """Everybody in the London set, twice: neutral and smiling."""
    with (root / "face" / "photos.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == "london"]
    folder = root / "face" / "photos"
    return [
        Person(row["person"], row["gender"], row["ethnicity"], row["label"] == "happiness", folder / row["file"])
        for row in rows
    ]


def picture(path: Path, side_px: int | None = None) -> Pixels:
    """A picture as uint8 RGB, made so large at most."""
    image = Image.open(path).convert("RGB")
    if side_px is not None:
        image.thumbnail((side_px, side_px))
    return np.asarray(image)


def only_attention() -> Sight:
    """The sight of a robot that reads no feelings and no hands."""
    config = Config(sight=SightSettings(hands_per_s=0.0))
    return build_sight(config, None, SteppedClock())


def seen(frames: Iterable[tuple[float, Pixels]], sight: Sight | None = None) -> Iterator[Sighting]:
    """What the sight makes of a clip, frame by frame, with all the time it needs in between."""
    sight = sight if sight is not None else only_attention()
    for index, (t_s, pixels) in enumerate(frames):
        yield sight.see(Frame(index, t_s, pixels), None)
        sight.look_closer(SPARE_S)


def still(pixels: Pixels, seconds: float = 1.2) -> Iterator[tuple[float, Pixels]]:
    """The same picture for a while."""
    return ((index / RATE_HZ, pixels) for index in range(round(seconds * RATE_HZ)))


def film(path: Path) -> Iterator[tuple[float, Pixels]]:
    """A clip's frames with their times."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield float(frame.time), np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def heads(root: Path) -> Iterator[tuple[Person, TurningHead]]:
    """The neutral photograph of every other person, ready to be turned; on the rest thresholds were chosen."""
    detector = FaceDetector.open(InferenceSettings(), SightSettings().min_face_score)
    for index, person in enumerate(one for one in people(root) if not one.smiles):
        if index % 2:
            pixels = picture(person.path, SIDE_PX)
            yield person, TurningHead(pixels, detector.find(pixels)[0])


def moved(head: TurningHead, motion: Motion, seconds: float = CLIP_S) -> Iterator[tuple[float, Pixels]]:
    """A clip of a head that moves so."""
    times = (index / RATE_HZ for index in range(round(seconds * RATE_HZ)))
    return ((t_s, head.shown(motion(t_s))) for t_s in times)


def right_looks(sightings: Iterable[Sighting], looking: bool) -> tuple[int, int]:
    """How many readings of all faces were right, and how many there were."""
    readings = [
        face.regard.looking == looking
        for sighting in sightings
        for face in sighting.faces
        if face.regard is not None and sighting.t_s >= SETTLED_S
    ]
    return sum(readings), len(readings)


def gestures(sightings: Iterable[Sighting]) -> list[Gesture]:
    """Every gesture of a clip, once."""
    return sorted({gesture for sighting in sightings for gesture in sighting.gestures}, key=lambda one: one.t_s)


def attention_of_people(root: Path) -> list[tuple[float, float]]:
    """For each person the share of right readings on clips in which they face the robot, and look aside."""
    shares = []
    for person, head in heads(root):
        rng = Random(person.number)
        pair = []
        for motion, looking in ((facing(rng), True), (averted(rng), False)):
            right, all_of_them = right_looks(seen(moved(head, motion, 2.2)), looking)
            pair.append(right / max(all_of_them, 1))
        shares.append((pair[0], pair[1]))
    return shares


def signs_of_people(root: Path) -> list[tuple[str, list[str], list[str]]]:
    """For each person what was read of a nod and of a shake of the head."""
    found = []
    for person, head in heads(root):
        rng = Random(person.number)
        kinds = [[one.kind for one in gestures(seen(moved(head, make(rng))))] for make in (nodding, shaking)]
        found.append((person.number, kinds[0], kinds[1]))
    return found


def ordinary_signs(root: Path, seconds: float) -> list[str]:
    """The gestures read in an ordinary stretch of so long, shared among everybody; a process for each core."""
    crowd = list(heads(root))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        each = [pool.submit(_ordinary_signs_of, person.number, head, seconds / len(crowd)) for person, head in crowd]
        return [kind for done in each for kind in done.result()]


def _ordinary_signs_of(number: str, head: TurningHead, seconds: float) -> list[str]:
    motion = ordinary(Random(f"ordinary {number}"), seconds)
    return [one.kind for one in gestures(seen((t_s, head.shown(pose)) for t_s, pose in motion))]


def ordinary_signs_of_angles(seconds: float, noise_deg: float) -> list[str]:
    """The same of the angles alone, ten times a second, with this much noise on each: quick enough for hours."""
    rng, watch, found = Random("angles"), HeadGestures(track=1), []
    for index, (t_s, pose) in enumerate(ordinary(Random("ordinary angles"), seconds)):
        if index % 3 < 2:  # two of three frames are looked at closer, as at 10 and 15 a second
            pan, tilt, roll = (
                angle + rng.gauss(0, noise_deg) for angle in (pose.pan_deg, pose.tilt_deg, pose.roll_deg)
            )
            found += [one.kind for one in watch.step(t_s, Held(pan, tilt, roll, pose.nearer, 1.0))]
    return found


def still_people(root: Path) -> list[tuple[int, int]]:
    """Right readings and all readings of each photograph of somebody who looks into the camera."""
    paths = [*(person.path for person in people(root)), *sorted((root / "face" / "photos").glob("lisa_*.jpg"))]
    paths += sorted((root / "face" / "photos").glob("zoom_*.jpg"))
    return [right_looks(seen(still(picture(path))), True) for path in paths]


def filmed_people(root: Path) -> dict[str, tuple[int, int]]:
    """Right readings and all readings in real clips, by what they show."""
    folder = root / "face" / "videos"
    found = [right_looks(seen(film(folder / name)), True) for name in LOOKING]
    sides = list(film(folder / TURNING))
    away = right_looks(seen([(index / RATE_HZ, sides[index % 6][1]) for index in range(24)]), False)
    facing_her = [right_looks(seen(still(sides[index][1])), True) for index in LOOKING_FRAMES]
    return {
        "looks into the camera, 5 clips": (sum(one[0] for one in found), sum(one[1] for one in found)),
        "looks into the camera between turns, 1 woman": (
            sum(one[0] for one in facing_her),
            sum(one[1] for one in facing_her),
        ),
        "looks aside, 1 woman": away,
    }


def talking(root: Path) -> tuple[int, int, int, int]:
    """Clips with a mouthed word that were read as talk, and of how many; silent ones likewise."""

    def talks(name: str) -> bool:
        sightings = seen(film(root / "face" / "videos" / name))
        return any(face.regard is not None and face.regard.talking for one in sightings for face in one.faces)

    return sum(map(talks, MOUTHED)), len(MOUTHED), sum(map(talks, SILENT)), len(SILENT)


def shapes(folder: Path) -> list[tuple[str, str, float]]:
    """For each picture of a hand: the shape that its name begins with, the one that was read, and how surely."""
    reader = HandReader.open(InferenceSettings())
    found = []
    for path in sorted(folder.glob("*.*")):
        hand = reader.find(picture(path, 1024))
        wanted = next((shape for shape in SHAPES if path.name.startswith(f"{shape}_")), None)
        if wanted is not None:
            found.append((wanted, "" if hand is None else hand.shape, 0.0 if hand is None else hand.confidence))
    return found


SHAPES = ("fist", "open_palm", "pointing", "thumb_down", "thumb_up", "victory", "i_love_you")
