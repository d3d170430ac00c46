"""A day of the whole robot with everything open that could leak: report, trace, memory, broker and webhook.

Below the rung that allows it no word, name, picture or sound of anybody is found in any byte on disk or wire. Words
and names are made up so that nothing else could hold them.
"""

import io
import random
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from PIL import Image

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import inner_parts
from robot.body.voice.choose import build_voice
from robot.cli.main import main
from robot.config import Config, FleetSettings, HandOffSettings, RobotSettings, VoiceSettings
from robot.fleet.member import Member
from robot.hand_off.build import build_desk
from robot.memory.remembrance import Remembrance
from robot.memory.vault import Vault
from robot.messages import Health
from robot.policy import permission_for
from robot.report import Report, Run
from robot.requests import Requests
from robot.scenario.percepts import PARTS
from robot.trace import Trace, may_trace
from robot.transcript import Transcript
from tests.fleet.broker import Broker, Ear
from tests.life.visitors import Senses, visits_of_a_day

NAME = "Zephyrine"
SAID = (
    f"My name is {NAME}.",
    "The heliotrope quagmire is in bloom.",
    "Please remember my heliotrope.",
    f"I want to kill myself, says {NAME} of the quagmire.",
    "Ich heiße Zephyrine und mag Heliotrop.",
)
SECRETS = ("zephyrine", "heliotrop", "quagmire", "kill myself")
ASKS = ("remember", "yes", "why", "person")
DAY_S, VISITS = 24 * 3600.0, 4
WITH_SOMEBODY_S, ALONE_S, ASLEEP_S, SENTENCE_EVERY_S = 0.2, 0.5, 30.0, 8.0
SAMPLE = Path(__file__).parents[2] / "robot" / "simulator" / "sample"


class Inbox:
    """A webhook's server: everything that came over that wire."""

    def __init__(self):
        self.bodies = bodies = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                bodies.append(str(self.headers).encode() + self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def found_in(data):
    """The secrets that these bytes hold, in any usual encoding and case."""
    text = data.lower()
    return [
        secret
        for secret in SECRETS
        if any(secret.encode(encoding) in text for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
    ]


def files_below(folder):
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def live_a_day(config, folder, stack):
    """24 stepped hours with visitors who talk; gives everything that went over a wire."""
    broker, inbox = Broker(folder.parent).start(), Inbox()
    stack.callback(broker.stop)
    stack.callback(inbox.close)
    ear = Ear(broker.port)
    stack.callback(ear.close)
    hand_off = HandOffSettings(channels=("mqtt", "webhook"), webhook=f"http://127.0.0.1:{inbox.server.server_port}/")
    fleet = FleetSettings(enabled=True, port=broker.port, id="ada", share_moods=True, moods_every_s=60)
    config = Config(robot=config.robot, voice=VoiceSettings(engine="chirps"), hand_off=hand_off, fleet=fleet)
    member = Member(config, "1", lambda name: None)
    member.open()
    stack.callback(member.close)
    desk = build_desk(config, lambda: None, member.publish_hand_off)
    stack.callback(desk.close)
    memory = Remembrance(lambda: Vault(folder / "memory", lambda: 20_000, 30))
    stack.callback(memory.close)
    run = Run("1", 1, "none", "none", "virtual", {}, config)
    report = stack.enter_context(Report(folder / "report.jsonl"))
    report.write(run)
    listeners = [report.write, member.note, desk.note]
    if may_trace(config.robot):
        listeners.append(Trace(folder / "trace.jsonl", lambda: run).note)
    ear.wait_for(lambda topic, _: topic.endswith("/status"))
    step_through(config, memory, listeners)
    memory.wait_until_written(10.0)
    member.publish_hand_off(b'"the last"')
    ear.wait_for(lambda topic, payload: payload == b'"the last"')
    return b"\n".join([*(f"{topic} ".encode() + payload for topic, payload, _ in ear.messages), *inbox.bodies])


def step_through(config, memory, listeners):
    clock = SteppedClock()
    voice = build_voice(config.voice, RecordingSpeaker(clock, keep=2), "en", threaded=False)
    mind, body = inner_parts(config, VirtualServos(), VirtualLights(5), voice, memory=memory)
    rng = random.Random(3)
    senses, requests = Senses(visits_of_a_day(rng, VISITS)), Requests()
    allowed = permission_for(config.robot)
    parts = dict.fromkeys(PARTS, "ok")
    if not allowed.expression:
        parts |= {"face_expression": "off", "voice_tone": "off"}
    health = Health(0.0, parts)
    tell(listeners, health)
    intent, own, said, spoken_s = None, None, 0, 0.0
    while (t_s := clock.now_s()) < DAY_S:
        visit = senses.visit_at(t_s)
        transcripts = []
        if visit is not None and t_s - spoken_s >= SENTENCE_EVERY_S:
            spoken_s = t_s
            transcripts = [Transcript(f"w{said}", t_s, t_s - 2, t_s, SAID[said % len(SAID)], "en", 0.9)]
            requests.ask(ASKS[said % len(ASKS)])
            said += 1
        signals = (*mind.understand(transcripts), *requests.take(t_s))
        picture, hops = senses.look(t_s), senses.listen(t_s, own)
        if not allowed.expression:
            picture, hops = None if picture is None else strip(picture), ()
        mood, new = mind.step(t_s, picture, hops, health, signals)
        intent = new or intent
        own, pose = body.step(t_s, intent, health, camera_on=True)
        for message in (picture, *hops, *signals, mood, new, pose, *mind.reasons.drain()):
            if message is not None:
                tell(listeners, message)
        busy = visit is not None or intent.state not in ("alone", "asleep")
        pause_s = WITH_SOMEBODY_S if busy else ASLEEP_S if intent.state == "asleep" else ALONE_S
        clock.wait_s(pause_s if busy else max(WITH_SOMEBODY_S, min(pause_s, senses.next_s - t_s)))
    assert said > 10, "people talked"


def strip(picture):
    """The picture without what may not be read on this rung."""
    faces = tuple(msgspec.structs.replace(face, expression=None) for face in picture.faces)
    return msgspec.structs.replace(picture, faces=faces)


def tell(listeners, message):
    for listener in listeners:
        listener(message)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "robot", [{"consent": "presence"}, {"consent": "feelings"}, {"consent": "remember", "place": "school"}]
)
def test_below_the_rung_of_memory_no_word_and_no_name_is_anywhere(tmp_path, robot):
    folder = tmp_path / "disk"
    folder.mkdir()
    with ExitStack() as stack:
        wire = live_a_day(Config(robot=RobotSettings(**robot)), folder, stack)
    assert b"hand_off" in wire, "the wire was listened to"
    assert found_in(wire) == []
    assert {path.name: found for path in files_below(folder) if (found := found_in(path.read_bytes()))} == {}
    assert not (folder / "memory").exists(), "no memory was even made"
    if robot["consent"] == "presence" or "place" in robot:
        assert b"moods" not in wire


@pytest.mark.timeout(300)
def test_on_the_rung_of_memory_the_name_is_sealed_and_never_on_the_wire(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    with ExitStack() as stack:
        wire = live_a_day(Config(robot=RobotSettings(consent="remember")), folder, stack)
    assert found_in(wire) == []
    leaks = {path.name: found for path in files_below(folder) if (found := found_in(path.read_bytes()))}
    assert leaks.pop("report.jsonl") == ["zephyrine"], "asked for a report, it writes what it said: the search works"
    assert leaks == {}, "the trace holds no name, so that nothing is left of it once somebody is forgotten"
    lines = (folder / "report.jsonl").read_bytes().splitlines()
    assert {msgspec.json.decode(line)["type"] for line in lines if found_in(line)} == {"Intent"}, "as it was said aloud"
    assert [person.name for person in Vault(folder / "memory", lambda: 20_000, 30).people()] == [NAME]


def test_no_picture_and_no_sound_of_a_run_is_on_the_disk(tmp_path, monkeypatch):
    for variable in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR", "HOME"):
        (tmp_path / variable).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / variable))
    portrait = SAMPLE / "portrait.jpg"
    report = tmp_path / "report.jsonl"
    arguments = ["run", "--camera", f"file:{portrait}", "--duration", "4", "--pace", "max", "--quiet"]
    assert main([*arguments, "--report", str(report), "--consent", "remember"]) == 0
    assert b"happiness" in report.read_bytes(), "it saw the face"
    pixels = np.asarray(Image.open(portrait).convert("RGB"))
    rows = [pixels[row].tobytes()[300:340] for row in range(40, pixels.shape[0] - 40, 16)]
    jpeg = portrait.read_bytes()
    marks = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"OggS", b"fLaC", jpeg[2000:2032])
    for path in files_below(tmp_path):
        content = path.read_bytes()
        assert not any(mark in content for mark in marks), path
        assert not any(row in content for row in rows), path


