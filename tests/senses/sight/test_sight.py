"""One frame in, one Sighting out, whatever the frame and the models do."""

import csv

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.ports import Frame
from robot.config import InferenceSettings, SightSettings
from robot.errors import InferenceError, MediaError
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.messages import OwnMotion, Percept, Sighting
from robot.senses.sight.blazeface import Detection
from robot.senses.sight.crop import Framing
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.expression import ExpressionReader
from robot.senses.sight.sight import Sight

STEP_S = 1 / 15


@pytest.fixture(scope="module")
def reader() -> ExpressionReader:
    return ExpressionReader(Model.load(find_model("face_expression", factory_models()), InferenceSettings()))


class Judge:
    """Answers with a fixed percept and remembers the crops; fails when told to."""

    framing = Framing()

    def __init__(self, fail: bool = False) -> None:
        self.crops: list[np.ndarray] = []
        self._fail = fail

    def judge(self, crop: np.ndarray, quality: float) -> Percept:
        self.crops.append(crop)
        if self._fail:
            raise InferenceError("NaN")
        return Percept("happiness", 0.9, False, 0.7, 0.4, quality, {"happiness": 0.9, "neutral": 0.1})


class Finder:
    """Finds what it is told; fails when told nothing."""

    def __init__(self, faces: tuple[Detection, ...] | None) -> None:
        self.faces = faces

    def find(self, pixels: np.ndarray) -> tuple[Detection, ...]:
        if self.faces is None:
            raise InferenceError("NaN")
        return self.faces


def frame(pixels: np.ndarray, seq: int = 0, small: np.ndarray | None = None) -> Frame:
    return Frame(seq, seq * STEP_S, pixels, small)


def facing(x: float, y: float, side: float) -> Detection:
    """A face that looks at the camera, in a square picture."""
    eyes = 0.2 * side
    top = y - 0.15 * side
    points = (
        (x - eyes, top),
        (x + eyes, top),
        (x, top + eyes),
        (x, top + 2 * eyes),
        (x - 2 * eyes, y),
        (x + 2 * eyes, y),
    )
    return Detection((x - side / 2, y - side / 2, side, side), 0.9, points)


def noise(side: int = 480) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (side, side, 3)).astype(np.uint8)


def test_a_person_is_seen_with_place_tilt_quality_and_expression(detector, scene, reader):
    sighting = Sight(detector, reader, SightSettings()).see(frame(scene([(320, 240, 200, 12.0)])), None)

    (face,) = sighting.faces
    assert (sighting.id, sighting.frame, sighting.width_px, sighting.height_px) == ("s0", 0, 640, 480)
    assert face.track == 1
    assert face.box.centre == pytest.approx((0.5, 0.5), abs=0.08)
    assert 4 < face.roll_deg < 20
    assert face.eyes[0][0] < face.eyes[1][0]
    assert face.quality.overall > 0.5
    assert face.expression is not None
    assert face.expression.quality == face.quality.overall


def test_an_empty_room_is_a_sighting_without_faces(detector, scene):
    sighting = Sight(detector, None, SightSettings()).see(frame(scene([])), None)

    assert sighting.faces == ()
    assert sighting.brightness == pytest.approx((0.299 * 120 + 0.587 * 140 + 0.114 * 160) / 255, abs=1e-3)


def test_sightings_are_numbered_and_carry_their_frame(detector, scene):
    sight = Sight(detector, None, SightSettings())

    sightings = [sight.see(frame(scene([]), seq), None) for seq in (0, 3, 9)]

    assert [(sighting.id, sighting.frame) for sighting in sightings] == [("s0", 0), ("s1", 3), ("s2", 9)]
    assert sightings[2].t_s == 9 * STEP_S


def test_faces_come_largest_first_and_keep_their_numbers_when_they_grow(detector, scene):
    sight = Sight(detector, None, SightSettings())

    first = sight.see(frame(scene([(170, 240, 200, 0), (490, 240, 150, 0)]), 0), None)
    second = sight.see(frame(scene([(170, 240, 170, 0), (490, 240, 180, 0)]), 1), None)
    third = sight.see(frame(scene([(170, 240, 150, 0), (490, 240, 220, 0)]), 2), None)

    assert [[face.track for face in sighting.faces] for sighting in (first, second, third)] == [[1, 2], [2, 1], [2, 1]]


def test_two_people_who_pass_each_other_stay_themselves(detector, scene):
    sight = Sight(detector, None, SightSettings())
    tracks = set()
    for seq in range(25):
        near, far = (120 + 16 * seq, 300, 190, 0.0), (520 - 16 * seq, 180, 120, 0.0)
        faces = sight.see(frame(scene([far, near]), seq), None).faces
        tracks.update(face.track for face in faces)
        if seq in (0, 24):
            assert len(faces) == 2

    assert tracks == {1, 2}
    assert faces[0].track == 1
    assert faces[0].box.centre[0] > faces[1].box.centre[0]


def test_without_permission_for_feelings_no_expression_is_read(detector, scene):
    (face,) = Sight(detector, None, SightSettings()).see(frame(scene([(320, 240, 200, 0)])), None).faces

    assert face.expression is None
    assert face.quality.overall > 0.5


