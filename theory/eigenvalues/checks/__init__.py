"""Closed forms against the definition, and what all levels must add up to."""
