"""Implementations without hardware: files, browser, recording, silence."""
