"""What a person runs: set-up, simulator, tests, training, benchmark."""
