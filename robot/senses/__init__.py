"""What the robot perceives: sight and hearing."""
