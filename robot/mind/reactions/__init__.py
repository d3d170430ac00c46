"""The rooms of the behaviour: one kind of thing and the answer to it a file. See docs/reference/reactions.md."""
