"""The random number by which a robot knows its place in a rollout."""

from robot.cli.models_store import _device_id


def test_it_is_made_once(tmp_path):
    assert _device_id(tmp_path) == _device_id(tmp_path)
    assert len(_device_id(tmp_path)) == 32


def test_an_empty_file_that_a_power_cut_left_is_no_number(tmp_path):
    (tmp_path / "device_id").touch()
    assert len(_device_id(tmp_path)) == 32
