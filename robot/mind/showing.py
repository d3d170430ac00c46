"""What the robot shows in a step: look, light and gaze, put together with its words and sounds into an `Intent`."""

from math import hypot

from robot.messages import Intent, Mood, Utterance
from robot.mind.attention import Focus
from robot.mind.blackboard import Blackboard, Step
from robot.mind.decision import DOES
from robot.mind.faculties import FAULTS, SAYS
from robot.mind.statechart import ENGAGED
from robot.mind.wording import NOTICES

GAZE_STEP_DEG = 2.0
"""A smaller move of the gaze is not worth a new intent: a face's box jitters by about a degree."""

FAULT_LIGHT_S = 3.0
"""With company, the fault light gives way to the state's own after this; alone it stays, for whoever looks after it."""

CALMER = 0.4
"""How much arousal a robot without any energy would lose."""

NEWCOMER_LIGHT_S = 0.8
"""How long the light answers somebody who joins a company."""


class Showing:
    """Makes the intents."""

    def __init__(self) -> None:
        self._look = self._light = ""
        self._intent: Intent | None = None
        self._count = 0

    @property
    def begun(self) -> bool:
        """True once there was an intent."""
        return self._intent is not None

    def intend(self, board: Blackboard, step: Step) -> Intent | None:
        """What should be shown and uttered now; None if that is what is already meant."""
        t_s, mood = step.t_s, step.mood
        manner = board.persona.manner_in(board.now.state)
        feeling = _calmed(manner.show(mood.valence, mood.arousal), board.energy)
        pan_deg, tilt_deg = _gaze_deg(board, step.focus)
        light = _pick_light(board, t_s, manner.light)
        self._tell_look(board, step, manner.look, light)
        say, chirp = _utter(board, step, feeling), _sound(board, step)
        last = self._intent
        only_moved = False
        if last is not None and not step.cited:
            moved = hypot(pan_deg - last.gaze_pan_deg, tilt_deg - last.gaze_tilt_deg) >= GAZE_STEP_DEG
            felt = feeling != (last.valence, last.arousal)
            if not moved and not felt:
                return None
            only_moved = not felt
            step.cited = _cite_change(board, mood, felt, moved)
        intent = Intent(
            id=f"i{self._count}",
            t_s=round(t_s, 6),
            state=board.now.state,
            valence=feeling[0],
            arousal=feeling[1],
            gaze_pan_deg=pan_deg,
            gaze_tilt_deg=tilt_deg,
            light=light[0],
            liveliness=round(manner.liveliness * board.energy, 3),
            because=tuple(dict.fromkeys(step.cited)),
            say=say,
            chirp=chirp,
            hush=step.hush,
            still=t_s < board.still_until_s,
            loudness=round(board.loudness, 3),
            notice=step.notice,
            fetch=step.fetch,
            hand_off=step.hand_off,
        )
        self._count += 1
        self._intent = intent
        if not only_moved:  # following a face would flood the ring
            board.reasons.note(intent.id, f"I look {manner.look} and my light is {light[0]}", intent.because)
        return intent

    def _tell_look(self, board: Blackboard, step: Step, look: str, light: tuple[str, str]) -> None:
        because = (board.state_id,)
        if look != self._look:
            self._look = look
            text = f"I look {look} because {board.why}"
            step.cited.append(board.reasons.add(step.t_s, "expression", look, text, because))
        effect, why = light
        if effect != self._light:
            self._light = effect
            text = f"My light is {effect} because {why}"
            step.cited.append(board.reasons.add(step.t_s, "light", effect, text, because))


def _calmed(feeling: tuple[float, float], energy: float) -> tuple[float, float]:
    """What is shown with less energy: the same valence, less arousal, in steps of 0.05."""
    valence, arousal = feeling
    return valence, max(-1.0, round((arousal - (1 - energy) * CALMER) * 20) / 20)


def _gaze_deg(board: Blackboard, focus: Focus) -> tuple[float, float]:
    """Towards the face that this is about, straight ahead where there is none."""
    if board.presence.face.count == 0:
        return 0.0, 0.0
    return focus.look_pan_deg, focus.look_tilt_deg


def _pick_light(board: Blackboard, t_s: float, own: str) -> tuple[str, str]:
    """The light and why: the state's own, unless there is more to say.

    Somebody who joins is greeted by the light at once, since a look that is begun is not broken off. A fault shows
    for as long as nobody is there, and for a moment with company.
    """
    state = board.now.state
    broken = board.faculties & FAULTS
    if broken and (state in ("alone", "asleep") or t_s - board.fault_s < FAULT_LIGHT_S):
        return "fault", " and ".join(SAYS[fault] for fault in sorted(broken))
    if state in ENGAGED and t_s - board.newcomer_s < NEWCOMER_LIGHT_S:
        return board.persona.manner_in("noticing").light, "somebody else came into view"
    return own, DOES[state]


def _cite_change(board: Blackboard, mood: Mood, felt: bool, moved: bool) -> list[str]:
    cited = [board.state_id]
    if felt:
        cited.append(mood.id)
    if moved and board.presence.face.last is not None:
        cited += board.reasons.cite(board.presence.face.last)
    return cited


def _utter(board: Blackboard, step: Step, feeling: tuple[float, float]) -> Utterance | None:
    if "voiceless" in board.faculties or board.now.state == "asleep":
        return None
    said = board.speech.utter(step.t_s, board.presence.speaking(step.t_s), feeling, step.cited)
    if said is None:
        return None
    for key, phrase in said.phrases:
        board.waiting.spoke(key)
        if key in NOTICES:
            step.notice = phrase
    return said.utterance


def _sound(board: Blackboard, step: Step) -> str | None:
    vocal = "voiceless" not in board.faculties
    chirp = board.speech.sound(step.t_s, board.presence.speaking(step.t_s), vocal, step.cited)
    if chirp is not None:
        board.waiting.chirped()
    return chirp
