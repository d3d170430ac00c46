import pytest

from hardware.pi.vitals import COOL_AGAIN_C, HOT_C, Vitals, read_vitals


def zones(root, *found):
    for number, (kind, degrees_c) in enumerate(found):
        zone = root / f"sys/class/thermal/thermal_zone{number}"
        zone.mkdir(parents=True)
        (zone / "type").write_text(f"{kind}\n")
        (zone / "temp").write_text(f"{round(1000 * degrees_c)}\n")


def test_the_processors_own_thermometer_is_read_whichever_number_it_has(tmp_path):
    zones(tmp_path, ("acpitz", 27.8), ("iwlwifi_1", 41.0), ("x86_pkg_temp", 84.0))
    vitals = read_vitals(tmp_path)
    assert vitals.temperature_c == 84.0
    assert not vitals.hot(), "a laptop bears more than a Pi"


def test_a_pi_is_hot_where_it_begins_to_slow_down_and_until_it_is_clearly_cooler(tmp_path):
    zones(tmp_path, ("cpu-thermal", 80.0))
    assert read_vitals(tmp_path).hot()
    assert not Vitals(temperature_c=HOT_C - 1.0).hot(before=False)
    assert Vitals(temperature_c=HOT_C - 1.0).hot(before=True)
    assert not Vitals(temperature_c=HOT_C - COOL_AGAIN_C - 1.0).hot(before=True)


@pytest.mark.parametrize(("under_voltage", "hot"), [(False, True), (True, False), (None, True)])
def test_slowed_down_is_hot_unless_the_supply_is_to_blame(under_voltage, hot):
    assert Vitals(under_voltage=under_voltage, throttled=True, temperature_c=60.0).hot() is hot


def test_a_computer_that_tells_nothing_is_not_hot(tmp_path):
    assert read_vitals(tmp_path) == Vitals()
    assert not read_vitals(tmp_path).hot()
    zones(tmp_path, ("cpu-thermal", 50.0))
    (tmp_path / "sys/class/thermal/thermal_zone0/temp").write_text("warm\n")
    assert read_vitals(tmp_path).temperature_c is None
