"""The doctor: measures every part of the robot and says in plain words what is wrong with it, and how to mend it."""
