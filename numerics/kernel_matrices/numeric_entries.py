"""Matrices of nets whose activation has no closed dual: tables, and their error.

Where all points have one norm, an entry is read from the tables of each layer. Points of
different norms have a pair of variances each, and their means are integrated one by one.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Rational

from numerics.duals.numeric_kernels import (
    NUMERIC,
    OPPOSITE,
    as_integrals,
    kept_in_range,
    moved_by_errors,
    numeric_kernel,
    rounding_of,
)
from numerics.interpreters.program import Program, build
from numerics.kernel_matrices.pair_angles import Cosines, PointPairs, PointSet
from theory import Kernel, OutOfDomain
from theory.kernels.unequal_norms import norm1, norm2, two_norm_form
from theory.notation import d as symbol_d
from theory.notation import u

Floats = NDArray[np.float64]
CLOSE = 2.0**-48
"""The relative error of u above which it is found from the points' difference."""
NEAR = 2.0**-20
REFINED = 1 << 14
SAMPLED = 24


def numeric_values(
    kernel: Kernel, dimension: int, pairs: PointPairs | Cosines
) -> tuple[Floats, Floats]:
    """K of pairs whose inputs have norm √d, and absolute errors; both [n, m].

    Examples
    --------
    >>> from theory import kernels
    >>> found, error = numeric_values(kernels.nngp("arctan"), 3, Cosines(np.array([1.0])))
    >>> found.round(6), bool(error[0, 0] < 1e-12)
    (array([[0.640892]]), True)
    """
    K = numeric_kernel(kernel, dimension)
    n, m = pairs.shape
    values, errors = np.empty((n, m)), np.full((n, m), K.error)
    symmetric = isinstance(pairs, PointPairs) and pairs.first is pairs.second
    rows = max(1, (1 << 16) // max(1, m))
    for start in range(0, n, rows):
        part = slice(start, min(n, start + rows))
        rest = slice(start if symmetric else 0, m)
        half, wide = pairs.half(part, rest)
        close = np.nonzero(_unsure(half, wide))
        if len(close[0]):
            offset = rest.start if rest.start else 0
            half, wide = np.array(half), np.array(wide)
            half[close], wide[close] = pairs.refined(
                close[0] + start, close[1] + offset
            )
        values[part, rest] = K(half)
        if half.max() > 1 - OPPOSITE:
            errors[part, rest][half > 1 - OPPOSITE] = K.opposite_error
        if len(close[0]):
            # next to −x, u is right to rounding and 1 − u is not
            low = np.maximum(half[close] - wide[close], 0.0)
            high = np.minimum(half[close] + wide[close], 1.0)
            errors[part, rest][close] += np.abs(K(high) - K(low))
        if symmetric:
            values[rest, part] = values[part, rest].T
            errors[rest, part] = errors[part, rest].T
    return values, errors


def numeric_entries(
    kernel: Kernel, first: PointSet, second: PointSet, norms: str
) -> tuple[Floats, Floats]:
    """The matrix and absolute errors, for equal norms or each point's own."""
    pairs = PointPairs(first, second)
    if norms == "equal":
        return numeric_values(kernel, first.dimension, pairs)
    squares = [
        [points.square(i) for i in range(len(points.x))] for points in (first, second)
    ]
    apart = {(int(x.p), int(x.q)) for part in squares for x in part}
    if len(apart) == 1:
        ((p, q),) = apart
        scaled = dict(kernel.parameters)
        scaled["input_variance"] = scaled["input_variance"] * Rational(p, q)
        same = Kernel(kernel.family, tuple(scaled.items()))
        return numeric_values(same, first.dimension, pairs)
    return _own_norms(kernel, pairs, squares)


def _own_norms(
    kernel: Kernel, pairs: PointPairs, squares: list[list[Any]]
) -> tuple[Floats, Floats]:
    """Entries of points of different norms: a pair of variances in every layer.

    What the errors of the means move is found on a sample of pairs with the closest, the
    most opposite, the longest and the shortest, in units of √(K(x,x) K(x′,x′)).
    """
    program = _pair_program(kernel, pairs.first.dimension)
    one, other = (
        np.array([float(int(x.p)) / float(int(x.q)) for x in part]) for part in squares
    )
    half, wide = _exact_half(pairs)
    at = {u: half, norm1: one[:, None], norm2: other[None, :]}
    run = lambda given: program({k: given[k] for k in program.inputs})
    found = np.broadcast_to(np.asarray(run(at), dtype=np.float64), half.shape)
    if not np.all(np.isfinite(found)):
        raise OutOfDomain(f"kernel {kernel} leaves the range of float64")
    alone = lambda r: np.abs(run({u: np.zeros(len(r)), norm1: r, norm2: r}))
    left, right = (np.sqrt(alone(r)) for r in (one, other))
    scale = left[:, None] * right[None, :]
    kind = np.where(half > 1 - OPPOSITE, 2, _distance(half, one, other) < NEAR)
    i, j = _sample(half, one, other)
    given = {u: half[i, j], norm1: one[i], norm2: other[j]}
    moved, _ = moved_by_errors(program, {k: given[k] for k in program.inputs})
    # u of the points themselves is right to some units
    far = {**given, u: np.minimum(given[u] * (1 + 2.0**-48), 1.0)}
    moved = moved + 2 * np.abs(run(far) - run(given))
    moved = moved / scale[i, j]
    shares = [
        float(np.max(moved, where=kind[i, j] == k, initial=0.0)) for k in range(3)
    ]
    shares = np.maximum(shares, shares[0])
    errors = 2 * scale * (shares[kind] + rounding_of(program))
    wide = wide + len(program.steps) * 2.0**-54
    i, j = np.nonzero((half > 1 - OPPOSITE) & (wide > 0))
    if len(i):
        given = {
            u: np.maximum(half[i, j] - wide[i, j], 0.0),
            norm1: one[i],
            norm2: other[j],
        }
        errors[i, j] += 2 * np.abs(run(given) - found[i, j])
    return found, errors


def _distance(half: Floats, one: Floats, other: Floats) -> Floats:
    """‖x − y‖² over 4 ‖x‖‖y‖, or so."""
    left, right = np.sqrt(one)[:, None], np.sqrt(other)[None, :]
    return half + ((left - right) / (left + right)) ** 2


def _exact_half(pairs: PointPairs) -> tuple[Floats, Floats]:
    """The u of all pairs and its errors; of close ones from the points' difference."""
    half, wide = pairs.half(slice(None), slice(None))
    i, j = np.nonzero(_unsure(half, wide))
    half, wide = np.array(half), np.zeros_like(half)
    for start in range(0, len(i), REFINED):
        at = i[start : start + REFINED], j[start : start + REFINED]
        half[at], wide[at] = pairs.refined(*at)
    return half, wide


def _unsure(half: Floats, wide: Floats) -> NDArray[np.bool_]:
    """Pairs that are close, or nearly opposite: there 1 − u counts, whose root enters."""
    return (wide > CLOSE * half) | (half > 1 - OPPOSITE)


def _sample(half: Floats, one: Floats, other: Floats) -> tuple[Any, Any]:
    """Index pairs: extremes of angle and norms, and some at random."""
    flat = np.where(half > 0, half, np.inf).ravel()
    norms = (np.log(one)[:, None] - np.log(other)[None, :]).ravel()
    sizes = (np.log(one)[:, None] + np.log(other)[None, :]).ravel()
    apart = _distance(half, one, other).ravel()
    nearest = np.argsort(np.where(apart > 0, apart, np.inf))[:4]
    chosen = [*nearest, np.argmin(flat), np.argmax(half)]
    chosen += [f(x) for f in (np.argmin, np.argmax) for x in (norms, sizes)]
    chosen += list(np.random.default_rng(0).integers(0, half.size, SAMPLED))
    rows, columns = np.divmod(np.unique(chosen), half.shape[1])
    return rows, columns


@lru_cache(maxsize=64)
def _pair_program(kernel: Kernel, dimension: int) -> Program:
    form = two_norm_form(kernel, as_integrals)
    return kept_in_range(build(form.subs({symbol_d: dimension}), NUMERIC))
