"""Derivations of what a choice can reach."""
