"""The tables that papers contain, by name: what ``learnability table NAME`` prints."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from learnability.paper_tables.against_regression import agreement
    from learnability.paper_tables.best_depth import optimal_depth
    from learnability.paper_tables.decay import asymptotics
    from learnability.paper_tables.feature_widths import finite_width
    from learnability.paper_tables.function_path import learned_function
    from learnability.paper_tables.least_squares import double_descent
    from learnability.paper_tables.theory_tables import (
        constant,
        eigenvalues,
        learnability,
        theory_error,
    )

TABLES = {
    "eigenvalues": "theory_tables",
    "constant": "theory_tables",
    "learnability": "theory_tables",
    "agreement": "against_regression",
    "asymptotics": "decay",
    "optimal-depth": "best_depth",
    "theory-error": "theory_tables",
    "learned-function": "function_path",
    "double-descent": "least_squares",
    "finite-width": "feature_widths",
}
"""Name on the command line → module; the function has the name with underscores."""
_HOME = {name.replace("-", "_"): home for name, home in TABLES.items()}

__all__ = [
    "agreement",
    "asymptotics",
    "constant",
    "double_descent",
    "eigenvalues",
    "finite_width",
    "learnability",
    "learned_function",
    "optimal_depth",
    "theory_error",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
