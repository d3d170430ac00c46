"""A language model behind a real web server on this computer: heard in time and within the rules, else a set reply."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from hardware.clock import MonotonicClock
from robot.config import Config, TalkSettings
from robot.errors import ConfigError
from robot.local_model import LocalModel, build_replies
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons
from robot.mind.talk.model import Prompt
from robot.mind.talk.phrases import replybook
from robot.transcript import Transcript
from tests.mind.percepts import face, health, hearing, sighting

PROMPT = Prompt("I got the job", "en", "tells", "work", "happy", "Companion", "home")


def completion(text):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


class Server:
    """A model's server. `answer` writes the response on the handler it is given."""

    def __init__(self, answer):
        self.requests = requests = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                answer(self)

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/chat/completions"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def serve():
    servers = []

    def start(answer):
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def sends(body, status=200):
    def answer(handler):
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs(handler):
    time.sleep(30)


def drips(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def said_by(url, within_s=0.6):
    """What the whole mind says to somebody who got a job, with the model at `url`, in real time."""
    settings = TalkSettings(url=url, within_s=within_s)
    mind = Mind(Config(talk=settings), Reasons(), Random(1), model=build_replies(settings))
    for tick in range(400):
        t_s = tick / 50
        talk = [Transcript("w0", t_s, t_s - 2, t_s - 0.5, "I got the job", "en", 0.9)] if tick == 200 else []
        heard = [hearing(tick, t_s, speaking=False)] if tick % 5 == 0 else []
        signals = mind.understand(talk)
        _, intent = mind.step(t_s, sighting(tick, t_s, face()), heard, health(), signals)
        if tick >= 200:
            if intent is not None and intent.say is not None:
                return intent.say.text
            time.sleep(0.02)
    return None


def test_it_is_asked_with_rules_and_words_and_its_answer_is_said(serve):
    server = serve(sends(completion("A new job, how exciting!")))
    assert said_by(server.url, within_s=2.0) == "A new job, how exciting!"
    (request,) = server.requests
    assert request["messages"][1] == {"role": "user", "content": "I got the job"}
    assert "English" in request["messages"][0]["content"]
    assert request["stream"] is False


@pytest.mark.parametrize(
    "answer",
    [
        hangs,
        drips,
        sends(b"busy", status=503),
        sends(b"nonsense"),
        sends(b'{"choices": []}'),
        sends(completion("You are depressed and should see a doctor.")),
        sends(completion("word " * 200)),
    ],
    ids=["hangs", "drips", "503", "nonsense", "empty", "against the rules", "too long"],
)
def test_whatever_it_does_a_set_reply_is_under_it(serve, answer):
    assert said_by(serve(answer).url) in replybook("en").phrases["tells_happy"]


def test_no_server_at_all_is_a_set_reply_too():
    assert said_by("http://127.0.0.1:9/v1/chat/completions") in replybook("en").phrases["tells_happy"]


def test_one_that_drips_holds_no_thread_for_long(serve):
    model = LocalModel(TalkSettings(url=serve(drips).url, within_s=0.2), MonotonicClock())
    with pytest.raises(OSError, match="too slowly"):
        model.write(PROMPT)


@pytest.mark.parametrize(
    "url", ["https://model.example/v1", "http://192.168.0.7/v1", "http://model.example", "ftp://localhost"]
)
def test_what_people_say_goes_to_no_other_computer(url):
    with pytest.raises(ConfigError, match=r"talk\.url.*stays on this computer"):
        build_replies(TalkSettings(url=url))


def test_without_an_address_there_is_none():
    assert build_replies(TalkSettings()) is None
