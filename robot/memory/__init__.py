"""The people whom the robot was allowed to remember: encrypted, with an end, and forgotten for good when asked."""
