"""Fault 62: another time zone, daylight saving, another locale. Floors are seconds since 1970 and do not move."""

import locale
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.updates.bundles import MODEL
from tests.updates.world import World


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/St_Johns", "Europe/Berlin", "XYZ+23"], indirect=True)
def test_f62_a_time_zone_changes_no_floor_and_no_expiry(in_memory: Path, zone: str):
    world = World(in_memory)
    world.publish("1.1.0")
    world.client().update()
    assert world.store().state.floor.time_s == world.now_s
    world.now_s += 14 * 86_400 - 60
    assert world.client().check().offers == ()
    assert world.store().state.slots(MODEL).trial is not None


def test_f62_a_locale_changes_no_record(in_memory: Path):
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C")
        world = World(in_memory)
        world.publish("1.1.0")
        world.client().update()
        assert world.store().history_fault() == ""
    finally:
        locale.setlocale(locale.LC_ALL, before)
