"""The lights: effects, one a file in `effects`, and the mixer that fades between them and lights the camera's lamp."""
