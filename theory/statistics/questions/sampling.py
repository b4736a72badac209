"""How the training points are drawn: independent, distinct, or with replacement.

The published equation takes independent points of a domain without repetitions. On M
points, n distinct ones follow the finite-population equation. Where a point may come
twice, or the kernel is even or odd and cannot tell x from −x, only *classes* of points
count that the kernel tells apart; their number is random, and statistics are averaged
over its law.
"""

from typing import Any

from theory.errors import OutOfDomain, meant
from theory.formula import formulas
from theory.statistics import classes, finite_population
from theory.statistics.questions.question import QUESTIONS, Question
from theory.statistics.registry import Equations

INDEPENDENT, DISTINCT, REPLACEMENT = "independent", "distinct", "replacement"
SAMPLINGS = (INDEPENDENT, DISTINCT, REPLACEMENT)

PUBLISHED = Equations(formulas["implicit_equation"])
POPULATION = Equations(
    finite_population.balance,
    finite_population.ROWS,
    (finite_population.ridge_slope,),
)
CLASSES = Equations(formulas["implicit_equation"], classes.ROWS)


def read(value: Any) -> str:
    """A sampling by its name.

    Raises
    ------
    OutOfDomain
        When it is unknown.

    Examples
    --------
    >>> read("distinct")
    'distinct'
    """
    if value not in SAMPLINGS:
        raise OutOfDomain(
            f"sampling = {value!r} must be one of {', '.join(SAMPLINGS)}"
            f"{meant(value, SAMPLINGS)}"
        )
    return str(value)


def equations(value: str) -> Equations:
    """The equations of a sampling, where the kernel tells all points apart."""
    return {INDEPENDENT: PUBLISHED, DISTINCT: POPULATION, REPLACEMENT: CLASSES}[value]


SAMPLING = QUESTIONS.register(
    Question(
        name="sampling",
        says="How training points are drawn: independent, distinct, with replacement.",
        neutral=INDEPENDENT,
        read=read,
        equations=equations,
    )
)
