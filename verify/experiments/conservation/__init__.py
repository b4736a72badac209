"""The conservation law on nets: all modes of a small domain, and their learnabilities' sum."""

from verify.experiments.conservation.specification import Conservation

__all__ = ["Conservation"]