def stretches_of(sound):
    """Bytes that a file with this sound in it would hold, as the usual sample formats write them."""
    loud = [start for start in range(0, len(sound) - 32, 1600) if np.abs(sound[start : start + 32]).min() > 100]
    parts = [sound[start : start + 32] for start in loud]
    assert len(parts) > 5, "there is sound to look for"
    return [
        stretch
        for part in parts
        for stretch in (part.astype("<i2").tobytes(), (part / 32768).astype("<f4").tobytes(), (part >> 8).tobytes())
    ]


def test_no_sound_that_was_heard_is_on_the_disk(tmp_path, monkeypatch):
    for variable in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR", "HOME"):
        (tmp_path / variable).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / variable))
    speech, report = SAMPLE / "speech.ogg", tmp_path / "report.jsonl"
    arguments = ["run", "--microphone", f"file:{speech}", "--duration", "6", "--pace", "max", "--quiet"]
    assert main([*arguments, "--report", str(report), "--consent", "remember"]) == 0
    assert b'"speaking":true' in report.read_bytes(), "it heard the voice"
    stretches = stretches_of(soundfile.read(speech, dtype="int16")[0])
    for path in files_below(tmp_path):
        content = path.read_bytes()
        assert not any(stretch in content for stretch in stretches), path


def test_the_search_for_sound_finds_it_in_a_recording(tmp_path):
    sound, rate_hz = soundfile.read(SAMPLE / "speech.ogg", dtype="int16")
    as_floats = (sound / 32768).astype(np.float32)
    for name, samples, subtype in (("short.wav", sound, "PCM_16"), ("float.wav", as_floats, "FLOAT")):
        soundfile.write(tmp_path / name, samples, rate_hz, subtype=subtype)
        assert any(stretch in (tmp_path / name).read_bytes() for stretch in stretches_of(sound)), name


def test_the_search_for_pictures_finds_one(tmp_path):
    image = Image.open(SAMPLE / "portrait.jpg")
    kept = io.BytesIO()
    image.save(kept, format="PNG")
    assert kept.getvalue().startswith(b"\x89PNG")
