"""Rapport: a companion robot that reads the room, on the device, and can say why."""
