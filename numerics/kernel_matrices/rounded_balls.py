"""Kernels that float64 arrays cannot evaluate, such as tanh's: proved values, rounded.

Each different angle takes milliseconds, which finite domains have few of.
"""

import numpy as np
from flint import arb
from numpy.typing import NDArray

from numerics.numbers.precision import working_precision
from numerics.spectra.kernel_evaluation import evaluator
from theory import Kernel, NoConvergence, Unsupported
from theory.domains import Hypercube

MOST_ANGLES = 4096
PRECISIONS = (96, 192, 384)
WANTED = 2.0**-60


def rounded(
    kernel: Kernel, dimension: int, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """K at the given u = (1 − t)/2, each a ball at first, right to half a unit or so.

    Parameters
    ----------
    kernel
        A kernel without free symbols.
    dimension
        What d is in it.
    values
        Different u in [0, 1], one-dimensional.

    Raises
    ------
    Unsupported
        When there are too many values.
    NoConvergence
        When a ball stays too wide.
    NotEvaluable
        When ball arithmetic cannot evaluate the kernel either.

    Examples
    --------
    >>> from theory import kernels
    >>> rounded(kernels.exponential(1), 3, np.array([0.0, 0.5]))
    array([2.71828183, 1.        ])
    """
    if len(values) > MOST_ANGLES:
        msg = (
            f"kernel {kernel} has no float64 form, and {len(values)} different angles "
            f"are too many for balls (at most {MOST_ANGLES}); take a finite domain"
        )
        raise Unsupported(msg)
    exact = evaluator(kernel, Hypercube(dimension))
    for bits in PRECISIONS:
        with working_precision(bits):
            run = exact.compiled()
            found = [run(arb(float(value))) for value in values]
            # relative to the largest, K(1): near its zeros a kernel has no more
            largest = max(abs(ball).upper() for ball in found)
            if all(ball.rad() <= WANTED * largest for ball in found):
                return np.array([float(ball.mid()) for ball in found])
    msg = f"kernel {kernel}: {PRECISIONS[-1]} bits do not prove its values to float64"
    raise NoConvergence(msg)
