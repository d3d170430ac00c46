"""Votes as training targets."""

import numpy as np
import pytest

from tools.train import face_data
from tools.train.paths import DataAbsentError, data_root, required_file


def votes(**named: int) -> np.ndarray:
    order = (*face_data.LABELS, "unknown", "not_a_face")
    row = np.zeros((1, 10), np.uint8)
    for name, count in named.items():
        row[0, order.index(name)] = count
    return row


def test_targets_are_the_shares_of_the_votes():
    found = face_data.vote_targets(votes(neutral=6, sadness=4))[0]
    assert found[0] == pytest.approx(0.6)
    assert found[3] == pytest.approx(0.4)


def test_a_single_vote_is_taken_for_a_slip():
    found = face_data.vote_targets(votes(happiness=9, contempt=1))[0]
    assert found[1] == 1.0


def test_single_votes_count_when_there_is_nothing_else():
    found = face_data.vote_targets(votes(anger=1, fear=1, unknown=8))[0]
    assert found[4] == found[6] == 0.5


def test_unknown_and_not_a_face_are_no_part_of_a_target():
    found = face_data.vote_targets(votes(surprise=5, unknown=3, not_a_face=2))[0]
    assert found.sum() == pytest.approx(1.0)
    assert found[2] == 1.0


def test_a_row_nobody_could_name_is_all_zero_and_not_usable():
    row = votes(unknown=4, not_a_face=6)
    assert face_data.vote_targets(row).sum() == 0.0
    assert not face_data.usable(row)[0]


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (votes(neutral=10), True),
        (votes(neutral=4, unknown=6), True),
        (votes(neutral=3, unknown=7), False),
        (votes(neutral=5, not_a_face=5), False),
        (votes(neutral=6, not_a_face=4), True),
    ],
)
def test_only_faces_that_enough_raters_could_name_are_trained_on(row, kept):
    assert bool(face_data.usable(row)[0]) is kept


def small_set(folder, leak=None, given=None):
    count = 6
    table = np.zeros((count, 10), np.uint8)
    table[:, 1] = 10
    for row, counted in ((given or {}) | {5: votes(not_a_face=10)}).items():
        table[row] = counted
    (folder / "face").mkdir()
    np.savez(
        folder / "face" / "fer2013_ferplus.npz",
        images=np.zeros((count, 48, 48), np.uint8),
        usage=np.array([0, 0, 0, 1, 2, 2]),
        ferplus_votes=table,
        ferplus_majority=np.array([1, 1, 1, 1, 1, -1]),
        fer_label=np.array([3, 0, 6, 3, 3, 3]),
        train_leak=np.array([leak == i for i in range(count)]),
        flat=np.zeros(count, bool),
    )


def test_pictures_that_leak_into_a_test_are_never_trained_on(tmp_path):
    small_set(tmp_path, leak=1)
    assert len(face_data.load(tmp_path, face_data.TRAINING)) == 2


def test_a_face_that_too_few_could_name_is_learned_by_its_own_label_alone(tmp_path):
    small_set(tmp_path, given={1: votes(unknown=8, anger=2)})
    lessons = face_data.load(tmp_path, face_data.TRAINING).lessons
    assert lessons.shape == (3, 15)
    assert lessons[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert lessons[1].tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_only_the_trusted_labels_of_everyday_faces_are_learned(tmp_path):
    small_set(tmp_path)
    images = np.zeros((4, 64, 64), np.uint8)
    images[1] = 200
    np.savez(tmp_path / "face" / "muxspace_train.npz", images=images, label=np.array([0, 1, 3, 5]))
    everyday = face_data.everyday_faces(tmp_path)
    assert everyday.images.shape == (2, 48, 48, 1)
    assert everyday.images[1].min() == 200
    assert everyday.targets.argmax(axis=1).tolist() == [0, 1]
    assert everyday.targets.sum(axis=1) == pytest.approx(1.0)
    assert everyday.targets.max() < 1.0
    assert everyday.lessons[:, 8:].max() == 0.0


def test_pictures_without_a_face_are_as_likely_any_expression(tmp_path):
    small_set(tmp_path, given={0: votes(not_a_face=10)})
    nothing = face_data.nothing_to_read(tmp_path)
    assert nothing.targets.tolist() == [[1 / 8] * 8]
    both = face_data.load(tmp_path, face_data.TRAINING) + nothing
    assert len(both) == 3
    assert both.majority.tolist() == [1, 1, -1]


def test_tests_keep_every_row_and_only_majorities_are_scored(tmp_path):
    small_set(tmp_path)
    test = face_data.load(tmp_path, face_data.PRIVATE_TEST)
    assert len(test) == 2
    assert len(test.with_majority()) == 1
    assert test.images.shape == (2, 48, 48, 1)


def test_absent_data_is_said_in_one_line(tmp_path, monkeypatch):
    with pytest.raises(DataAbsentError, match="not measured: data absent"):
        face_data.load(tmp_path, face_data.TRAINING)
    with pytest.raises(DataAbsentError, match="not measured: data absent"):
        required_file(tmp_path, "voice/voice.csv")
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataAbsentError, match="RAPPORT_DATA"):
        data_root()


def test_the_data_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    assert data_root() == tmp_path
    (tmp_path / "other").mkdir()
    assert data_root(tmp_path / "other") == tmp_path / "other"


@pytest.mark.data
def test_the_published_numbers_of_pictures_are_there(labelled_data):
    assert len(face_data.load(labelled_data, face_data.PUBLIC_TEST).with_majority()) == 3199
    assert len(face_data.load(labelled_data, face_data.PRIVATE_TEST).with_majority()) == 3153
