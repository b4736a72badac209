"""Exact laws and false beliefs, each with an independent second computation."""
