"""Guided procedures that find out how one robot differs from its board file (`hardware.boards.calibration`)."""
