"""Tables for papers: one type, with columns that carry format, uncertainty and source.

``digits`` is what is proved, ``show`` what is printed; a printed decimal with its
printed uncertainty always contains the truth.
"""

from learnability.table.cell import Cell, Estimate, Symbolic
from learnability.table.constants import constants
from learnability.table.eigenvalues import eigenvalues
from learnability.table.named import (
    agreement,
    asymptotics,
    constant,
    learnability,
    optimal_depth,
    theory_error,
)
from learnability.table.predictions import measured_errors, prediction
from learnability.table.table import Column, Table

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
    "eigenvalues",
    "learnability",
    "measured_errors",
    "optimal_depth",
    "prediction",
    "theory_error",
]
