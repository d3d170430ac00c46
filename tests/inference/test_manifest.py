"""A manifest is read whole or refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from robot.errors import ModelRefused
from robot.inference.manifest import parse_manifest

DATA = Path(__file__).resolve().parent / "data"


@pytest.fixture
def table() -> dict[str, Any]:
    return json.loads((DATA / "stripes" / "1.0.0" / "manifest.json").read_text())


def parse(table: dict[str, Any]):
    return parse_manifest(json.dumps(table).encode(), "here/manifest.json")


def test_a_whole_manifest_is_read_with_every_part(table):
    manifest = parse(table)

    assert (manifest.id, manifest.version, manifest.task) == ("stripes", "1.0.0", "face_expression")
    assert manifest.output.labels == ("horizontal", "vertical", "plain")
    assert manifest.input.shape == (1, 12, 12, 1)
    assert manifest.affect["horizontal"] == (0.8, 0.4)
    assert manifest.metrics[0].interval_95 is None


def test_a_key_from_a_later_version_is_ignored(table):
    table["colour_of_the_box"] = "blue"

    assert parse(table).id == "stripes"


@pytest.mark.parametrize(
    "key",
    [
        "id", "version", "task", "file", "input", "output", "temperature", "thresholds", "affect", "metrics",
        "size_bytes", "licence", "terms", "made", "golden", "sha256",
    ],
)  # fmt: skip
def test_a_missing_key_is_named(table, key):
    del table[key]

    with pytest.raises(ModelRefused, match=key) as refused:
        parse(table)
    assert "here/manifest.json" in str(refused.value)
    assert "\n" not in str(refused.value)


def spoil_labels(table):
    table["output"]["labels"] = ["horizontal", "vertical"]


def repeat_label(table):
    table["output"]["labels"][2] = "vertical"


def forget_affect(table):
    del table["affect"]["plain"]


def stray_affect(table):
    table["affect"]["purple"] = [0, 0]


def far_affect(table):
    table["affect"]["plain"] = [1.5, 0]


def freeze(table):
    table["temperature"] = 0


def no_scale(table):
    table["input"]["scale"] = 0.0


def empty_range(table):
    table["input"]["value_range"] = [1, 1]


def unhashed(table):
    del table["sha256"]["golden.npz"]


def wrong_kind(table):
    table["output"]["kind"] = "probabilities"


def climbing(table):
    table["file"] = "../../../etc/passwd"


def climbing_hash(table):
    table["sha256"]["../secret"] = "0" * 64


def odd_version(table):
    table["version"] = "1.0"


def sure_of_all(table):
    table["thresholds"]["unsure_below"] = 1.5


def spare_heads(table):
    table["output"]["heads"] = {"events": ["laugh"]}


def odd_affect_head(table):
    table["output"]["heads"] = {"affect": ["valence"]}
    table["output"]["shape"] = [1, 4]


def no_affect_scale(table):
    table["output"]["affect_scale"] = 0


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (spoil_labels, "labels"),
        (repeat_label, "twice"),
        (forget_affect, "plain"),
        (stray_affect, "purple"),
        (far_affect, "affect"),
        (freeze, "temperature"),
        (no_scale, "input.scale"),
        (empty_range, "value_range"),
        (unhashed, "golden.npz"),
        (wrong_kind, "kind"),
        (climbing, "file"),
        (climbing_hash, "sha256"),
        (odd_version, "version"),
        (sure_of_all, "unsure_below"),
        (spare_heads, "labels and the heads events"),
        (odd_affect_head, "affect has 1 numbers, must have 2"),
        (no_affect_scale, "affect_scale"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused_in_one_line(table, spoil, named):
    spoil(table)

    with pytest.raises(ModelRefused, match=named) as refused:
        parse(table)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id": 3}', b"x" * 10_000])
def test_what_is_no_manifest_is_refused(content):
    with pytest.raises(ModelRefused, match="not a model manifest"):
        parse_manifest(content, "m.json")


def test_a_manifest_says_nan_nowhere(table):
    text = json.dumps(table).replace('"temperature": 1.5', '"temperature": NaN')
    assert "NaN" in text

    with pytest.raises(ModelRefused):
        parse_manifest(text.encode(), "m.json")
