"""What to do next: from the state, who is there and the mood to at most one event of the statechart. Pure functions."""

from dataclasses import dataclass

from robot.config import BehaviourSettings
from robot.messages import Mood
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import LOOKS
from robot.mind.presence import SIGHTINGS_TO_MEET, SIGHTINGS_TO_NOTICE, Presence, Trail
from robot.mind.reasons import Cause, Clue
from robot.mind.statechart import ENGAGED

ANSWERS: dict[str, str] = {
    "neutral": "attending",
    "happy": "sharing_joy",
    "sad": "comforting",
    "afraid": "comforting",
    "angry": "calming",
    "surprised": "curious",
    UNSURE: "curious",
}
"""The engaged state that answers each mood."""

ANSWER_EVENTS: dict[str, str] = {
    "attending": "attend",
    "sharing_joy": "share_joy",
    "comforting": "comfort",
    "calming": "calm",
    "curious": "wonder",
}

DOES: dict[str, str] = {
    "asleep": "I fall asleep",
    "alone": "I am by myself",
    "noticing": "I turn to you",
    "attending": "I pay attention to you",
    "sharing_joy": "I share your joy",
    "comforting": "I comfort you",
    "calming": "I stay calm for you",
    "curious": "I am curious about you",
    "parting": "I say goodbye",
}
"""Each behaviour state as the start of a reason."""

CLEARING = 0.5
"""An unsure mood whose best guess is at least this sure is about to clear: curiosity would come just too late."""

LOOKED_AWAY = "looked_away"
"""The cause of taking leave of somebody who is still in view."""

PAUSE_S = 1.0
"""A voice silent this long no longer holds the robot back from saying goodbye to a face that has gone."""


@dataclass(slots=True)
class Situation:
    """What a decision rests on. Times are on the robot's clock.

    `entered_s` is when the leaf state was entered, `engaged_s` when the robot turned to this person, `blind_s` when
    sight was last lost, `unsure_s` when the mood was last sure. `answered` is True once a mood has been answered in
    this meeting; `sees` and `reads` say whether faces and feelings can be perceived at all. `sent_to_sleep` is True
    while it sleeps because it was told to, whoever is there.
    """

    state: str
    entered_s: float
    engaged_s: float
    blind_s: float
    unsure_s: float
    answered: bool
    sees: bool
    reads: bool
    sent_to_sleep: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """An event to send, why in plain words and as a cause, and what stands behind it: clues or the mood."""

    event: str
    why: str
    cause: Cause
    clues: tuple[Clue, ...] = ()
    mood_id: str | None = None


def decide(t_s: float, now: Situation, presence: Presence, mood: Mood, settings: BehaviourSettings) -> Decision | None:
    """The event that is due, or None. Called until it gives None; no two decisions undo each other."""
    match now.state:
        case "asleep":
            return None if now.sent_to_sleep else _notice(t_s, presence)
        case "alone":
            return _notice(t_s, presence) or _doze(t_s, now, settings)
        case "noticing":
            return _meet(t_s, presence, settings)
        case "parting":
            return _after_goodbye(t_s, now, presence, settings)
    return _leave(t_s, now, presence, settings) or _answer(t_s, now, presence, mood, settings)


def _notice(t_s: float, presence: Presence) -> Decision | None:
    trail = presence.noticed(t_s)
    if trail is None:
        return None
    if trail is presence.face:
        return Decision("notice", "a face came into view", Cause("face_came"), _clues(trail))
    return Decision("notice", "I hear a voice", Cause("voice_came"), _clues(trail))


def _doze(t_s: float, now: Situation, settings: BehaviourSettings) -> Decision | None:
    if t_s - now.entered_s < settings.sleep_after_s:
        return None
    alone_s = settings.sleep_after_s
    return Decision("doze", f"nobody has been here for {alone_s:.0f} s", Cause("nobody_here", alone_s))


def _meet(t_s: float, presence: Presence, settings: BehaviourSettings) -> Decision | None:
    trail = presence.met(t_s, settings.notice_s)
    if presence.called(t_s):
        return Decision("engage", "you called me", Cause("called"), () if trail is None else _clues(trail))
    if trail is not None:
        seen = trail is presence.face
        if seen and _keeps_to_themselves(t_s, trail, presence, settings):
            return None
        if seen and (greeting := _greeted_by(t_s, presence)) is not None:
            why, cause = greeting
            return Decision("engage", why, cause, _clues(trail))
        sign = "your face has been in view" if seen else "I have heard you"
        cause = Cause("face_stayed" if seen else "voice_stayed", trail.length_s)
        return Decision("engage", f"{sign} for {trail.length_s:.1f} s", cause, _clues(trail))
    if presence.noticed(t_s) is None:
        return Decision("miss", "whoever it was has gone again", Cause("gone_again"))
    return None


