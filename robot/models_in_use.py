"""The models of the robot's senses while it runs: which version reads what, and what became of a new one.

Where there is a store of updates, a model that the configuration names by its id alone is taken from there, and may be
replaced at any time: see `robot.updates.live`. One that is named with its version, or by a path, stays as it is.
"""

import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.pi.vitals import read_vitals
from hardware.ports import Accelerator
from robot.care.model_note import Running
from robot.config import Config
from robot.errors import ConfigError, ModelRefused
from robot.inference.classify import NO_EVIDENCE
from robot.inference.store import factory_models, find_model, second_opinion
from robot.messages import ModelUse, Percept
from robot.updates.bundle import version_of
from robot.updates.company import is_updating
from robot.updates.live import Held, LiveModel
from robot.updates.store import Store
from robot.updates.trial import Gate

if TYPE_CHECKING:  # the senses are imported by the threads that build them: the face lives before
    from robot.inference.model import Model
    from robot.senses.hearing.logmel import Floats, LogMelParameters
    from robot.senses.hearing.tone import ToneJudge
    from robot.senses.hearing.tone_model import ToneModel
    from robot.senses.hearing.words.turn_tone_model import TurnToneModel
    from robot.senses.hearing.words.turn_tones import TurnJudge
    from robot.senses.sight.crop import Framing
    from robot.senses.sight.expression import ExpressionJudge, ExpressionReader

    Live = (
        LiveModel["Version[ExpressionReader]"] | LiveModel["Version[ToneModel]"] | LiveModel["Version[TurnToneModel]"]
    )

J = TypeVar("J")
LOOK_EVERY_S = 1.0
STORAGE = "storage"
"""The part in `Health` that stands for the disk with the models on it; named only once something was wrong with it."""

TURN_TONE = "voice_tone_deep"

MODELS = "models"
"""The part that is `updating` while an update is at work; named only once one was."""


@dataclass(frozen=True, slots=True)
class Updates:
    """Where updated models lie, and what a candidate must do to be kept.

    Without `candidates` only versions that have proved themselves are used, and none is replaced: for a run that is
    not lived in real time.
    """

    store: Store
    gate: Gate = field(default_factory=Gate)
    candidates: bool = True
    throttled: Callable[[], bool] = lambda: bool(read_vitals().throttled)
    """Whether the machine is slowed down for heat just now."""


@dataclass(frozen=True, slots=True)
class Version(Generic[J]):
    """One version of a model, with all that was made from its manifest."""

    judge: J
    model: "Model"


