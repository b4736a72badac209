"""Trying a law on random cases: choices that shrink, evaluation in ℚ, cases as code."""
