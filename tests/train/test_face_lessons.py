"""What a face network learns from: labels that some pictures lack, and what its teachers say of the same picture."""

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")

from tools.train.face_lessons import FER2013_SHARE, label_loss, taught_loss  # noqa: E402  needs PyTorch
from tools.train.face_recipe import Recipe  # noqa: E402

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


def test_a_student_that_says_what_its_teachers_said_has_the_least_loss():
    chance = torch.Generator().manual_seed(3)
    pictures = torch.randint(0, 256, (32, 1, 48, 48), generator=chance, dtype=torch.uint8)
    logits, features = torch.randn(32, VOTES + NAMED, generator=chance), torch.randn(32, 20, generator=chance)
    recipe = Recipe(from_teachers=1.0)
    shares = [torch.softmax(part / recipe.softness, 1) for part in (logits[:, :VOTES], logits[:, VOTES:])]
    batch = (pictures, torch.zeros(32, VOTES + NAMED), torch.cat(shares, 1).half(), features.half())

    def loss(logits, features):
        return taught_loss(lambda _: torch.cat([logits, features], 1), batch, recipe).item()

    least = loss(logits, features)
    assert least < loss(logits + 0.2 * torch.sin(7 * logits), features)
    assert least < loss(logits, features + 0.1)
    assert least == pytest.approx(loss(logits + 3.0, features), abs=1e-3)