class ModelsInUse:
    """The models of one robot. Without `updates` all of them are those that shipped, or that `config` names."""

    def __init__(
        self, config: Config, clock: Clock, updates: Updates | None = None, accelerator: Accelerator | None = None
    ) -> None:
        self.states: dict[str, str] = {}
        """Model to `ok`, `off` (not asked for, or forbidden) or `refused` (nothing whole); `storage`, `models`."""
        self.live: dict[str, Live] = {}
        """The models that may be replaced."""
        self._config = config
        self._clock = clock
        self._updates = updates
        self._accelerator = accelerator
        self._fixed: dict[str, Model] = {}
        self._news: deque[ModelUse] = deque(maxlen=64)
        self._looked_s = clock.now_s()
        self.awake: Callable[[], bool] = lambda: False
        """True once the robot is awake: a model that cannot be had then is `refused`, and it goes on without it."""

    def expression(self, allowed: bool) -> "Callable[[], ExpressionJudge] | None":
        """What gives the version of the face model to read the next picture with; None where there is none.

        With `allowed` False no file of any model is touched, now or later.

        Raises:
            ModelRefused: the model that the configuration names is not whole.
        """
        found = self._open("face_expression", self._config.models.face_expression, allowed, self._load_expression)
        if isinstance(found, LiveModel):
            return lambda live=found: HeldExpression(live.hold())  # type: ignore[misc]
        return None if found is None else partial(_itself, found.judge)

    def tone(self, allowed: bool) -> "Callable[[], ToneJudge] | None":
        """The same for the model that hears the tone of a voice."""
        found = self._open("voice_tone", self._config.models.voice_tone, allowed, self._load_tone)
        if isinstance(found, LiveModel):
            return lambda live=found: HeldTone(live.hold())  # type: ignore[misc]
        return None if found is None else partial(_itself, found.judge)

    def turn_tone(self, allowed: bool) -> "Callable[[], TurnJudge] | None":
        """The same for the model that gives a second opinion on whole turns."""
        reference = second_opinion(self._config.models)
        if not reference:
            return None
        found = self._open(TURN_TONE, reference, allowed, self._load_turn_tone)
        if isinstance(found, LiveModel):
            return lambda live=found: HeldTurnTone(live.hold())  # type: ignore[misc]
        return None if found is None else partial(_itself, found.judge)

    def let_go(self, model_id: str) -> None:
        """Hold on to no version of a model any longer: feelings may not be read now."""
        live = self.live.pop(model_id, None)
        if live is not None:
            live.rest()
        self._fixed.pop(model_id, None)
        self.states[model_id] = "off"

    def identities(self) -> dict[str, str]:
        """Model to `id version sha256` of what is in use now."""
        live = {model_id: live.model.model for model_id, live in list(self.live.items())}
        return {model_id: _identity(model) for model_id, model in (self._fixed | live).items()}

    def look(self, timeout_s: float) -> None:
        """Judge candidates and take up what the store has changed, once a second; waits up to `timeout_s`.

        To be called by a thread of its own: a model may be loaded here.
        """
        self._clock.wait_s(timeout_s)
        if self._clock.now_s() - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = self._clock.now_s()
        for live in list(self.live.values()):
            live.throttled = self._updates is not None and self._updates.throttled()
            live.look()
        self._look_at_storage()
        self._look_for_updates()

    def in_use(self) -> dict[str, Running]:
        """What is in use of the models that may be replaced, and how a candidate's trial goes."""
        return {model_id: _running(live) for model_id, live in list(self.live.items())}

    def rest(self) -> None:
        """The robot ends in good order: trials go on at its next start."""
        for live in list(self.live.values()):
            live.rest()

    def news(self) -> Sequence[ModelUse]:
        """What has changed since the last call, oldest first."""
        return [self._news.popleft() for _ in range(len(self._news))]

    def _look_at_storage(self) -> None:
        """A memory card that wears out goes read-only: the models in use run on, and somebody should know."""
        if self._updates is None:
            return
        try:
            read_only = bool(os.statvfs(self._updates.store.root).f_flag & os.ST_RDONLY)
        except OSError:
            # No store, or none that can be looked at: updates say what is wrong with it when they are asked.
            return
        if read_only or STORAGE in self.states:
            self.states = {**self.states, STORAGE: "read_only" if read_only else "ok"}

    def _look_for_updates(self) -> None:
        updating = self._updates is not None and is_updating(self._updates.store.root)
        if updating or MODELS in self.states:
            self.states = {**self.states, MODELS: "updating" if updating else "ok"}

    def _open(
        self, model_id: str, reference: str, allowed: bool, load: Callable[[Path], Version[J]]
    ) -> "LiveModel[Version[J]] | Version[J] | None":
        self.states[model_id] = "ok" if allowed else "off"
        if not allowed:
            return None
        updates = self._updates
        if updates is None or reference != model_id or not updates.candidates:
            try:
                version = load(self._settled(model_id, reference))
            except ModelRefused as error:
                if not self.awake():
                    raise
                self._refuse(model_id, error)
                return None
            self._fixed[model_id] = version.model
            return version
        try:
            live = LiveModel(
                model_id,
                updates.store,
                load,
                self._clock,
                updates.gate,
                told=lambda text: self._tell(model_id, text),
            )
        except ModelRefused as error:
            # A robot that cannot read feelings still sees, hears, talks and moves.
            self._refuse(model_id, error)
            return None
        self.live[model_id] = live  # type: ignore[assignment]
        if live.resolved.source in {"trial", "previous"}:
            self._tell(model_id, live.says)
        return live

    def _refuse(self, model_id: str, error: ModelRefused) -> None:
        self.states[model_id] = "refused"
        self._news.append(ModelUse(0.0, model_id, "", "refused", str(error)))

    def _settled(self, model_id: str, reference: str) -> Path:
        """The directory of a model that stays for the whole run."""
        if self._updates is None or reference != model_id:
            return find_model(reference, factory_models())
        return self._updates.store.resolve(model_id, candidate=False).directory

    def _tell(self, model_id: str, text: str) -> None:
        live = self.live.get(model_id)
        version, source = (version_of(live.resolved.name), live.resolved.source) if live else ("", "")
        self._news.append(ModelUse(0.0, model_id, version, source, text))

    def _load(self, directory: Path) -> "Model":
        from robot.inference.model import Model  # noqa: PLC0415  see above

        return Model.load(directory, self._config.inference, self._accelerator)

    def _load_expression(self, directory: Path) -> "Version[ExpressionReader]":
        from robot.senses.sight.expression import ExpressionReader  # noqa: PLC0415  see above

        model = self._load(directory)
        return Version(ExpressionReader(model), model)

    def _load_tone(self, directory: Path) -> "Version[ToneModel]":
        from robot.senses.hearing.tone import ToneListener  # noqa: PLC0415  see above
        from robot.senses.hearing.tone_model import ToneModel  # noqa: PLC0415

        model, hearing = self._load(directory), self._config.hearing
        judge = ToneModel(model)
        try:
            ToneListener(judge, hearing.tone_every_s, hearing.min_speech_s)
        except ConfigError as error:
            if directory.is_relative_to(factory_models()):
                raise
            raise ModelRefused(f"{directory}: {error}") from None
        return Version(judge, model)

    def _load_turn_tone(self, directory: Path) -> "Version[TurnToneModel]":
        from robot.senses.hearing.words.turn_tone_model import TurnToneModel  # noqa: PLC0415  see above

        model = self._load(directory)
        return Version(TurnToneModel(model), model)


