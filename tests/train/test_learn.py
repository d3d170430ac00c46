"""The training loop goes on where it was stopped, as if it had not been."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")
pytest.importorskip("matplotlib", reason="matplotlib is absent (install the train extra)")

from torch import nn  # noqa: E402  needs PyTorch

from tools.train import face_augment, face_evaluate  # noqa: E402
from tools.train.learn import Learner, Schedule  # noqa: E402
from tools.train.runlog import RunLog  # noqa: E402

STEPS = 3


def batches(epoch):
    generator = torch.Generator().manual_seed(epoch)
    for _ in range(STEPS):
        x = torch.randn(16, 4, generator=generator)
        yield x, (x.sum(1) > 0).long()


def learner(folder, epochs):
    torch.manual_seed(7)
    network = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2))
    return Learner(
        network,
        Schedule(epochs),
        folder,
        RunLog(folder),
        seed=5,
        loss=lambda net, batch: nn.functional.cross_entropy(net(batch[0]).float(), batch[1]),
        validate=fit,
        choose_by="fit",
    )


def fit(network):
    x, y = next(batches(99))
    with torch.no_grad():
        return {"fit": -float(nn.functional.cross_entropy(network(x), y))}


class Stopped(Exception):
    pass


def stopping_in(epoch):
    def stopped(number):
        if number == epoch:
            raise Stopped
        return batches(number)

    return stopped


def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path):
    whole = learner(tmp_path / "whole", 4).run(batches, STEPS)
    with pytest.raises(Stopped):
        learner(tmp_path / "cut", 4).run(stopping_in(2), STEPS)
    cut = learner(tmp_path / "cut", 4).run(batches, STEPS)
    for ours, theirs in zip(whole.state_dict().values(), cut.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_curves_are_drawn(tmp_path):
    learner(tmp_path, 2).run(batches, STEPS)
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_changed_pictures_stay_in_range_and_the_same_seed_gives_the_same():
    pictures = torch.randint(0, 256, (32, 1, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    first, again, other = (
        face_augment.augment(pictures, torch.Generator().manual_seed(seed), face_augment.FaceChanges())
        for seed in (2, 2, 3)
    )
    assert first.min() >= -1.0
    assert first.max() <= 1.0
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_no_change_leaves_the_picture_or_its_mirror():
    pictures = torch.randint(0, 256, (16, 1, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    same = face_augment.augment(pictures, torch.Generator().manual_seed(4), face_evaluate.STILL)
    plain = pictures.float() / 127.5 - 1.0
    off = np.stack([(same - plain).abs().amax((1, 2, 3)), (same - plain.flip(3)).abs().amax((1, 2, 3))])
    assert off.min(axis=0).max() < 1e-3
    assert (off.argmin(axis=0) == 0).any()
    assert (off.argmin(axis=0) == 1).any()
