"""Kernel matrices in float64, from the kernel that theory defines."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Max, Min, S

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.kernel_matrices.rounded_balls import rounded
from theory import Kernel, NotEvaluable, OutOfDomain
from theory.chain import Chain
from theory.kernels.unequal_norms import norm1, norm2, two_norm_form
from theory.notation import d as symbol_d
from theory.notation import u

BLOCK = 1 << 16
NORMS = ("equal", "own")


@lru_cache(maxsize=256)
def _program(kernel: Kernel, dimension: int, norms: str) -> Program:
    form = kernel.half() if norms == "equal" else two_norm_form(kernel)
    chain = form.subs({symbol_d: dimension})
    loose = chain.free_symbols - {u, norm1, norm2}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        msg = f"kernel {kernel} has the symbols {names}; numbers are needed"
        raise OutOfDomain(msg)
    return build(_clipped(chain), ARRAYS)


def _clipped(chain: Chain) -> Chain:
    """The chain with every layer's u kept in [0, 1], which rounding may leave."""

    def bounded(e: Expr) -> Expr:
        # SymPy would look for a proof that one of them is always larger
        below = Min(S.One, e, evaluate=False)
        return Max(S.Zero, below, evaluate=False)

    steps = ((s, bounded(e) if s.name[:2] == "u_" else e) for s, e in chain.bindings)
    return Chain(tuple(steps), chain.result)


def gram(
    kernel: Kernel,
    x: NDArray[np.float64],
    y: NDArray[np.float64] | None = None,
    *,
    norms: str = "equal",
) -> NDArray[np.float64]:
    """The kernel matrix K(x_a, y_b) of points.

    Kernels are functions of the cosine, which is taken as (1 − t)/2 from |x̂ − ŷ|²/4:
    nothing is lost for close points. A kernel without a float64 form, such as tanh's, is
    evaluated in balls and rounded, for at most 4096 different angles.

    Parameters
    ----------
    kernel
        A kernel without free symbols; d is bound to the dimension of the points.
    x, y
        Points, shapes [n, d] and [m, d]; y is x by default.
    norms
        ``equal``: only directions matter, and the inputs' norm is √d times the root of
        the kernel's ``input_variance``; ``own``: every point has its own norm, times
        that root.

    Returns
    -------
    numpy.ndarray
        Shape [n, m], float64, accurate to some units of the last place of K.

    Raises
    ------
    OutOfDomain
        When points are not finite or vanish, or norms are unknown.
    Unsupported
        When norms differ and the kernel is defined for equal ones only, or it has no
        float64 form and the points have too many different angles.

    Examples
    --------
    >>> from theory import kernels
    >>> x = np.array([[1.0, 1.0], [1.0, -1.0], [2.0, 2.0]])
    >>> gram(kernels.polynomial(2), x)[0]
    array([1., 0., 1.])
    >>> gram(kernels.polynomial(2), x, norms="own")[0].round(12)
    array([1., 0., 4.])
    """
    if norms not in NORMS:
        msg = f"norms = {norms!r} is unknown (known: {', '.join(NORMS)})"
        raise OutOfDomain(msg)
    first, squares = _directions(x)
    second, others = (first, squares) if y is None else _directions(y)
    if first.shape[1] != second.shape[1]:
        msg = f"points of dimensions {first.shape[1]} and {second.shape[1]} do not meet"
        raise OutOfDomain(msg)
    half = np.zeros((len(first), len(second)))
    for axis in range(first.shape[1]):
        half += (first[:, axis, None] - second[None, :, axis]) ** 2
    half = np.clip(half / 4, 0.0, 1.0)
    if norms == "own":
        program = _program(kernel, first.shape[1], norms)
        result = np.empty(half.shape)
        rows = max(1, BLOCK // half.shape[1])
        for start in range(0, len(half), rows):
            part = half[start : start + rows]
            one = np.repeat(squares[start : start + rows], half.shape[1])
            columns = {u: part.ravel(), norm1: one, norm2: np.tile(others, len(part))}
            result[start : start + rows] = _evaluate(program, columns).reshape(
                part.shape
            )
        return result
    # symmetric domains have few different angles
    return at_angles(kernel, first.shape[1], half.round(15))


def at_angles(
    kernel: Kernel, dimension: int, half: NDArray[np.float64]
) -> NDArray[np.float64]:
    """K at u = (1 − t)/2, once for every different u.

    In float64, or by balls where the kernel has no float64 form.

    Parameters
    ----------
    kernel
        A kernel without free symbols.
    dimension
        What d is in it.
    half
        u in [0, 1], of any shape.

    Examples
    --------
    >>> from theory import kernels
    >>> at_angles(kernels.polynomial(1), 3, np.array([[0.0, 0.5], [0.5, 1.0]]))
    array([[ 1.,  0.],
           [ 0., -1.]])
    """
    values, where = np.unique(half, return_inverse=True)
    try:
        program = _program(kernel, dimension, "equal")
    except NotEvaluable:
        found = rounded(kernel, dimension, values)
    else:
        found = _evaluate(program, {u: values})
    return found[where.reshape(half.shape)]


def _evaluate(program: Program, columns: dict) -> NDArray[np.float64]:
    """A program over long columns, in blocks: a deep one holds hundreds of arrays."""
    size = len(columns[u])
    result = np.empty(size)
    for start in range(0, size, BLOCK):
        part = slice(start, start + BLOCK)
        result[part] = program({name: column[part] for name, column in columns.items()})
    return result


def _directions(
    x: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points on the unit sphere, and their squared norms over d."""
    points = np.asarray(x, dtype=np.float64)
    if points.ndim != 2 or not np.all(np.isfinite(points)):
        msg = f"points must be a finite array [n, d], not of shape {points.shape}"
        raise OutOfDomain(msg)
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    if not np.all(norms > 0):
        msg = "points must not vanish: only directions enter a dot-product kernel"
        raise OutOfDomain(msg)
    return points / norms, np.sum(points**2, axis=1) / points.shape[1]
