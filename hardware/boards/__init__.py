"""Board files: which pin or channel drives what, with its limits. One TOML file a board, read by `load_board`."""

from hardware.boards.board import Board, JointSpec, LightsSpec, Pca9685Spec, SoundSpec
from hardware.boards.reading import load_board, shipped_boards

__all__ = ["Board", "JointSpec", "LightsSpec", "Pca9685Spec", "SoundSpec", "load_board", "shipped_boards"]
