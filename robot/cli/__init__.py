"""The `rapport` command, one file for each sub-command."""
