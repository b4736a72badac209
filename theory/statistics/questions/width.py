"""Finite width: w random features, drawn once, stand for the kernel.

C is then that of the features (``theory.random_features``). Beside the registered statistics
stand κ, the constant of the data, the three parts of the variance, and the error of an
ensemble of infinitely many predictors on one data set.
"""

from collections.abc import Iterator
from typing import Any

from theory.errors import OutOfDomain
from theory.notation import width
from theory.numbers import integer
from theory.random_features.errors import ADDED, RANDOM_FEATURES
from theory.statistics.questions.question import QUESTIONS, Question


def read(value: Any) -> Any:
    """Widths: whole numbers from 1 on, as they are given.

    Raises
    ------
    OutOfDomain
        When one is none.

    Examples
    --------
    >>> read([64, 128])
    [64, 128]
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind and kind in "iu" and value.size and value.min() >= 1:
        return value
    items = list(_flat(value))
    if not items:
        raise OutOfDomain(f"width = {value!r} is empty")
    for x in items:
        integer(x, "width", least=1)
    return value


def _flat(value: Any) -> Iterator[Any]:
    """All entries of an array, of nested lists, or the one that stands alone."""
    if hasattr(value, "flat"):
        yield from value.flat
    elif isinstance(value, list | tuple):
        for x in value:
            yield from _flat(x)
    else:
        yield value


WIDTH = QUESTIONS.register(
    Question(
        name="width",
        says="How many random features stand for the kernel.",
        neutral=None,
        read=read,
        equations=lambda _: RANDOM_FEATURES,
        letter=width,
        per_case=True,
        adds={row.name: row.formula.name for row in ADDED},
    )
)
