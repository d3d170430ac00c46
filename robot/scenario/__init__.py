"""Scenarios: short visits written as data, played to the mind, judged and drawn."""
