"""The verdicts of the theory, under the name that reports use."""

from theory.verdict import Verdict, combine

__all__ = ["Verdict", "combine"]
