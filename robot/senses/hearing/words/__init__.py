"""From speech to words and commands, in a process of its own."""
