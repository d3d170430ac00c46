"""What people say, what it means, and what the robot says to it."""
