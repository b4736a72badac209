"""Mutants of every formula, and the judges that must refute them."""

from verify.formulas.mutate import Mutant, mutants
from verify.formulas.registry import JUDGES, judge, judges_of

__all__ = ["JUDGES", "Mutant", "judge", "judges_of", "mutants"]
