"""Judges of the duals of activations."""
