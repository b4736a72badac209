"""Derivations of limits: more points than modes, and wide random features."""