def test_only_the_largest_faces_are_read_and_only_so_many_followed():
    faces = tuple(facing(0.1 + 0.2 * index, 0.5, 0.1 + 0.01 * index) for index in range(5))
    judge = Judge()

    seen = Sight(Finder(faces), judge, SightSettings(max_faces=4, expression_faces=2)).see(frame(noise()), None).faces

    assert [round(face.box.width, 2) for face in seen] == [0.14, 0.13, 0.12, 0.11]
    assert [face.expression is not None for face in seen] == [True, True, False, False]
    assert len(judge.crops) == 2


def test_all_faces_of_a_picture_are_cropped_for_and_read_by_the_version_that_was_there_when_it_came():
    faces = tuple(facing(0.2 + 0.2 * index, 0.5, 0.2) for index in range(3))
    versions = [Judge(), Judge()]
    versions[1].framing = Framing(size_px=32)
    given = iter(versions)
    sight = Sight(Finder(faces), None, SightSettings(), latest=lambda: next(given))

    for seq in range(2):
        sight.see(frame(noise(), seq), None)

    assert [{crop.shape for crop in version.crops} for version in versions] == [
        {(version.framing.size_px,) * 2} for version in versions
    ]
    assert [len(version.crops) for version in versions] == [3, 3]


def test_a_face_that_cannot_be_read_is_not_asked_about():
    profile = Detection((0.4, 0.4, 0.2, 0.2), 0.9, ((0.5, 0.45),) * 6)
    judge = Judge()

    (face,) = Sight(Finder((profile,)), judge, SightSettings()).see(frame(noise()), None).faces

    assert face.expression is None
    assert face.quality.pose == 0.0
    assert judge.crops == []


def test_a_model_that_fails_costs_the_expression_and_is_counted():
    sight = Sight(Finder((facing(0.5, 0.5, 0.3),)), Judge(fail=True), SightSettings())

    sightings = [sight.see(frame(noise(), seq), None) for seq in range(3)]

    assert all(len(sighting.faces) == 1 and sighting.faces[0].expression is None for sighting in sightings)
    assert sight.faults == 3


def test_a_detector_that_fails_costs_the_faces_of_one_frame_but_not_their_numbers():
    finder = Finder((facing(0.5, 0.5, 0.3),))
    sight = Sight(finder, None, SightSettings())
    before = sight.see(frame(noise(), 0), None)
    faces, finder.faces = finder.faces, None
    during = sight.see(frame(noise(), 1), None)
    finder.faces = faces
    after = sight.see(frame(noise(), 2), None)

    assert during.faces == ()
    assert sight.faults == 1
    assert before.faces[0].track == after.faces[0].track == 1


@pytest.mark.parametrize(
    "box",
    [
        (float("nan"), 0.1, 0.2, 0.2),
        (0.1, 0.1, float("inf"), 0.2),
        (0.4, 0.4, 0.0, 0.2),
        (0.4, 0.4, -0.1, 0.2),
        (0.4, 0.4, 0.001, 0.001),
        (1.5, 0.4, 0.2, 0.2),
        (0.4, -0.9, 0.2, 0.2),
    ],
)
def test_a_box_that_is_none_is_left_out(box):
    bad = Detection(box, 0.9, ((0.5, 0.5),) * 6)

    sighting = Sight(Finder((bad, facing(0.5, 0.5, 0.3))), Judge(), SightSettings()).see(frame(noise()), None)

    assert len(sighting.faces) == 1
    assert sighting.faces[0].box.width == pytest.approx(0.3)


def test_a_face_at_the_very_edge_is_seen():
    corner = facing(0.02, 0.97, 0.3)

    (face,) = Sight(Finder((corner,)), Judge(), SightSettings()).see(frame(noise()), None).faces

    assert face.box.x < 0


def test_a_frame_that_is_no_picture_is_one_clear_error_and_spoils_nothing(detector, scene):
    sight = Sight(detector, None, SightSettings())
    for pixels in (np.zeros((480, 640, 3), np.uint8), np.zeros((0, 0, 3), np.uint8), np.full((480, 640), np.nan)):
        with pytest.raises(MediaError, match="frame 5"):
            sight.see(frame(pixels, 5), None)

    assert len(sight.see(frame(scene([(320, 240, 200, 0)]), 6), None).faces) == 1


