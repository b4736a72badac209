"""A choice: what can be reached at all, which kernel comes closest, and whether it is so."""

from verify.choice.exact_floor import ErrorFloor, error_floor

__all__ = ["ErrorFloor", "error_floor"]
