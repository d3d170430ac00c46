"""The voice: speech whose pitch, range, rate and loudness follow the mood, and a mouth that follows the speech."""
