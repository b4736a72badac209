"""What random features put in place of C and of the target's resolvent, at complex ridges.

Arrays have the shape [row, node]; n and the width [row, 1].
"""

from typing import Any

import numpy as np
from sympy import Symbol

from numerics.interpreters.complex_arrays import COMPLEX_ARRAYS
from numerics.interpreters.program import build
from theory import formulas, notation
from theory.chain import Chain
from theory.random_features import equations as of
from theory.random_features import training as letters
from theory.training.two_ridges import resolvent

FALL = Symbol("G_s")
"""−dG/ds."""
SUMS = {
    of.learned: build(of.learned_sum, COMPLEX_ARRAYS),
    of.rise: build(formulas["learned_modes_slope"].rhs, COMPLEX_ARRAYS),
}
TARGET_SUMS = {
    letters.left: build(formulas["power_left"].rhs, COMPLEX_ARRAYS),
    letters.across: build(formulas["power_crossed"].rhs, COMPLEX_ARRAYS),
}
_chain = Chain(
    (
        (of.kappa, letters.by_constant.rhs),
        (letters.kappa_slope, letters.slope_of_kappa.rhs),
        (letters.ridge_slope, letters.slope_of_ridge.rhs),
        (resolvent, letters.resolvent_of_features.rhs),
        (FALL, letters.slope_of_resolvent.rhs),
    ),
    FALL,
)
_program = build(_chain, COMPLEX_ARRAYS)


def seen_by_data(sums: dict[Any, Any], c: Any, n: Any, width: Any) -> dict[Any, Any]:
    """κ, G and −dG/ds from the sums over levels.

    Examples
    --------
    >>> sums = {of.learned: 1.0, of.rise: 0.5, letters.left: 0.5, letters.across: 0.25}
    >>> found = seen_by_data(sums, 1.0 + 0j, 2.0, 2.0)
    >>> complex(found[of.kappa]), complex(found[resolvent])
    ((0.5+0j), (1+0j))
    """
    values = sums | {notation.C: c, notation.n: n, notation.width: width}
    found = _program.bound(values)
    return {name: np.asarray(found[name]) for name in (of.kappa, resolvent, FALL)}
