"""How good a model is on labelled faces and voices: beside the robot, never part of its life."""
