"""Finite width: w random features, drawn once, stand for the kernel.

C is then that of the features (``theory.random_features``). Beside the registered statistics
stand κ, the constant of the data, the three parts of the variance, and the error of an
ensemble of infinitely many predictors on one data set.
"""

from typing import Any

import numpy as np

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
    items = np.asarray(value)
    if items.dtype.kind in "iu" and items.size and items.min() >= 1:
        return value
    items = np.asarray(value, dtype=object)
    if not items.size:
        raise OutOfDomain(f"width = {value!r} is empty")
    for x in items.flat:
        integer(x, "width", least=1)
    return value


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
