"""Verdicts and reports, agreement within a margin, calibrated tests, intervals."""
