"""A language model that runs on this computer, asked over its web interface: chat completions, as most servers have.

It only suggests: `robot.mind.talk.model.fit_to_say` decides what is said, and a set reply is said when it is late.
"""

from urllib.parse import urlsplit

import msgspec
import urllib3

from hardware.clock import Clock, MonotonicClock
from robot.config import TalkSettings
from robot.errors import ConfigError
from robot.mind.talk.model import MOST_LETTERS, Prompt, ThreadedReplies

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_ANSWER_BYTES = 16_384
MOST_TOKENS = 48
"""Two short sentences; a slow computer is not to think about words that nobody will hear."""

LANGUAGES = {"en": "English", "de": "German"}

ORDERS = (
    "You are the voice of a small companion robot, at a {place}. Answer in {language}, in one short friendly sentence "
    "of at most {letters} letters. Name no illness, give no advice, do not say how the person feels, promise nothing, "
    "and ask for nothing private. The person seems {mood}; be the {persona}."
)


class _Said(msgspec.Struct):
    content: str


class _Choice(msgspec.Struct):
    message: _Said


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class LocalModel:
    """Asks for one answer. Whatever goes wrong is raised; `ThreadedReplies` counts it and nothing is said of it.

    Raises:
        ConfigError: the address is none of this computer: what a person said goes nowhere else.
    """

    def __init__(self, settings: TalkSettings, clock: Clock) -> None:
        self._clock = clock
        place = urlsplit(settings.url)
        if place.scheme != "http" or place.hostname not in LOOPBACK:
            raise ConfigError(
                f"talk.url = {settings.url!r}: what people say stays on this computer; "
                "use http://127.0.0.1:PORT/v1/chat/completions"
            )
        self._url, self._model, self._within_s = settings.url, settings.model, settings.within_s
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=settings.within_s), retries=False, maxsize=2)

    def write(self, prompt: Prompt) -> str:
        """The model's answer.

        Raises:
            OSError: no answer, a late one, or none that makes sense.
        """
        ends_s = self._clock.now_s() + self._within_s
        try:
            answer = self._pool.request(
                "POST", self._url, json=self._request(prompt), redirect=False, preload_content=False
            )
            body = b""
            while len(body) <= LONGEST_ANSWER_BYTES and (part := answer.read1(4096)):
                body += part
                if self._clock.now_s() > ends_s:
                    raise OSError("the model talks too slowly")
            answer.release_conn()
            completion = msgspec.json.decode(body, type=_Completion)
        except (urllib3.exceptions.HTTPError, msgspec.MsgspecError) as error:
            raise OSError(f"{type(error).__name__}: {error}") from None
        if answer.status != 200 or not completion.choices:
            raise OSError(f"the model answered {answer.status}")
        return completion.choices[0].message.content

    def _request(self, prompt: Prompt) -> dict[str, object]:
        orders = ORDERS.format(
            place=prompt.place,
            language=LANGUAGES.get(prompt.language, "English"),
            letters=MOST_LETTERS,
            mood=prompt.mood,
            persona=prompt.persona,
        )
        messages = [{"role": "system", "content": orders}, {"role": "user", "content": prompt.text}]
        named = {"model": self._model} if self._model else {}
        return {**named, "messages": messages, "max_tokens": MOST_TOKENS, "stream": False}


def build_replies(settings: TalkSettings) -> ThreadedReplies | None:
    """The model that the configuration names; None where it names none.

    Raises:
        ConfigError: its address is not of this computer.
    """
    return ThreadedReplies(LocalModel(settings, MonotonicClock()).write) if settings.url else None
