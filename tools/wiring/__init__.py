"""Draws how to wire a board, from its board file, so that the drawing cannot drift from the pins that are driven."""
