"""From microphone sound to `Hearing`: one every 64 ms, the same whatever blocks the sound comes in."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.config import HearingSettings
from robot.errors import InferenceError
from robot.messages import Hearing, OwnMotion, Percept
from robot.senses.hearing.chunks import Chunk, Chunks
from robot.senses.hearing.level import NoiseFloor, mean_square, power_dbfs
from robot.senses.hearing.own_noise import OwnHistory
from robot.senses.hearing.talk_over import TalkOver
from robot.senses.hearing.tone import ToneListener
from robot.senses.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity, VoiceGate, VoiceState
from robot.senses.hearing.words.listener import WordListener
from robot.senses.hearing.words.turns import Judged

HOP_CHUNKS = 2
HOP_S = HOP_CHUNKS * CHUNK_SAMPLES / SAMPLE_RATE_HZ
"""Every hop is 64 ms: two looks of the voice activity model; often enough to react, seldom enough for a log."""

LOUD_DB = 10.0
"""What stands so far above the noise around may be a laugh or a sob. Judgement: sounds of less are hardly read."""


class Ear:
    """Hears: level, voice activity and tone of voice, with the robot's own noise left out.

    `faults` counts blocks of sound that were not right and judgements that failed, `gaps` the breaks in the sound.
    """

    def __init__(
        self,
        voice_activity: VoiceActivity,
        tone: ToneListener | None,
        settings: HearingSettings,
        numbers: Iterator[int] | None = None,
        words: WordListener | None = None,
    ) -> None:
        self._voice_activity = voice_activity
        self._tone = tone
        self._words = words
        self._gate = VoiceGate.from_threshold(settings.speech_threshold, settings.hangover_s)
        self._voice = VoiceState()
        self._chunks = Chunks()
        self._own = OwnHistory()
        self._echo_cancelled = settings.echo_cancelled
        self._talk_over = TalkOver()
        self._floor = NoiseFloor()
        self._hop: list[_HeardChunk] = []
        self._numbers = itertools.count() if numbers is None else numbers
        self._tone_faults = 0

    @property
    def faults(self) -> int:
        """Blocks that were not right and judgements that failed, since the start."""
        return self._chunks.faults + self._tone_faults

    @property
    def gaps(self) -> int:
        """Breaks in the sound since the start."""
        return self._chunks.gaps

    def hear(self, sound: Sound, own: OwnMotion | None) -> tuple[Hearing, ...]:
        """The hops that `sound` completes: none, one or several. `own` is the newest message from the body.

        A message from the body holds until the next one, so each should be passed once it is there.

        Raises:
            MediaError: `sound.samples` is no one-dimensional array of floats; the block is left out and counted.
        """
        if own is not None:
            heard_own = msgspec.structs.replace(own, speaking=False) if self._echo_cancelled else own
            self._own = self._own.with_motion(heard_own)
        heard = (self._hear_chunk(chunk) for chunk in self._chunks.push(sound))
        return tuple(hearing for hearing in heard if hearing is not None)

    def _hear_chunk(self, chunk: Chunk) -> Hearing | None:
        if not chunk.continues:
            self._start_anew()
        self._own = self._own.since(chunk.start_s)
        noise = self._own.during(chunk.start_s, chunk.end_s)
        probability = self._voice_activity.probability(chunk.samples)
        duration_s = len(chunk.samples) / SAMPLE_RATE_HZ
        power = mean_square(chunk.samples)
        louder, over_own = self._compare(chunk, power, probability)
        # The robot's own voice is speech to the detector: a chunk with any of it counts as a pause of the person,
        # unless it is too loud to be that voice.
        masked = noise.voice > 0 and not louder
        self._voice = self._voice.after(0.0 if masked else probability, duration_s, self._gate)
        if noise.either == 0:
            self._floor.hear(power, duration_s, speech=self._voice.speaking or probability >= self._gate.offset)
        loud = power_dbfs(power) >= self._floor.dbfs + LOUD_DB
        if self._tone is not None:
            self._tone.hear(chunk.samples, voiced=self._voice.voiced, loud=loud, masked=noise.either > 0)
        if self._words is not None:
            self._words.hear(
                Judged(
                    chunk.samples,
                    chunk.end_s,
                    speaking=self._voice.speaking,
                    voiced=self._voice.voiced,
                    masked=masked,
                    wordless=loud and not self._voice.voiced and noise.either == 0,
                    floor_dbfs=self._floor.dbfs,
                )
            )
        self._hop.append(_HeardChunk(chunk, power, probability, noise.either, over_own))
        return self._end_hop() if len(self._hop) == HOP_CHUNKS else None

    def _compare(self, chunk: Chunk, power: float, probability: float) -> tuple[bool, bool]:
        """Whether this chunk is louder than the robot's own voice can be in it, and whether somebody talks over it."""
        louder = self._talk_over.hear(
            power_dbfs(power),
            self._own.loudest_dbfs(chunk.start_s, chunk.end_s),
            len(chunk.samples) / SAMPLE_RATE_HZ,
            speech=probability >= self._gate.onset,
        )
        return louder, self._talk_over.talking

    def _end_hop(self) -> Hearing:
        hop, self._hop = self._hop, []
        return Hearing(
            id=f"h{next(self._numbers)}",
            t_s=hop[-1].chunk.end_s,
            duration_s=HOP_S,
            level_dbfs=round(power_dbfs(sum(part.power for part in hop) / len(hop)), 2),
            speech_probability=round(min(1.0, max(0.0, *(part.probability for part in hop))), 4),
            speaking=self._voice.speaking,
            own_noise=round(sum(part.own_noise for part in hop) / len(hop), 4),
            tone=self._judge_tone(),
            over_own=any(part.over_own for part in hop),
        )

    def _judge_tone(self) -> Percept | None:
        if self._tone is None or not self._tone.due:
            return None
        try:
            tone = self._tone.judge(self._floor.dbfs)
        except InferenceError:
            self._tone_faults += 1
            return None
        if self._words is not None and tone is not None and tone.is_wordless:
            self._words.tones.note_event()
        return tone

    def _start_anew(self) -> None:
        """Sound was lost: nothing that listens over time may join what came before with what comes now."""
        self._voice_activity.reset()
        self._voice = VoiceState()
        self._hop = []
        if self._tone is not None:
            self._tone.reset()
        if self._words is not None:
            self._words.reset()


@dataclass(frozen=True, slots=True, eq=False)
class _HeardChunk:
    """What the hop needs of a chunk."""

    chunk: Chunk
    power: float
    probability: float
    own_noise: float
    over_own: bool
