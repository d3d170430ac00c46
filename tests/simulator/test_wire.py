import json
import socket
import threading

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from hardware.ports import Sound
from robot.messages import BodyPose, Health, Hearing, Intent, Mood, OwnMotion, Percept, Reason, Utterance
from robot.simulator.viewer import MAX_EVENTS, Viewer
from robot.simulator.wire import MAX_MESSAGE_BYTES, MAX_SOUND_BYTES, Words, encode_sound, encode_text
from robot.transcript import Transcript


def mood(number: int, label: str = "happy") -> Mood:
    return Mood(f"m{number}", float(number), label, 0.8, 0.6, 0.3, 0.7, 0.3, ("s1",))


def reason(number: int) -> Reason:
    return Reason(f"r{number}", float(number), "mood", "happy", f"I saw smile {number}.", ("s1",))


def intent(number: int, say: str | None = None) -> Intent:
    words = Utterance(say, "en", 0.5, 0.2) if say else None
    return Intent(f"i{number}", float(number), "attending", 0.4, 0.1, 0.0, 0.0, "glow", 0.6, (), say=words)


def pose(t_s: float, **angles: float) -> BodyPose:
    return BodyPose(t_s, angles, ((1.0, 0.5, 0.0),))


def hearing(number: int, with_tone: bool = False) -> Hearing:
    tone = Percept("happy", 0.7, False, 0.5, 0.4, 1.0, {"happy": 0.7, "sad": 0.3}) if with_tone else None
    return Hearing(f"h{number}", number * 0.032, 0.032, -30.0, 0.9, True, 0.0, tone)


def test_a_message_reaches_a_watching_page(visitor, hub):
    page = visitor.connect()
    page.until("Source")
    hub.publish(mood(1))
    assert page.until("Mood")["label"] == "happy"


def test_what_was_said_reaches_the_open_pages_and_no_page_that_comes_later(visitor, hub):
    page = visitor.connect()
    page.until("Source")
    hub.words(Transcript("w0", 1.0, 0.0, 1.0, "the heliotrope is in bloom", "en", 0.9))
    assert page.until("Words") == {
        "type": "Words",
        "text": "the heliotrope is in bloom",
        "language": "en",
        "command": False,
    }
    later = hub.join()
    assert not any(isinstance(message, Words) for message in hub.take(later)[0])


def test_watching_counts_open_pages(visitor, hub):
    assert hub.watching == 0
    first, second = visitor.connect(), visitor.connect()
    first.until("Source")
    second.until("Source")
    assert hub.watching == 2


def test_two_pages_get_the_same(visitor, hub):
    pages = [visitor.connect(), visitor.connect()]
    for page in pages:
        page.until("Source")
    hub.publish(reason(1))
    assert [page.until("Reason")["text"] for page in pages] == ["I saw smile 1."] * 2


def test_a_page_that_comes_late_gets_the_present_state_and_the_last_reasons(visitor, hub):
    for message in (mood(1), mood(2, "sad"), pose(2.0, jaw=5.0), Health(2.0, {"camera": "ok"}), intent(1)):
        hub.publish(message)
    for number in range(30):
        hub.publish(reason(number))
    page = visitor.connect()
    first = json.loads(page.receive())
    kinds = {message["type"] for message in first}
    assert {"Mood", "BodyPose", "Health", "Intent", "Source"} <= kinds
    assert [m["label"] for m in first if m["type"] == "Mood"][-1] == "sad"
    assert [m["id"] for m in first if m["type"] == "Reason"] == [f"r{number}" for number in range(18, 30)]


def test_a_page_that_comes_late_does_not_hear_old_words_again(visitor, hub):
    hub.publish(intent(1, say="Hello!"))
    page = visitor.connect()
    late = page.until("Intent")
    assert late["state"] == "attending"
    assert late["say"] is None


def test_own_motion_is_shown_but_not_kept():
    late = Viewer()
    late.put(OwnMotion(1.0, 0.5, False))
    messages, _ = late.take()
    assert messages == [OwnMotion(1.0, 0.5, False)]


def test_new_state_replaces_old_and_no_event_is_lost():
    tray = Viewer()
    for number in range(100):
        tray.put(pose(number / 50, jaw=float(number)))
    for number in range(10):
        tray.put(reason(number))
    tray.put(intent(1, say="One."))
    tray.put(intent(2, say="Two."))
    tray.put(intent(3))
    messages, _ = tray.take()
    assert [m.angles_deg["jaw"] for m in messages if isinstance(m, BodyPose)] == [99.0]
    assert [m.id for m in messages if isinstance(m, Reason)] == [f"r{number}" for number in range(10)]
    assert [m.say.text for m in messages if isinstance(m, Intent) and m.say] == ["One.", "Two."]
    assert tray.take() == ([], [])


