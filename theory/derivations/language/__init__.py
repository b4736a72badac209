"""The language in which derivations are written: assumptions, steps, moves."""
