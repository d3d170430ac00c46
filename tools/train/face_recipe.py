"""How a face network is trained: how long, how large, and how much it listens to its teachers."""

from __future__ import annotations

from dataclasses import dataclass

ORIGINS = (
    "MobileNet v1 that began as FaceRes (Savchenko 2019), which learned from VGGFace2 who somebody is, and then age "
    "and sex",
    "a residual network that began as dlib's (King 2017), which learned who somebody is from FaceScrub, VGG-Face and "
    "pictures that its maker gathered",
)
"""What each teacher is, for the card."""


@dataclass(frozen=True)
class Recipe:
    """How long, how large, and how much the student listens to the teachers.

    Teacher i sees pictures enlarged to ``teacher_sides_px[i]``; ``mixed_share`` of its batches are mixed in pairs
    (Zhang et al. 2018). ``from_teachers`` 0..1 is their share of the student's loss, ``softness`` the temperature at
    which both are compared (Hinton et al. 2015), ``from_features`` what it counts to name the first teacher's features
    too (Romero et al. 2015). The teachers answer ``views`` changed pictures of each picture, which the student's epochs
    take in turn.
    """

    teachers: int = 2
    teacher_epochs: int = 20
    student_epochs: int = 120
    views: int = 20
    width: float = 1.0
    teacher_sides_px: tuple[int, ...] = (96, 128)
    teacher_rate: float = 7e-4
    peak_rate: float = 2e-3
    from_teachers: float = 0.7
    softness: float = 2.0
    from_features: float = 1.0
    mixed_share: float = 0.3

    @classmethod
    def quick(cls) -> Recipe:
        """A minute on drawn faces, with teachers that know next to nothing."""
        return cls(teacher_epochs=3, student_epochs=8, views=2, width=0.5, teacher_sides_px=(48, 64), from_teachers=0.3)

    def told(self) -> str:
        """The recipe in words, for the card."""
        if not self.teachers:
            return f"{self.student_epochs} epochs on the labels alone."
        several = self.teachers > 1
        whose = f"the mean answer of {self.teachers} larger networks" if several else "a larger network"
        which = "the first of them" if several else "the larger network"
        learned = "They" if several else "It"
        return (
            f"{self.student_epochs} epochs, {self.from_teachers:.0%} of the loss from {whose} to the same changed "
            f"picture ({self.views} changed pictures of each), the rest from the labels; beside them it learned to "
            f"name the features of {which}, which is left out of the file. {learned} learned expressions from the "
            f"pictures named above for {self.teacher_epochs} epochs: {'; '.join(ORIGINS[: self.teachers])}. No weight "
            f"of theirs is in this file."
        )
