"""How fast, how regular and how small the robot is on this computer. Run with `python -m tools.benchmark`."""
