"""The robot's parts and the ports they plug into. Imports nothing from `robot`."""
