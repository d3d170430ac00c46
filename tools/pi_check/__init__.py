"""An emulated Pi: arm64 Debian roots in which the installer, the models and the robot run."""