def _keeps_to_themselves(t_s: float, trail: Trail, presence: Presence, settings: BehaviourSettings) -> bool:
    """True for somebody who is known to look elsewhere, for a while: who cannot look is greeted a little later."""
    averted = presence.eyes.averted_s(t_s) is not None and not presence.hailed(t_s)
    return averted and trail.length_s < settings.shy_s - 1e-6


def _greeted_by(t_s: float, presence: Presence) -> tuple[str, Cause] | None:
    """How somebody has shown that they mean the robot; None if they have not, or it cannot be told."""
    if presence.hailed(t_s):
        return "you waved", Cause("waved")
    met_s = presence.eyes.met_s(t_s)
    return None if met_s is None else (f"you have looked at me for {met_s:.1f} s", Cause("eye_contact", met_s))


def _after_goodbye(t_s: float, now: Situation, presence: Presence, settings: BehaviourSettings) -> Decision | None:
    face = presence.face
    if face.last_s > now.entered_s and face.count >= SIGHTINGS_TO_NOTICE and not presence.let_be:
        return Decision("come_back", "your face is back", Cause("face_back"), _clues(face))
    if t_s - now.entered_s < settings.parting_s:
        return None
    return Decision("rest", "you have gone", Cause("you_left"))


def _leave(t_s: float, now: Situation, presence: Presence, settings: BehaviourSettings) -> Decision | None:
    """Goodbye to a face that has gone, unless its voice is still there; a voice that fades is let go without a word."""
    face, voice = presence.face, presence.voice
    if now.sees and face.count >= SIGHTINGS_TO_MEET:
        averted_s = presence.eyes.averted_s(t_s)
        if averted_s is not None and averted_s >= settings.averted_s and not voice.fresh(t_s, settings.averted_s):
            cause = Cause(LOOKED_AWAY, averted_s)
            return Decision("leave", f"you have looked away for {averted_s:.0f} s", cause, _clues(face))
        gone_s = t_s - face.last_s
        if gone_s < settings.lost_face_s or voice.fresh(t_s, min(PAUSE_S, settings.lost_face_s)):
            return None
        return Decision(
            "leave", f"your face has been gone for {gone_s:.1f} s", Cause("face_gone", gone_s), _clues(face)
        )
    quiet_s = t_s - max(face.last_s, voice.last_s, now.engaged_s, now.blind_s)
    if quiet_s < settings.voice_lost_s:
        return None
    return Decision("fade", f"I have heard nobody for {quiet_s:.0f} s", Cause("voice_gone", quiet_s), _clues(voice))


def _answer(t_s: float, now: Situation, presence: Presence, mood: Mood, settings: BehaviourSettings) -> Decision | None:
    """Answer the mood after the dwell time; the first sure mood of a meeting at once."""
    target = ANSWERS[mood.label] if now.reads else "attending"
    if target == now.state or now.state not in ENGAGED:
        return None
    unsure = now.reads and mood.label == UNSURE
    if unsure and not _wonders(t_s, now, presence, mood, settings):
        return None
    first = not now.answered and now.reads and not unsure
    if not first and t_s - now.entered_s < settings.min_state_s:
        return None
    if not now.reads:
        return Decision(ANSWER_EVENTS[target], "I cannot read feelings now", Cause("cannot_read"))
    sure = "I am not sure how you feel" if mood.label == UNSURE else f"you seem {LOOKS[mood.label]}"
    return Decision(ANSWER_EVENTS[target], f"{sure} ({mood.confidence:.2f} sure)", Cause(mood.label), mood_id=mood.id)


def _wonders(t_s: float, now: Situation, presence: Presence, mood: Mood, settings: BehaviourSettings) -> bool:
    """Curiosity needs somebody there to be curious about, and a mood that has been unsure for a while and stays so."""
    there = any(trail.fresh(t_s, settings.lost_face_s) for trail in (presence.face, presence.voice))
    unsure_s = t_s - max(now.unsure_s, now.engaged_s)
    return there and mood.confidence < CLEARING and unsure_s >= settings.curious_after_s


def _clues(trail: Trail) -> tuple[Clue, ...]:
    return () if trail.last is None else (trail.last,)
