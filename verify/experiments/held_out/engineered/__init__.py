"""A kernel engineered for a target: parity, by one net that can and one that cannot."""

from verify.experiments.held_out.engineered.specification import Design, Engineered

__all__ = ["Design", "Engineered"]