class HeldExpression:
    """One version of the face model, held for one picture; its answers are counted if it is on trial."""

    def __init__(self, held: "Held[Version[ExpressionReader]]") -> None:
        self._held = held

    @property
    def framing(self) -> "Framing":
        """How the crop must lie on the face."""
        return self._held.model.judge.framing

    def judge(self, crop: NDArray[np.uint8], quality: float, evidence: Mapping[str, float] = NO_EVIDENCE) -> Percept:
        """The expression in a crop, as `ExpressionReader.judge` gives it."""
        return self._held.use(lambda version: version.judge.judge(crop, quality, evidence))


class HeldTone:
    """One version of the tone model, held while sound is gathered and judged for it."""

    def __init__(self, held: "Held[Version[ToneModel]]") -> None:
        self._held = held

    @property
    def parameters(self) -> "LogMelParameters":
        """How the frames are made."""
        return self._held.model.judge.parameters

    @property
    def frames(self) -> int:
        """How many frames a window has."""
        return self._held.model.judge.frames

    @property
    def knows_events(self) -> bool:
        """Whether it tells laughs and the like."""
        return self._held.model.judge.knows_events

    def judge(self, window: "Floats", quality: float) -> Percept:
        """The tone in a window, as `ToneModel.judge` gives it."""
        return self._held.use(lambda version: version.judge.judge(window, quality))


class HeldTurnTone:
    """One version of the second tone model, held for one turn."""

    def __init__(self, held: "Held[Version[TurnToneModel]]") -> None:
        self._held = held

    def judge(self, statistics: NDArray[np.float32], quality: float) -> Percept:
        """The tone of a turn, as `TurnToneModel.judge` gives it."""
        return self._held.use(lambda version: version.judge.judge(statistics, quality))


def _running(live: "Live") -> Running:
    trial, resolved = live.trial, live.resolved
    if trial is None:
        return Running(resolved.name, resolved.source)
    shown = trial.evidence()
    return Running(
        resolved.name,
        resolved.source,
        shown.answers,
        shown.failures,
        round(shown.used_s),
        trial.gate.duration_s,
        trial.gate.least_answers,
        round(trial.p95_ms(), 1),
    )


def _itself(judge: J) -> J:
    return judge


def _identity(model: "Model") -> str:
    """Which bytes a model is made of: id, version and hash."""
    manifest = model.manifest
    return f"{manifest.id} {manifest.version} {manifest.sha256[manifest.file]}"
