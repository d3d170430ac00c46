"""What the robot makes of its percepts: mood, behaviour, reasons."""
