"""Speech as an engine gives it: sound, and where it knows, which phoneme starts when."""

from dataclasses import dataclass

from hardware.ports import Sound


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One phoneme in the alphabet of the IPA, stress marks and all, and when it starts, in seconds into the sound.

    An empty `name` is a pause. A stop starts with its burst; its closure lies before.
    """

    start_s: float
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Spoken(Sound):
    """A sound with its phonemes in order; none where the engine does not tell them."""

    phonemes: tuple[Phoneme, ...] = ()
