"""Kernel matrices in float64: every entry right to a stated error, or refused.

An entry is computed in float64 together with a bound of its rounding. Where the bound is
too large, as for close points, chaotic nets, zeros of the kernel, or numbers that leave
float64 on the way, the entry is computed again from a better u, then from the exact
points in balls.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from numerics.duals.numeric_kernels import has_series, needs_tables
from numerics.kernel_matrices.kernel_programs import KernelPrograms, kernel_programs
from numerics.kernel_matrices.numeric_entries import numeric_entries, numeric_values
from numerics.kernel_matrices.pair_angles import (
    Cosines,
    Floats,
    PointPairs,
    points_of,
)
from numerics.numbers.memory_limit import require_memory
from theory import Kernel, OutOfDomain, Unsupported
from theory.kernels.unequal_norms import norm1, norm2
from theory.notation import u

NORMS = ("own", "equal")
UNIT = 2.0**-53
NEAR_ZERO = 2.0**-90
"""Beside the relative error: what is allowed in units of √(K(x,x) K(x′,x′))."""
BLOCK = 1 << 14
MOST_STEPS = 50_000_000
"""Ball operations that one matrix may take."""


ALLOWED = 512.0
"""The relative error that entries keep, in units of 2^−53."""


@dataclass(frozen=True)
class KernelEntries:
    """A matrix and what its entries may be off by.

    Attributes
    ----------
    values
        Shape [n, m].
    errors
        Bounds of |entry − K|, shape [n, m]; K is the exact kernel of the floats given.
    proved
        Which entries were taken from balls, shape [n, m].
    """

    values: Floats
    errors: Floats
    proved: NDArray[np.bool_]


def kernel_matrix(
    kernel: Kernel, X: Any, Y: Any = None, *, norms: str = "own"
) -> Floats:
    """K(x_a, y_b) in float64, every entry right to a stated error.

    The relative error of an entry is at most 2^−44, some 256 units of its last place, at
    any depth, and next to a zero of K the error is at most 2^−90 √(K(x,x) K(x′,x′)); the
    reference is the exact kernel of the floats that were given. Most entries are far
    better: ``matrix_error`` gives each one's own bound. In float64 bounds are of first
    order in rounding; where they would be too large, balls prove the entry.

    Parameters
    ----------
    kernel
        A kernel without free symbols; d is bound to the dimension of the points.
    X, Y
        PointSet, shapes [n, d] and [m, d]; Y is X by default.
    norms
        ``own``: every point has its own norm, times the root of the kernel's
        ``input_variance``; ``equal``: only directions matter, and the inputs' norm is √d
        times that root.

    Returns
    -------
    numpy.ndarray
        Shape [n, m], float64; symmetric where Y is not given.

    Raises
    ------
    OutOfDomain
        When points are not finite or vanish, norms are unknown, or an entry is not
        finite, overflows or underflows float64; the message names kernel and layer.
    Unsupported
        When norms differ and the kernel is defined for equal ones only, or more entries
        need balls than can be afforded.

    Examples
    --------
    >>> from theory import kernels
    >>> x = np.array([[1.0, 1.0], [1.0, -1.0], [2.0, 2.0]])
    >>> kernel_matrix(kernels.polynomial(2), x)[0]
    array([1., 0., 4.])
    >>> kernel_matrix(kernels.polynomial(2), x, norms="equal")[0]
    array([1., 0., 1.])
    """
    return kernel_entries(kernel, X, Y, norms=norms).values


def matrix_error(
    kernel: Kernel, X: Any, Y: Any = None, *, norms: str = "own"
) -> Floats:
    """Bounds of |entry − K(x, x′)| for every entry of ``kernel_matrix``, shape [n, m].

    Examples
    --------
    >>> from theory import kernels
    >>> x = np.array([[1.0, 1.0], [1.0, 2.0]])
    >>> bool(np.all(matrix_error(kernels.ntk("relu", depth=3), x) < 1e-13))
    True
    """
    return kernel_entries(kernel, X, Y, norms=norms).errors


def kernel_entries(
    kernel: Kernel, X: Any, Y: Any = None, *, norms: str = "own"
) -> KernelEntries:
    """The matrix, the bounds of its errors, and which entries balls gave."""
    if norms not in NORMS:
        raise OutOfDomain(f"norms = {norms!r} is unknown (known: {', '.join(NORMS)})")
    first = points_of(X, "X")
    second = first if Y is None else points_of(Y, "Y")
    if first.dimension != second.dimension:
        raise OutOfDomain(
            f"points of dimensions {first.dimension} and {second.dimension} do not meet"
        )
    count = len(first.x) * len(second.x)
    require_memory(16 * count, f"kernel matrices of {len(first.x)} × {len(second.x)}")
    if needs_tables(kernel) or (norms == "own" and has_series(kernel)):
        found, bounds = numeric_entries(kernel, first, second, norms)
        return KernelEntries(found, bounds, np.zeros(found.shape, dtype=bool))
    programs = kernel_programs(kernel, first.dimension, norms)
    return _Matrix(programs, PointPairs(first, second), first, second, norms).entries()


def kernel_values(kernel: Kernel, t: Any, dimension: int = 1) -> Floats:
    """K at cosines t, exactly as given, for inputs of norm √d; of the shape of t.

    Right as ``kernel_matrix`` is.

    Raises
    ------
    OutOfDomain
        When a cosine is outside −1..1.

    Examples
    --------
    >>> from theory import kernels
    >>> kernel_values(kernels.polynomial(2), [-1.0, 0.5])
    array([1.  , 0.25])
    """
    array = np.asarray(t, dtype=np.float64)
    inside = np.abs(array) <= 1
    if not np.all(inside):
        wrong = array[~inside].ravel()[0]
        raise OutOfDomain(f"t = {wrong} is no cosine: it must be in -1..1")
    pairs = Cosines(array.ravel())
    if needs_tables(kernel):
        return numeric_values(kernel, dimension, pairs)[0].reshape(array.shape)
    programs = kernel_programs(kernel, dimension, "equal")
    return (
        _Matrix(programs, pairs, None, None, "equal")
        .entries()
        .values.reshape(array.shape)
    )


def at_angles(kernel: Kernel, dimension: int, half: Any) -> Floats:
    """K at u = (1 − t)/2 in [0, 1], of any shape; right as ``kernel_matrix`` is.

    Examples
    --------
    >>> from theory import kernels
    >>> at_angles(kernels.polynomial(1), 3, np.array([[0.0, 0.5], [0.5, 1.0]]))
    array([[ 1.,  0.],
           [ 0., -1.]])
    """
    array = np.asarray(half, dtype=np.float64)
    pairs = Cosines(array.ravel(), halves=True)
    if needs_tables(kernel):
        return numeric_values(kernel, dimension, pairs)[0].reshape(array.shape)
    programs = kernel_programs(kernel, dimension, "equal")
    return (
        _Matrix(programs, pairs, None, None, "equal")
        .entries()
        .values.reshape(array.shape)
    )


class _Matrix:
    """One matrix on its way: float64 blocks, then what they could not settle."""

    def __init__(
        self,
        programs: KernelPrograms,
        pairs: PointPairs | Cosines,
        first: Any,
        second: Any,
        norms: str,
    ) -> None:
        self.programs, self.pairs = programs, pairs
        self.first, self.second, self.own = first, second, norms == "own"
        self.symmetric = first is not None and first is second
        self.one, self.other = fmpq(1), fmpq(1)
        self.left = self._diagonal(first)
        self.right = self.left if self.symmetric else self._diagonal(second)

    def _diagonal(self, points: Any) -> Floats:
        """K(x, x) of every point, in balls and rounded; one number for equal norms."""
        squares = [fmpq(1)]
        if points is not None and self.own:
            squares = [points.square(i) for i in range(len(points.x))]
        try:
            return np.array([self.programs.diagonal(square) for square in squares])
        except OutOfDomain:
            if self.symmetric:
                raise
            return np.zeros(len(squares))  # no scale: every entry must stand by itself

    def scale(self, i: Any, j: Any) -> Floats:
        """√(K(x,x) K(x′,x′)) of pairs."""
        left = np.sqrt(np.abs(self.left))
        right = np.sqrt(np.abs(self.right))
        one = left[i] if self.own else left[np.zeros_like(i)]
        return one * (right[j] if self.own else right[np.zeros_like(j)])

    def entries(self) -> KernelEntries:
        """The whole matrix."""
        n, m = self.pairs.shape
        values, errors = np.empty((n, m)), np.empty((n, m))
        open_rows, open_columns = [], []
        for rows, columns in self._blocks(n, m):
            found, bound = self._block(rows, columns)
            values[rows, columns], errors[rows, columns] = found, bound
            i, j = np.nonzero(~self._settled(found, bound))
            open_rows.append(i + rows.start)
            open_columns.append(j + columns.start)
        i, j = np.concatenate(open_rows), np.concatenate(open_columns)
        if self.symmetric:
            kept = i < j
            i, j = i[kept], j[kept]
        proved = np.zeros((n, m), dtype=bool)
        if len(i):
            self._prove(i, j, values, errors)
            proved[i, j] = True
        if self.symmetric:
            lower = np.tril_indices(n, -1)
            values[lower], errors[lower] = values.T[lower], errors.T[lower]
            np.fill_diagonal(values, self.left)
            np.fill_diagonal(errors, UNIT * np.abs(np.diagonal(values)))
            proved |= proved.T | np.eye(n, dtype=bool)
        return KernelEntries(values, errors, proved)

    def _blocks(self, n: int, m: int) -> list[tuple[slice, slice]]:
        rows = max(1, BLOCK // m)
        return (
            [
                (slice(a, min(a + rows, n)), slice(a if self.symmetric else 0, m))
                for a in range(0, n, rows)
            ]
            if m <= BLOCK
            else [
                (slice(a, a + 1), slice(b, min(b + BLOCK, m)))
                for a in range(n)
                for b in range(0, m, BLOCK)
            ]
        )

    def _settled(self, values, bound) -> NDArray[np.bool_]:
        size = np.abs(values)
        good = bound <= ALLOWED * UNIT * size
        good &= (size >= 2.0**-1000) & (size <= 2.0**1020)
        return good

    def _block(self, rows: slice, columns: slice) -> tuple[Any, Any]:
        floats = self.programs.floats
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        if floats is None:
            return np.full(shape, np.nan), np.full(shape, np.inf)
        half, error = self.pairs.half(rows, columns)
        values, errors = self._given(half, error, rows, columns)
        found, bound = floats(values, errors)
        return np.broadcast_to(found, shape), np.broadcast_to(bound, shape)

    def _given(self, half, error, rows, columns) -> tuple[dict, dict]:
        """Values of the slots that a block's program needs, and their errors."""
        programs = self.programs
        values: dict[int, Any] = dict(
            zip(programs.constants, self.constants, strict=True)
        )
        if self.own:
            left, right = self.columns
            for place, slot in enumerate(programs.first):
                values[slot] = left[place][rows, None]
            for place, slot in enumerate(programs.second):
                values[slot] = right[place][None, columns]
        errors = {}
        if u in programs.inputs:
            values[programs.inputs[u]], errors[programs.inputs[u]] = half, error
        return values, errors

    @property
    def constants(self) -> list[float]:
        """Numbers that depend on no point."""
        if not hasattr(self, "_constants"):
            self._constants = self.programs.known(self.programs.constants, {})
        return self._constants

    @property
    def columns(self) -> tuple[Floats, Floats]:
        """What pairs need of every first and every second point; [slot, point]."""
        if not hasattr(self, "_columns"):
            self._columns = (
                self._of_points(self.first, self.programs.first, norm1),
                self._of_points(self.second, self.programs.second, norm2),
            )
        return self._columns

    def _of_points(self, points: Any, slots: tuple[int, ...], name: Any) -> Floats:
        found = [
            self.programs.known(slots, {name: points.square(i)})
            for i in range(len(points.x))
        ]
        return np.array(found).reshape(len(points.x), len(slots)).T

    def _prove(self, i, j, values: Floats, errors: Floats) -> None:
        """Entries that float64 did not settle."""
        keys: dict[Any, list[int]] = {}
        for place, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
            keys.setdefault(self._key(*pair), []).append(place)
        cost = len(keys) * max(1, len(self.programs.balls.steps))
        if cost > MOST_STEPS:
            raise Unsupported(
                f"{self.programs.label}: {len(keys)} different entries of the matrix "
                "need more than float64, and balls would take too many operations "
                f"({cost:.1g}, at most {MOST_STEPS:.1g}); take fewer points"
            )
        scale = self.scale(i, j)
        for places in keys.values():
            place = places[0]
            a, b = int(i[place]), int(j[place])
            one = self.first.square(a) if self.own else self.one
            other = self.second.square(b) if self.own else self.other
            if one == other and self.pairs.is_one_point(a, b):
                found = float(self.left[a if self.own else 0])
            else:
                half = partial(self.pairs.exact, a, b)
                found = self.programs.pair(half, one, other, float(scale[place]))
            bound = UNIT * abs(found) + NEAR_ZERO * float(scale[place])
            for x in places:
                values[i[x], j[x]], errors[i[x], j[x]] = found, bound

    def _key(self, i: int, j: int) -> Any:
        key = self.pairs.key(i, j)
        if self.own or len(key) == 1:
            return key
        inner, one, other = int(key[0]), int(key[1]), int(key[3])
        # equal norms: the sign and the square of the cosine
        return (inner > 0, fmpq(inner * inner, one * other))
