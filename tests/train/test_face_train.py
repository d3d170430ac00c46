"""What a face network learns from: labels that some pictures lack, and what a teacher says of the same picture."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")

from tools.train import face_backbone, face_network, face_train  # noqa: E402  needs PyTorch
from tools.train.face_augment import FaceChanges  # noqa: E402
from tools.train.face_train import FER2013_SHARE, Recipe, Teacher, label_loss, taught_loss  # noqa: E402

VOTES, NAMED = 8, 7


def lessons(votes=None, named=None):
    row = torch.zeros(1, VOTES + NAMED)
    if votes is not None:
        row[0, votes] = 1.0
    if named is not None:
        row[0, VOTES + named] = 1.0
    return row


def test_a_label_that_a_picture_lacks_costs_nothing():
    said = torch.randn(1, VOTES + NAMED, generator=torch.Generator().manual_seed(1))
    by_votes = torch.nn.functional.cross_entropy(said[:, :VOTES], torch.tensor([2]))
    by_name = torch.nn.functional.cross_entropy(said[:, VOTES:], torch.tensor([5]))
    assert label_loss(said, lessons()).item() == 0.0
    assert label_loss(said, lessons(votes=2)).item() == pytest.approx(by_votes.item())
    assert label_loss(said, lessons(named=5)).item() == pytest.approx(FER2013_SHARE * by_name.item())
    both = by_votes + FER2013_SHARE * by_name
    assert label_loss(said, lessons(votes=2, named=5)).item() == pytest.approx(both.item())


def test_a_teachers_features_are_lessons_of_equal_weight():
    torch.manual_seed(2)
    images = np.random.default_rng(2).integers(0, 256, (64, 48, 48, 1), np.uint8)
    teacher = Teacher.of(face_backbone.backbone(VOTES + NAMED, 48, width=0.25).eval(), images)
    pictures = torch.from_numpy(face_train.network_input(images)).permute(0, 3, 1, 2)
    logits, features = teacher.tell(pictures)
    assert logits.shape == (64, VOTES + NAMED)
    assert features.mean(0).abs().max().item() < 1e-3
    alive = teacher.spread > 0.01
    assert alive.any()
    assert features[:, alive].std(0).numpy() == pytest.approx(1.0, abs=0.02)


def test_a_student_that_says_what_its_teacher_says_has_the_least_loss():
    torch.manual_seed(3)
    images = np.random.default_rng(3).integers(0, 256, (32, 48, 48, 1), np.uint8)
    teacher = Teacher.of(face_backbone.backbone(VOTES + NAMED, 48, width=0.25).eval(), images)
    recipe = Recipe(from_teachers=1.0)
    pictures = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()

    def loss(network):
        batch = (pictures, torch.zeros(32, VOTES + NAMED), torch.Generator().manual_seed(4))
        return taught_loss(network, batch, FaceChanges(), [teacher], recipe).item()

    def faithful(x):
        return torch.cat(teacher.tell(x), 1)

    other = face_network.student(VOTES + NAMED, len(teacher.mean), width=0.25).eval()
    assert loss(faithful) < loss(lambda x: faithful(x) + 0.1 * torch.sin(faithful(x) * 7)) < loss(other)
