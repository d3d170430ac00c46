"""A network in PyTorch and its twin in Keras, from which the file is written, compute the same."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")
pytest.importorskip("tensorflow", reason="TensorFlow is absent (install the train extra)")

from tools.train import face_network, voice_network  # noqa: E402  needs PyTorch
from tools.train.layers import keras_twin  # noqa: E402


def lived_in(network):
    """Normalisation as after training: no mean is 0 and no variance 1."""
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.uniform_(-0.3, 0.3)
            part.running_var.uniform_(0.5, 2.0)
            torch.nn.init.uniform_(part.weight, 0.5, 1.5)
            torch.nn.init.uniform_(part.bias, -0.3, 0.3)
    return network.eval()


def test_the_twin_of_the_face_network_answers_the_same_without_the_lessons_beside():
    torch.manual_seed(3)
    network = lived_in(face_network.student(15, 40, width=0.25))
    pictures = torch.rand(6, 1, 48, 48) * 2 - 1
    with torch.no_grad():
        ours = network(pictures).numpy()
    theirs = keras_twin(network, (48, 48, 1))(pictures.permute(0, 2, 3, 1).numpy()).numpy()
    assert ours.shape == (6, 55)
    assert np.ptp(ours, axis=0).min() > 1e-3
    assert theirs == pytest.approx(ours[:, :15], abs=1e-4)


def test_the_face_network_fits_the_budget_of_weights():
    assert sum(p.numel() for p in face_network.student(15).parameters()) < 425_000


def test_the_twin_of_the_tone_network_answers_the_same_without_the_lessons_beside():
    torch.manual_seed(4)
    network = lived_in(voice_network.student(17, 5, 3, width=0.25))
    windows = torch.rand(3, 1, 128, 80) * 2 - 1
    with torch.no_grad():
        ours = network(windows).numpy()
    theirs = keras_twin(network, (128, 80, 1))(windows.permute(0, 2, 3, 1).numpy()).numpy()
    assert ours.shape == (3, 22 + 32 * 3)
    assert theirs.shape == (3, 17)
    assert theirs == pytest.approx(ours[:, :17], abs=1e-4)


def test_the_tone_network_fits_the_budget_of_weights():
    assert sum(p.numel() for p in voice_network.student(17).parameters()) < 470_000
