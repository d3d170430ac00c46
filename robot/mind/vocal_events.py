"""A laugh, a sob, a scream or a sigh: what it says of a mood, and how far the tone around it still counts.

The tone models learn tones from speech alone and events from sounds without words, each with a head of its own. What
the tone head says of a laugh was never learned. So the tone counts as far as there is no such sound, and the event
takes its place as far as there is one: both together are one percept whose probabilities still sum to 1.
"""

import msgspec

from robot.messages import EVENT_SURE, NO_EVENT, Hearing, Percept

AFFECT: dict[str, tuple[float, float]] = {
    "laugh": (0.8, 0.6),
    "cry": (-0.7, 0.2),
    "scream": (-0.6, 0.9),
    "sigh": (-0.1, -0.4),
}
"""Valence and arousal of each event, after Russell (1980); judgement, not measurement."""

LEAST = 0.1
"""Events together less probable than this change nothing: the model is hardly ever quite sure that there is none."""


def with_events(percept: Percept) -> Percept:
    """The percept with the events of `AFFECT` among its labels; the same object where none is at all likely."""
    heard = {name: share for name, share in percept.events.items() if name in AFFECT}
    told = sum(heard.values())
    if not LEAST <= told <= 1.0:
        return percept
    left = 1.0 - told
    shares = {name: round(share, 4) for name, share in heard.items()}
    # Of a sound that was no speech there is no tone, and what is left over says nothing.
    tones = {} if percept.is_wordless else percept.probabilities
    shares |= {name: round(left * share, 4) for name, share in tones.items()}
    label = max(shares, key=lambda name: shares[name])
    if not tones:
        shares[NO_EVENT] = round(left, 4)
    valence, arousal = (
        left * of_tone + sum(share * AFFECT[name][axis] for name, share in heard.items())
        for axis, of_tone in enumerate((percept.valence, percept.arousal))
    )
    found = Percept(
        label=label,
        confidence=shares[label],
        unsure=shares[label] < EVENT_SURE if label in heard else percept.unsure,
        valence=round(valence, 4),
        arousal=round(arousal, 4),
        quality=percept.quality,
        probabilities=shares,
        events=percept.events,
    )
    return found if label in heard else msgspec.structs.replace(percept, **_changed(found))


def _changed(found: Percept) -> dict[str, object]:
    """What the events change of a percept that still is one of tone, whatever kind of percept it is."""
    return {name: getattr(found, name) for name in ("confidence", "valence", "arousal", "probabilities")}


def is_event(percept: Percept) -> bool:
    """Whether it is rather a sound without words than speech."""
    return percept.events.get(NO_EVENT, 1.0) < EVENT_SURE


def hearing_with_events(hearing: Hearing) -> Hearing:
    """The hop with the events in its tone; the same object where that changes nothing."""
    if hearing.tone is None:
        return hearing
    tone = with_events(hearing.tone)
    return hearing if tone is hearing.tone else msgspec.structs.replace(hearing, tone=tone)