@given(
    height=st.integers(16, 200),
    width=st.integers(16, 200),
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(["noise", "even", "torn", "person"]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_picture_comes_it_is_seen_and_nothing_breaks(detector, reader, scene, height, width, seed, kind):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
    if kind == "even":
        pixels = np.full((height, width, 3), 1 + seed % 255, np.uint8)
    if kind in ("torn", "person"):
        place = (rng.uniform(0, width), rng.uniform(0, height), rng.uniform(10, 2 * height), rng.uniform(-180, 180))
        pixels = scene([place], (width, height))
    if kind == "torn":
        pixels = np.where(np.arange(height)[:, None, None] < height // 2, pixels, rng.integers(0, 256)).astype(np.uint8)
    sight = Sight(detector, reader, SightSettings())

    sighting = sight.see(frame(pixels), None)

    assert sight.faults == 0
    assert msgspec.json.decode(msgspec.json.encode(sighting), type=Sighting) == sighting
    for face in sighting.faces:
        assert 0.6 <= face.score <= 1
        assert 0 <= face.quality.overall <= 1


def test_the_small_picture_is_searched_and_the_large_one_is_cropped(detector, scene):
    large = scene([(640, 480, 400, 0)], (1280, 960))
    small = np.asarray(Image.fromarray(large).resize((320, 240)))
    judge = Judge()

    both = Sight(detector, judge, SightSettings()).see(frame(large, small=small), None)
    alone = Sight(detector, Judge(), SightSettings()).see(frame(small), None)

    assert (both.width_px, both.height_px) == (1280, 960)
    assert both.faces[0].box == alone.faces[0].box
    assert both.faces[0].quality.size >= alone.faces[0].quality.size
    assert judge.crops[0].shape == (48, 48)


def test_while_the_head_turns_a_face_may_jump_further():
    def jump(own: OwnMotion | None) -> int:
        finder = Finder((facing(0.3, 0.5, 0.2),))
        sight = Sight(finder, None, SightSettings())
        sight.see(frame(noise(), 0), own)
        finder.faces = (facing(0.58, 0.5, 0.2),)
        return sight.see(frame(noise(), 1), own).faces[0].track

    assert jump(None) == 2
    assert jump(OwnMotion(t_s=0.0, servo_speed=1.0, speaking=False)) == 1


def test_the_same_frames_give_the_same_messages_byte_for_byte(scene, reader):
    def run() -> list[bytes]:
        sight = Sight(FaceDetector.open(InferenceSettings(), 0.6), reader, SightSettings())
        pictures = [scene([(200 + 20 * seq, 240, 180, 3.0 * seq)]) for seq in range(4)]
        return [msgspec.json.encode(sight.see(frame(picture, seq), None)) for seq, picture in enumerate(pictures)]

    first = run()

    assert first == run()
    assert len(set(first)) == 4


def photos(root, label: str):
    with (root / "face" / "photos.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == "london" and row["label"] == label]
    return [np.asarray(Image.open(root / "face" / "photos" / row["file"]).convert("RGB")) for row in rows]


@pytest.mark.data
def test_smiling_people_look_happier_than_the_same_people_at_rest(detector, reader, labelled_data):
    def look(label: str) -> list[Percept]:
        found = []
        for pixels in photos(labelled_data, label):
            (face,) = Sight(detector, reader, SightSettings()).see(frame(pixels), None).faces
            assert face.expression is not None
            assert face.quality.overall > 0.5
            found.append(face.expression)
        return found

    rest, smile = look("neutral"), look("happiness")

    assert len(rest) == len(smile) == 49
    assert sum(percept.label == "neutral" for percept in rest) >= 44
    assert sum(percept.label == "happiness" for percept in smile) >= 30
    assert not any(percept.label == "happiness" for percept in rest if not percept.unsure)
    happier = sum(a.probabilities["happiness"] > b.probabilities["happiness"] for a, b in zip(smile, rest, strict=True))
    assert happier >= 45


def clip(root, name: str):
    av = pytest.importorskip("av")
    with av.open(str(root / "face" / "videos" / name)) as container:
        rate = float(container.streams.video[0].average_rate)
        for seq, picture in enumerate(container.decode(video=0)):
            yield Frame(seq, seq / rate, picture.to_ndarray(format="rgb24"))


@pytest.mark.data
@pytest.mark.parametrize("name", ["intel_asl_no.mkv", "intel_asl_yes.mkv"])
def test_a_face_printed_on_a_shirt_is_not_a_second_person(detector, reader, labelled_data, name):
    sight = Sight(detector, reader, SightSettings())

    faces = [sight.see(each, None).faces for each in clip(labelled_data, name)]

    assert len(faces) > 50
    assert {face.track for each in faces for face in each} == {1}
    assert all(face.box.centre[1] < 0.4 for each in faces for face in each)
    assert sum(len(each) == 1 for each in faces) >= 0.95 * len(faces)


@pytest.mark.data
def test_three_people_who_walk_up_stay_three(detector, labelled_data):
    sight = Sight(detector, None, SightSettings())

    faces = [
        sight.see(each, None).faces for each in clip(labelled_data, "intel_face-demographics-walking-and-pause.gif")
    ]

    assert {face.track for each in faces for face in each} == {1, 2, 3}
    assert sum(len(each) == 3 for each in faces) >= 0.9 * len(faces)


@pytest.mark.data
def test_a_clip_without_a_person_has_none(detector, labelled_data):
    sight = Sight(detector, None, SightSettings())

    seen = [
        sight.see(each, None) for each in clip(labelled_data, "intel_bottle-detection_noface.mp4") if each.seq % 10 == 0
    ]

    assert len(seen) > 100
    assert not any(sighting.faces for sighting in seen)
