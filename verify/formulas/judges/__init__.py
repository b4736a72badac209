"""Judges of formulas: for each formula an independent second way."""
