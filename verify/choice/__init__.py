"""A choice: what can be reached at all, which kernel comes closest, and whether it is so."""

from verify.choice.choosing import choose
from verify.choice.chosen import Choice
from verify.choice.exact_floor import ErrorFloor, error_floor

__all__ = ["Choice", "ErrorFloor", "choose", "error_floor"]
