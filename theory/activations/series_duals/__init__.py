"""Duals that are series of squares of moments: tanh and its kin."""
