"""Integrals over the angle with a proved error, and the bounds that prove it."""
