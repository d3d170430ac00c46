"""The computer: supply, heat, memory, disk, clock, pins and buses, models, Edge TPU; from files that a test writes."""

import tomllib
from dataclasses import replace

import msgspec
import pytest

from hardware.boards.header import PI_4, PI_5, ZERO_2_W
from hardware.boards.reading import read_board
from hardware.pi.vitals import read_vitals
from robot.care.boots import Book, Boot, begun
from robot.care.doctor.checks import accelerator, buses, clock, computer, disk, memory, models, power, temperature
from robot.config import Config
from tests.care.doctor.patient import only, patient
from tests.care.doctor.test_body import THROTTLED


@pytest.fixture
def system(tmp_path):
    """Writes files of a make-believe system and gives its root."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


PI5 = {"proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0\0"}


@pytest.mark.parametrize(
    ("bits", "severities", "says"),
    [
        ("0", ["ok"], "has been right"),
        ("50005", ["fault"], "too low now"),
        ("50000", ["warning"], "at some time since the start"),
    ],
)
def test_the_supply_is_judged_by_the_firmwares_marks(system, bits, severities, says):
    found = list(power.examine(patient(root=system(**{THROTTLED: bits + "\n"}))))
    assert [each.severity for each in found] == severities
    assert says in found[0].what


def test_a_pi_5_on_a_small_supply_and_a_computer_that_tells_nothing(system):
    root = system(**PI5, **{THROTTLED: "0", "proc/device-tree/chosen/power/usb_max_current_enable": bytes(4)})
    assert "600 mA" in next(iter(power.examine(patient(root=root)))).what
    assert only(power.examine(patient(root="/nowhere"))).severity == "note"


def test_the_voltage_alarm_stands_in_where_the_marks_are_hidden(system):
    root = system(**{"sys/class/hwmon/hwmon2/in0_lcrit_alarm": "1\n"})
    assert read_vitals(root).under_voltage is True
    assert only(power.examine(patient(root=root))).severity == "fault"


@pytest.mark.parametrize(
    ("millidegrees", "bits", "severity"),
    [("45000", "0", "ok"), ("74000", "0", "warning"), ("82000", "0", "fault"), ("60000", "4", "fault"),
     ("60000", "40000", "warning")],
)  # fmt: skip
def test_heat_is_judged_by_thermometer_and_marks(system, millidegrees, bits, severity):
    root = system(**{THROTTLED: bits, "sys/class/thermal/thermal_zone0/temp": millidegrees})
    assert only(temperature.examine(patient(root=root))).severity == severity


@pytest.mark.parametrize(("kilobytes", "severity"), [(3_000_000, "ok"), (250_000, "warning"), (90_000, "fault")])
def test_memory(system, kilobytes, severity):
    root = system(**{"proc/meminfo": f"MemTotal: 1 kB\nMemAvailable:   {kilobytes} kB\n"})
    assert only(memory.examine(patient(root=root))).severity == severity
    assert only(memory.examine(patient(root="/nowhere"))).severity == "note"


def test_a_kernel_that_limits_no_memory_says_how_it_would(system):
    free = {"proc/meminfo": "MemAvailable:   3000000 kB\n"}
    root = system(**free, **{"sys/fs/cgroup/cgroup.controllers": "cpuset cpu io pids\n"})
    found = list(memory.examine(patient(root=root)))
    assert [each.severity for each in found] == ["ok", "note"]
    assert "cgroup_enable=memory" in found[1].fix
    system(**{"sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n"})
    assert len(list(memory.examine(patient(root=root)))) == 1


@pytest.mark.parametrize(("hangs", "severity"), [(0, None), (1, "warning"), (3, "fault")])
def test_a_computer_that_goes_down_by_itself_is_named(system, hangs, severity):
    boots = tuple(Boot(f"boot {number}", 300.0) for number in range(hangs))
    book = begun(Book(boots), "the last", 9.0, None)
    root = system(**{"var/lib/rapport-boots/boots.json": msgspec.json.encode(book)})
    found = [each for each in computer.examine(patient(root=root)) if "sudden_ends" in (each.measured or {})]
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_the_disk_is_written_to_and_its_errors_are_read(system, tmp_path):
    state = tmp_path / "state" / "not" / "there" / "yet"
    finding = only(disk.examine(patient(root=system(), state=state)))
    assert finding.severity in {"ok", "warning"}, "a slow or full test machine is a true finding"
    assert not list(tmp_path.rglob("*.tmp"))
    root = system(**{"sys/fs/ext4/mmcblk0p2/errors_count": "3\n", "sys/block/mmcblk0/device/life_time": "0x02 0x0a\n"})
    said = [each.what for each in disk.examine(patient(root=root, state=tmp_path))]
    assert any("counted 3 errors" in what for what in said)
    assert any("100 % of its life" in what for what in said)


def test_a_disk_that_cannot_be_written_is_a_fault(monkeypatch, tmp_path):
    def refuse(dir):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = list(disk.examine(patient(state=tmp_path)))
    assert any(each.severity == "fault" and "Read-only" in each.what for each in found)


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ({"year": 1970}, "fault"),
        ({"year": 2027, "synchronised": True}, "ok"),
        ({"year": 2027, "kept": True}, "ok"),
        ({"year": 2027, "on_pi": True}, "warning"),
        ({"year": 2027, "on_pi": True, "battery": True}, "note"),
        ({"year": 2027}, "note"),
    ],
)
def test_the_clock(facts, severity):
    usual = {"synchronised": False, "kept": False, "on_pi": False, "battery": False}
    assert only(clock.judge(**usual | facts)).severity == severity


FACE = """
name = "mine"
[pca9685]
[joints.neck_pan]
channel = 0
min_deg = -60
max_deg = 60
max_speed_deg_s = 150
[joints.jaw]
pin = 12
min_deg = 0
max_deg = 30
max_speed_deg_s = 400
[lights]
kind = "ws2812"
count = 4
"""
MINE = read_board(tomllib.loads(FACE), "mine.toml")
GOOD = ["dtparam=i2c_arm=on", "dtparam=spi=on", "core_freq_min=500"]
DEVICES = {"dev/i2c-1": "", "dev/spidev0.0": ""}


@pytest.mark.parametrize(
    ("pi", "boot", "devices", "environment", "severity", "says"),
    [
        (PI_4, GOOD, DEVICES, {}, None, ""),
        (PI_5, GOOD[:2], DEVICES, {}, None, ""),
        (PI_4, [*GOOD, "dtoverlay=gpio-fan"], DEVICES, {}, "fault", "GPIO12 is also taken by 'dtoverlay=gpio-fan'"),
        (PI_4, [*GOOD, "dtoverlay=gpio-fan,gpiopin=14"], DEVICES, {}, None, ""),
        (PI_4, [*GOOD, "dtoverlay=w1-gpio,gpiopin=12"], DEVICES, {}, "fault", "w1-gpio"),
        (PI_4, [*GOOD, "dtoverlay=audremap,pins_12_13"], DEVICES, {}, "fault", "audremap"),
        (PI_4, GOOD, {"dev/i2c-1": ""}, {}, "fault", "SPI is switched off"),
        (PI_4, GOOD, {"dev/spidev0.0": ""}, {}, "fault", "I2C is switched off"),
        (PI_4, GOOD[:2], DEVICES, {}, "warning", "pixels will flicker"),
        (ZERO_2_W, GOOD[:2], DEVICES, {}, "warning", "pixels will flicker"),
        (PI_5, GOOD, DEVICES, {"GPIOZERO_PIN_FACTORY": "pigpio"}, "fault", "does not work on a Pi 5"),
        (PI_4, [*GOOD, "dtparam=audio=on", "dtoverlay=pwm,pin=18"], DEVICES, {}, "warning", "pulse-width unit"),
    ],
)
def test_pins_and_buses(system, pi, boot, devices, environment, severity, says):
    found = list(buses.faults(MINE, pi, boot, system(**devices), environment))
    if severity is None:
        assert found == []
        return
    ((told, what, fix),) = found
    assert (told, says in what, bool(fix)) == (severity, True, True)


def test_the_boot_configuration_is_read_without_its_comments(system):
    text = "# dtoverlay=gpio-fan\ndtparam=i2c_arm=on # for the servos\n\n[all]\ndtoverlay=gpio-shutdown,gpio_pin=26\n"
    jaw = msgspec.structs.replace(MINE.joints["jaw"], pin=26)
    face = msgspec.structs.replace(MINE, lights=None, joints={"jaw": jaw})
    root = system(**PI5, **DEVICES, **{"boot/firmware/config.txt": text})
    finding = only(buses.examine(replace(patient(root=root), board=face)))
    assert "gpio-shutdown,gpio_pin=26" in finding.what


def test_another_computer_and_a_drawn_body_have_no_pins_to_clash():
    assert only(buses.examine(patient(root="/nowhere"))).severity == "warning"
    assert only(buses.examine(patient(board=None))).severity == "note"


def test_whole_models_are_well_and_forbidden_ones_are_not_opened(monkeypatch):
    finding = only(models.examine(patient()))
    assert finding.severity == "ok"
    assert "face_expression" in finding.what

    def opened(*_):
        raise AssertionError("a model of feelings was looked for")

    monkeypatch.setattr(models, "find_model", opened)
    school = msgspec.convert({"robot": {"place": "school"}}, Config)
    assert only(models.examine(patient(config=school))).severity == "note"


def test_a_model_that_is_not_there_is_a_fault_with_its_own_words():
    odd = msgspec.convert({"models": {"face_expression": "nowhere/1.0.0"}}, Config)
    found = list(models.examine(patient(config=odd)))
    assert [each.severity for each in found] == ["fault", "ok"]
    assert "nowhere/1.0.0" in found[0].what


def test_the_edge_tpu(system):
    usb = {"sys/bus/usb/devices/1-1/idVendor": "1a6e", "sys/bus/usb/devices/1-1/idProduct": "089a"}
    wanted = msgspec.convert({"inference": {"accelerator": "edgetpu"}}, Config)
    never = msgspec.convert({"inference": {"accelerator": "cpu"}}, Config)
    assert only(accelerator.examine(patient())).severity == "ok"
    assert only(accelerator.examine(patient(config=wanted))).severity == "warning"
    assert only(accelerator.examine(patient(config=never, root=system(**usb)))).severity == "note"
    plugged = only(accelerator.examine(patient(root=system(**usb))))
    assert plugged.severity in {"warning", "note"}, "its runtime is missing here, or no model is compiled for it"
    assert "Edge TPU" in plugged.what


def test_the_computer_says_what_it_is(system):
    root = system(**PI5, **{"etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'})
    finding = only(computer.examine(patient(root=root)))
    assert finding.what.startswith("Raspberry Pi 5 Model B Rev 1.0, Debian GNU/Linux 12 (bookworm), Python 3.")