def test_a_tone_is_not_pushed_out_by_the_next_hop():
    tray = Viewer()
    tray.put(hearing(1, with_tone=True))
    tray.put(hearing(2))
    messages, _ = tray.take()
    assert [m.id for m in messages] == ["h1", "h2"]


def test_messages_keep_the_order_in_which_they_came():
    tray = Viewer()
    tray.put(mood(1))
    tray.put(reason(1))
    tray.put(pose(1.0))
    assert [type(m).__name__ for m in tray.take()[0]] == ["Mood", "Reason", "BodyPose"]


def test_a_tray_that_nobody_empties_stays_small_and_counts_what_it_lost():
    tray = Viewer()
    for number in range(MAX_EVENTS + 5):
        tray.put(reason(number))
    for _ in range(3):
        tray.put_picture(b"\x01" + b"x" * 1000)
    for _ in range(100):
        tray.put_sound(b"\x02" + b"x" * 32_000)
    messages, binary = tray.take()
    assert len(messages) == MAX_EVENTS
    assert messages[0].id == "r5"
    assert sum(len(frame) for frame in binary) < 1_100_000
    assert tray.lost == 5 + 2 + (100 - (len(binary) - 1))


def test_hush_forgets_waiting_sound_and_says_so():
    tray = Viewer()
    tray.put_sound(b"\x02xx")
    tray.hush()
    tray.put_sound(b"\x02yy")
    messages, binary = tray.take()
    assert [type(m).__name__ for m in messages] == ["Hush"]
    assert binary == [b"\x02yy"]


def test_pictures_and_sound_arrive_as_they_were_given(visitor, hub):
    page = visitor.connect()
    page.until("Source")
    hub.picture(b"\xff\xd8picture")
    hub.sound(Sound(0, 0.0, np.array([0.0, 1.0, -1.0, 2.0, np.nan], np.float32)))
    frames: dict[int, bytes] = {}
    while set(frames) != {1, 2}:
        frame = page.receive()
        if isinstance(frame, bytes):
            frames[frame[0]] = frame[1:]
    assert frames[1] == b"\xff\xd8picture"
    assert np.frombuffer(frames[2], "<i2").tolist() == [0, 32767, -32767, 32767, 0]


def test_nan_in_a_message_is_still_json():
    assert json.loads(encode_text([pose(1.0, jaw=float("nan"))]))[0]["angles_deg"]["jaw"] is None


def test_sound_is_one_byte_and_int16():
    assert encode_sound(np.zeros(3, np.float32)) == b"\x02" + b"\x00" * 6


def test_a_page_hands_over_its_camera_and_takes_it_back(visitor, hub):
    asked, pictures, sounds = [], [], []
    hub.source_requested, hub.on_camera, hub.on_microphone = asked.append, pictures.append, sounds.append
    page = visitor.connect()
    page.until("Source")
    page.send(b"\x11too early")
    page.choose("browser")
    assert page.until("Source") == {"type": "Source", "source": "browser", "yours": True, "possible": True}
    page.send(b"\x11jpeg")
    page.send(b"\x12pcm!")
    page.choose("sample")
    assert page.until("Source")["source"] == "sample"
    page.send(b"\x11too late")
    page.choose("sample")
    page.until("Source")
    assert asked == ["browser", "sample"]
    assert pictures == [b"jpeg"]
    assert sounds == [b"pcm!"]


def test_a_page_that_closes_takes_its_camera_with_it(visitor, hub):
    gone = threading.Event()
    hub.source_requested = lambda source: gone.set() if source == "sample" else None
    page = visitor.connect()
    page.choose("browser")
    page.until("Source", yours=True)
    page.close()
    assert gone.wait(20)


def test_the_latest_page_to_hand_over_wins_and_the_other_is_told(visitor, hub):
    pictures = []
    hub.on_camera = pictures.append
    first, second = visitor.connect(), visitor.connect()
    first.choose("browser")
    first.until("Source", yours=True)
    second.choose("browser")
    second.until("Source", yours=True)
    assert first.until("Source", yours=False)["source"] == "browser"
    first.send(b"\x11from the first")
    first.choose("sample")
    first.until("Source")
    second.send(b"\x11from the second")
    second.choose("sample")
    second.until("Source", yours=False)
    assert pictures == [b"from the second"]


