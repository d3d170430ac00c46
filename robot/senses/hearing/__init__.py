"""From microphone sound to a `Hearing`."""
