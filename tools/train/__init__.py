"""Training of the models that ship with the robot: data, augmentation, network, int8 file and model directory."""
