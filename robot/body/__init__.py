"""How the robot answers: face, lights, voice."""
