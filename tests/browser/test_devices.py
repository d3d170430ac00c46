"""A visitor's camera and microphone reach the robot as they are, and its voice comes out of the page."""

import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import MonotonicClock
from hardware.ports import SAMPLE_RATE_HZ, Sound
from hardware.virtual.browser import BrowserCamera, BrowserMicrophone
from robot.config import ServerSettings
from robot.simulator.hub import Hub
from robot.simulator.server import SimulatorServer

pytestmark = pytest.mark.browser

TONE_HZ = 440.0

# What each quarter of the fake camera's picture shows, left to right and top to bottom, as red, green, blue.
QUARTERS = {(0, 0): (220, 40, 40), (0, 1): (40, 200, 60), (1, 0): (50, 70, 220), (1, 1): (230, 220, 60)}


def write_camera(path: Path) -> None:
    """A y4m film of four coloured quarters: 640x480, 15 pictures a second, one second (it loops)."""
    rgb = np.zeros((480, 640, 3))
    for (row, column), colour in QUARTERS.items():
        rgb[row * 240 : (row + 1) * 240, column * 320 : (column + 1) * 320] = colour
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    # BT.601 in the limited range, which is what y4m holds.
    luma = 16 + 0.257 * red + 0.504 * green + 0.098 * blue
    cb = 128 - 0.148 * red - 0.291 * green + 0.439 * blue
    cr = 128 + 0.439 * red - 0.368 * green - 0.071 * blue
    planes = b"".join(
        np.clip(np.rint(plane), 0, 255).astype(np.uint8).tobytes() for plane in (luma, cb[::2, ::2], cr[::2, ::2])
    )
    path.write_bytes(b"YUV4MPEG2 W640 H480 F15:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + planes) * 15)


def write_microphone(path: Path) -> None:
    """A second of a sine at half of full scale, 48 kHz (it loops, without a click)."""
    samples = 0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(48_000) / 48_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((samples * 32_767).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def equipped(launch, tmp_path_factory) -> Iterator[object]:
    """A browser whose camera and microphone are files."""
    folder = tmp_path_factory.mktemp("devices")
    write_camera(folder / "camera.y4m")
    write_microphone(folder / "microphone.wav")
    browser = launch(
        f"--use-file-for-fake-video-capture={folder / 'camera.y4m'}",
        f"--use-file-for-fake-audio-capture={folder / 'microphone.wav'}",
        devices=True,
    )
    yield browser
    browser.close()


@pytest.fixture
def camera(hub: Hub) -> BrowserCamera:
    camera = BrowserCamera(MonotonicClock())
    hub.on_camera = camera.offer
    return camera


@pytest.fixture
def microphone(hub: Hub) -> BrowserMicrophone:
    microphone = BrowserMicrophone(MonotonicClock())
    hub.on_microphone = microphone.offer
    return microphone


@pytest.fixture
def asked(hub: Hub) -> list[str]:
    """What pages asked the robot to use."""
    asked: list[str] = []
    hub.source_requested = asked.append
    return asked


@pytest.fixture
def watched(equipped, visit, server: SimulatorServer) -> Iterator[object]:
    watched = visit(equipped, server.start())
    yield watched
    watched.page.context.close()
    assert watched.complaints == []


def hand_over(watched) -> None:
    watched.page.click("#hand-over")
    watched.page.wait_for_selector("#take-back", state="visible")


def hear(microphone: BrowserMicrophone, seconds: float) -> np.ndarray:
    """That much sound in a row, past the first tenth of a second in which the devices start."""
    blocks: list[np.ndarray] = []
    while sum(map(len, blocks)) < (seconds + 0.5) * SAMPLE_RATE_HZ:
        sound = microphone.read(20.0)
        assert sound is not None, "no sound came for 20 s"
        blocks.append(sound.samples)
    return np.concatenate(blocks)[-int(seconds * SAMPLE_RATE_HZ) :]


def loudest_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(samples)


def share_of_tone(samples: np.ndarray) -> float:
    """How much of the power of one second of sound lies within 20 Hz of the tone."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    return float(power[int(TONE_HZ) - 20 : int(TONE_HZ) + 21].sum() / power.sum())


def test_camera_pictures_arrive_whole_in_size_and_colour(watched, camera, asked):
    hand_over(watched)
    frame = camera.read(20.0)
    assert frame is not None
    assert frame.pixels.shape == (480, 640, 3)
    for (row, column), colour in QUARTERS.items():
        seen = frame.pixels[row * 240 + 60 : row * 240 + 180, column * 320 + 80 : column * 320 + 240]
        assert seen.mean(axis=(0, 1)) == pytest.approx(colour, abs=14)
    later = camera.read(20.0)
    assert later is not None
    assert later.seq == frame.seq + 1
    assert later.t_s > frame.t_s
    assert camera.bad == 0
    assert camera.connected
    assert asked == ["browser"]


def test_microphone_sound_arrives_with_its_pitch_and_level(watched, microphone):
    hand_over(watched)
    samples = hear(microphone, 1.0)
    assert loudest_hz(samples) == pytest.approx(TONE_HZ, abs=2)
    assert float(np.sqrt(np.mean(samples**2))) == pytest.approx(0.5 / np.sqrt(2), rel=0.15)
    assert share_of_tone(samples) > 0.9
    assert microphone.bad == 0


def test_a_microphone_at_another_rate_is_resampled(watched, microphone, hub):
    """Some browsers join a microphone only to a context of its own rate: the recorder brings it to 16 kHz."""
    watched.page.evaluate(
        """async () => {
          const { recorder } = await import("/handover.js");
          const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
          const stream = await navigator.mediaDevices.getUserMedia({ audio: sound });
          const socket = new WebSocket(`ws://${location.host}/wire`);
          await new Promise((opened) => socket.addEventListener("open", opened));
          socket.send(JSON.stringify({ type: "Choose", source: "browser" }));
          window.kept = await recorder(stream, (block) => socket.send(block), 44_100);
        }"""
    )
    samples = hear(microphone, 1.0)
    assert loudest_hz(samples) == pytest.approx(TONE_HZ, abs=2)
    assert float(np.sqrt(np.mean(samples**2))) == pytest.approx(0.5 / np.sqrt(2), rel=0.15)
    assert share_of_tone(samples) > 0.9


def test_giving_and_stopping_are_plain_to_see(watched, asked, hub):
    page = watched.page
    assert page.is_visible("#notice")
    assert "on this computer" in page.inner_text("#notice")
    assert "Nothing is stored" in page.inner_text("#notice")
    assert page.is_hidden("#live")
    hand_over(watched)
    assert page.inner_text("#live") == "Camera and microphone on"
    assert page.is_visible("#live")
    assert page.evaluate("() => document.activeElement.id") == "take-back"
    page.keyboard.press("Enter")
    page.wait_for_selector("#hand-over", state="visible")
    assert page.is_hidden("#live")
    assert page.evaluate("() => document.activeElement.id") == "hand-over"
    page.wait_for_function("() => true")
    assert asked[0] == "browser"


def test_stopping_ends_the_stream_and_tells_the_robot(watched, hub):
    back = threading.Event()
    hub.source_requested = lambda source: back.set() if source == "sample" else None
    hand_over(watched)
    watched.page.click("#take-back")
    assert back.wait(20)


def test_closing_the_page_gives_the_robot_its_own_eyes_back(equipped, visit, server, hub):
    back = threading.Event()
    hub.source_requested = lambda source: back.set() if source == "sample" else None
    watched = visit(equipped, server.start())
    hand_over(watched)
    watched.page.context.close()
    assert back.wait(20)
    assert hub.watching == 0


def test_its_own_picture_is_shown_while_the_page_is_the_camera(watched, camera):
    hand_over(watched)
    watched.page.wait_for_function("() => document.getElementById('no-picture').hidden")
    pixel = watched.page.evaluate(
        "() => [...document.getElementById('picture').getContext('2d').getImageData(100, 100, 1, 1).data]"
    )
    assert pixel[:3] == pytest.approx(QUARTERS[0, 0], abs=14)


def test_a_browser_without_devices_says_so(launch, visit, server):
    browser = launch()
    try:
        page = visit(browser, server.start()).page
        page.click("#hand-over")
        page.wait_for_selector("#trouble", state="visible")
        assert "No camera and no microphone was found" in page.inner_text("#trouble")
        assert page.is_enabled("#hand-over")
        assert page.is_hidden("#live")
    finally:
        browser.close()


def test_a_robot_that_takes_no_camera_offers_no_button(equipped, visit):
    hub = Hub(takes_source=False)
    server = SimulatorServer(ServerSettings(port=0), hub)
    try:
        page = visit(equipped, server.start()).page
        page.wait_for_selector("#trouble", state="visible")
        assert page.inner_text("#trouble") == "This robot uses its own camera and microphone."
        assert page.is_disabled("#hand-over")
    finally:
        server.stop()


LISTEN = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...more) {
  if (target instanceof AudioDestinationNode) {
    window.analyser ??= new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 });
    connect.call(this, window.analyser);
  }
  return connect.call(this, target, ...more);
};
window.loudestHz = () => {
  if (!window.analyser) return 0;
  const levels = new Float32Array(window.analyser.frequencyBinCount);
  window.analyser.getFloatFrequencyData(levels);
  const best = levels.indexOf(Math.max(...levels));
  return levels[best] > -40 ? (best * window.analyser.context.sampleRate) / 4096 : 0;
};
"""


def tone(hz: float, seconds: float) -> Sound:
    return Sound(0, 0.0, (0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * 16_000)) / 16_000)).astype(np.float32))


def test_the_voice_plays_after_leave_was_given_and_falls_silent_when_hushed(watched, hub):
    page = watched.page
    page.evaluate(LISTEN)
    hub.sound(tone(2000.0, 1.0))
    page.click("#sound")
    page.wait_for_function("() => document.getElementById('sound').getAttribute('aria-pressed') === 'true'")
    assert page.evaluate("() => window.analyser === undefined"), "sound from before the leave must not be played late"
    hub.sound(tone(1000.0, 20.0))
    page.wait_for_function("() => Math.abs(window.loudestHz() - 1000) < 25")
    hub.hush()
    page.wait_for_function("() => window.loudestHz() === 0")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('sound').getAttribute('aria-pressed') === 'false'")
