"""Tables for papers: one type, with columns that carry format, uncertainty and source.

``digits`` is what is proved, ``show`` what is printed; a printed decimal with its
printed uncertainty always contains the truth. The tables that papers contain are
functions with keywords: what ``learnability table NAME`` prints.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from learnability.paper_tables import (
        agreement,
        asymptotics,
        constant,
        double_descent,
        eigenvalues,
        finite_width,
        learnability,
        learned_function,
        optimal_depth,
        theory_error,
    )
    from learnability.table.cell import Cell, Estimate, Symbolic
    from learnability.table.constant_tables import constants
    from learnability.table.net_table import nets
    from learnability.table.predictions import measured_errors, prediction
    from learnability.table.table import Column, Table

_HOMES = {
    "cell": ("Cell", "Estimate", "Symbolic"),
    "constant_tables": ("constants",),
    "net_table": ("nets",),
    "predictions": ("measured_errors", "prediction"),
    "table": ("Column", "Table"),
}
_HOME = {
    name: f"learnability.table.{home}"
    for home, names in _HOMES.items()
    for name in names
}

__all__ = [
    "Cell",
    "Column",
    "Estimate",
    "Symbolic",
    "Table",
    "agreement",
    "asymptotics",
    "constant",
    "constants",
    "double_descent",
    "eigenvalues",
    "finite_width",
    "learnability",
    "learned_function",
    "measured_errors",
    "nets",
    "optimal_depth",
    "prediction",
    "theory_error",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # the tables of papers are made of those here; this face alone looks up to them
    home = _HOME.get(name, "learnability.paper_tables")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
