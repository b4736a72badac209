"""The constant C: its equation, learnabilities, level sums, bounds."""

from theory.constant.definition import (
    EIGENLEARNING,
    L,
    U,
    balance,
    complement,
    constant_by_eigenvalue,
    constant_by_ridge,
    constant_by_samples,
    learnability_of_mode,
    susceptibility,
    total,
    trace_bound,
    unlearned_of_mode,
)

__all__ = [
    "EIGENLEARNING",
    "L",
    "U",
    "balance",
    "complement",
    "constant_by_eigenvalue",
    "constant_by_ridge",
    "constant_by_samples",
    "learnability_of_mode",
    "susceptibility",
    "total",
    "trace_bound",
    "unlearned_of_mode",
]
