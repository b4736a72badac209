"""Exact statements about kernel regression on one fixed data set."""
