"""Percepts as tests write them; a scenario writes the same."""

from robot.scenario.percepts import FACE_LABELS, TONE_LABELS, face, health, hearing, percept, sighting

__all__ = ["FACE_LABELS", "TONE_LABELS", "face", "health", "hearing", "percept", "sighting"]
