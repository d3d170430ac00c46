"""The checks, one a file: `examine(subject)` yields what it found, at least one finding."""
