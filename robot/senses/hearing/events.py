"""What a percept says of laughs, sobs, screams and sighs alone, where the sound was no speech."""

from robot.messages import EVENT_SURE, NO_EVENT, Percept

MOST_NONE = 0.5
"""A sound that is more probably no event is let pass in silence."""


def events_alone(percept: Percept) -> Percept | None:
    """What a percept says of events, without its tone; None where there is rather none.

    Valence and arousal are 0: the model says them of tones.
    """
    if percept.events.get(NO_EVENT, 1.0) > MOST_NONE:
        return None
    label = max((name for name in percept.events if name != NO_EVENT), key=lambda name: percept.events[name])
    sure = percept.events[label]
    return Percept(
        label=label,
        confidence=sure,
        unsure=sure < EVENT_SURE,
        valence=0.0,
        arousal=0.0,
        quality=percept.quality,
        probabilities=percept.events,
        events=percept.events,
    )