def test_pictures_go_to_pages_that_have_no_camera_of_their_own_in_use(visitor, hub):
    assert not hub.wants_picture
    page = visitor.connect()
    page.until("Source")
    assert hub.wants_picture
    page.choose("browser")
    page.until("Source", yours=True)
    assert not hub.wants_picture


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "not json",
        "[]",
        '{"type": "Mood"}',
        '{"type": "Choose", "source": "elsewhere"}',
        '{"type": "Choose", "source": "browser", "more": 1}',
        '{"type": "Choose", "source": "browser"}' + " " * 300,
        b"",
        b"\x00",
        b"\x01picture to the wrong side",
        b"\xff" * 100,
        b"\x12" + b"x" * (MAX_SOUND_BYTES + 1),
    ],
)
def test_f56_garbage_closes_the_connection_and_nothing_else(visitor, hub, garbage):
    good = visitor.connect()
    good.until("Source")
    bad = visitor.connect()
    bad.send(garbage)
    with pytest.raises(ConnectionClosed) as closed:
        bad.until("never")
    assert closed.value.rcvd.code == 1008
    hub.publish(mood(1))
    assert good.until("Mood")["id"] == "m1"


def test_f56_an_oversized_message_closes_the_connection(visitor, hub):
    page = visitor.connect()
    page.choose("browser")
    page.send(b"\x11" + b"x" * MAX_MESSAGE_BYTES)
    with pytest.raises(ConnectionClosed) as closed:
        page.until("never")
    assert closed.value.rcvd.code == 1009


def test_f56_a_flood_is_thinned_and_then_shown_the_door(visitor, hub):
    pictures = []
    hub.on_camera = pictures.append
    page = visitor.connect()
    page.choose("browser")
    with pytest.raises(ConnectionClosed) as closed:
        for _ in range(100_000):
            page.send(b"\x11jpeg")
    assert closed.value.rcvd.code == 1008
    assert 0 < len(pictures) < 1000


def test_f57_a_ninth_page_is_asked_to_come_later(visitor, hub):
    pages = [visitor.connect() for _ in range(8)]
    for page in pages:
        page.until("Source")
    with pytest.raises(ConnectionClosed) as closed:
        visitor.connect().receive()
    assert closed.value.rcvd.code == 1013
    assert "close one" in closed.value.rcvd.reason


def slow_reader(visitor) -> socket.socket:
    """A page that shakes hands and then never reads, with as small a receive buffer as the system gives."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.settimeout(20)
    host, port = visitor.host.split(":")
    raw.connect((host, int(port)))
    raw.sendall(
        f"GET /wire HTTP/1.1\r\nHost: {visitor.host}\r\nOrigin: {visitor.origin}\r\nCookie: {visitor.cookie}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert b"101" in raw.recv(64)
    return raw


def test_f57_a_page_that_does_not_read_holds_up_neither_the_robot_nor_another_page(visitor, hub):
    with slow_reader(visitor):
        good = visitor.connect()
        good.until("Source")
        assert hub.watching == 2
        for number in range(300):
            hub.picture(b"x" * 100_000)
            hub.sound(Sound(number, 0.0, np.zeros(16_000, np.float32)))
            hub.publish(reason(number))
        hub.publish(mood(9))
        assert good.until("Mood")["id"] == "m9"


def test_many_threads_may_publish_at_once(visitor, hub):
    page = visitor.connect()
    page.until("Source")
    threads = [threading.Thread(target=lambda: [hub.publish(pose(i / 50)) for i in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hub.publish(reason(77))
    assert page.until("Reason")["id"] == "r77"


def test_stopping_the_server_tells_the_pages(visitor, hub, server):
    page = visitor.connect()
    page.until("Source")
    server.stop()
    with pytest.raises(ConnectionClosed) as closed:
        page.until("never")
    assert closed.value.rcvd.code in (1001, 1012)
    assert hub.watching == 0


def test_f57_a_thousand_clients_are_refused_and_the_page_that_is_open_goes_on(visitor, hub):
    page = visitor.connect()
    page.until("Source")
    host, port = visitor.host.split(":")
    answers = []
    for _ in range(4):
        crowd = [socket.create_connection((host, int(port)), timeout=20) for _ in range(250)]
        for client in crowd:
            client.sendall(b"GET / HTTP/1.1\r\n")
        hub.publish(mood(1))
        assert page.until("Mood")["id"] == "m1", "in the middle of the crowd"
        for client in crowd:
            client.sendall(f"Host: {visitor.host}\r\n\r\n".encode())
        answers += [client.recv(16).split()[1] for client in crowd]
        for client in crowd:
            client.close()
    assert len(answers) == 1000
    assert set(answers) <= {b"403", b"503"}
    assert b"503" in answers
    assert hub.watching == 1
