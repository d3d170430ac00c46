"""A rollout lived by thousands of robots before it is lived by one: the robots' own code, on simulated days."""
