"""The eigensystem of a kernel on M points, which is a finite domain of its own."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from numerics import Ball, Prediction, Spectrum, predict
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.kernel_matrices.entries import kernel_matrix
from numerics.kernel_matrices.pair_angles import PointPairs, points_of
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from theory import (
    Kernel,
    NoConvergence,
    NotPositiveDefinite,
    OutOfDomain,
    kernels,
    notation,
)
from theory.methods import FromAbove
from theory.numbers import integer
from theory.statistics import finite_population
from verify.data.labelled_points import DataSet, check_size
from verify.data.point_masses import PointMasses

EPS = float(np.finfo(np.float64).eps)
CLAIMED = 8
"""Agreement with regression is claimed up to n = M/8."""
Floats = NDArray[np.float64]
_off_sample = build(finite_population.off_sample_mse.rhs, ARRAYS)


@dataclass(frozen=True, eq=False, repr=False)
class DataSpectrum:
    """Eigenvalues and eigenfunctions on M points with the uniform measure.

    (1/M) Σ_x' K(x, x') φ_i(x') = λ_i φ_i(x), and (1/M) Σ_x φ_i(x) φ_j(x) = δ_ij.

    Attributes
    ----------
    matrix
        The kernel matrix K, shape [M, M].
    eigenvalues
        λ_i, falling, shape [mode]; those below the rounding of eigenvalues are 0.
    eigenfunctions
        φ_i at every point, shape [M, mode].
    targets
        Functions on the points, shape [target, M], or None.
    rounding
        How far float64 may have moved an eigenvalue.
    name
        Kernel, data and norms, in words.
    computed
        The eigenvalues as float64 has them, those below rounding too.
    """

    matrix: Floats
    eigenvalues: Floats
    eigenfunctions: Floats
    targets: Floats | None
    rounding: float
    name: str
    computed: Floats

    measure = FromAbove("verify.data")

    def __repr__(self) -> str:
        return (
            f"<DataSpectrum of {self.name}: {self.size} points, "
            f"{np.count_nonzero(self.eigenvalues)} eigenvalues above rounding>"
        )

    @property
    def size(self) -> int:
        """M, the number of points."""
        return len(self.matrix)

    @property
    def rank(self) -> int:
        """N, the number of eigenvalues above rounding."""
        return int(np.count_nonzero(self.eigenvalues))

    @property
    def coefficients(self) -> Floats:
        """v_i = (1/M) Σ_x φ_i(x) f(x), shape [target, mode].

        Raises
        ------
        OutOfDomain
            When the data have no labels.
        """
        return self.functions() @ self.eigenfunctions / self.size

    @property
    def localization(self) -> Floats:
        """(1/M) Σ_x φ_i(x)⁴ of each mode: 3 for Gaussian values, M for a single point.

        The theory takes modes as Gaussian-like; localized ones are where it fails.
        """
        return np.mean(self.eigenfunctions**4, axis=0)

    def functions(self) -> Floats:
        """The targets, [target, M].

        Raises
        ------
        OutOfDomain
            When the data have no labels.
        """
        if self.targets is None:
            raise OutOfDomain(
                f"{self.name}: no labels, so there is no target to predict"
            )
        return self.targets

    def predict(
        self, n: Any, ridge: Any = 0, *, target: Any = None, finite: bool = True
    ) -> Prediction:
        """The learning curve of regression on n of the points, drawn without replacement.

        Parameters
        ----------
        n
            Training points, each from 1 to M − 1, below the rank where ridge = 0.
        ridge
            Absolute ridge δ; broadcast against n.
        target
            Which target, by number; ``mean`` for the mean over all of them; all by
            default.
        finite
            The formula for n of M points, which differs where there is a ridge; False
            for the usual one.

        Returns
        -------
        Prediction
            With the axis of targets where there are several, and with the statistic
            ``held_out_mse``, the error on the points that were not drawn. ``claimed``
            says where agreement with regression is claimed, n ≤ M/8: above, theory is
            known to be biased.

        Raises
        ------
        OutOfDomain
            When there are no labels, or an n has no root.

        Examples
        --------
        >>> from verify.data.load import load_data
        >>> s = spectrum_of_data("ntk:relu:depth=1", load_data("wine"))
        >>> p = s.predict([10, 40])
        >>> p.held_out_mse.shape, p.claimed.tolist()
        ((3, 2), [True, False])
        """
        powers = list(self.coefficients**2)
        if target == "mean":
            powers = [np.mean(powers, axis=0)]
        elif target is not None:
            powers = [powers[integer(target, "target", most=len(powers) - 1)]]
        one = target is not None or len(powers) == 1
        points = self.size
        for value in np.ravel(np.asarray(n, dtype=object)):
            integer(value, "n", least=1, most=points - 1)
        p = predict(
            self.floats,
            powers[0] if one else powers,
            n,
            ridge,
            sampling="distinct" if finite else "independent",
        )
        below = np.asarray(p.ridge).astype(float) == 0
        sizes = np.asarray(p.n).astype(float)
        if np.any(below & (sizes >= self.rank)):
            raise OutOfDomain(
                f"n = {sizes[below].max():g}: {self.name} has only {self.rank} modes, so "
                f"without ridge there is no C; pass a ridge or n < {self.rank}"
            )
        return replace(
            p,
            statistics={**p.statistics, "held_out_mse": _held_out(p, sizes, points)},
            claimed=np.asarray(sizes <= points / CLAIMED),
        )

    @cached_property
    def floats(self) -> FloatSpectrum:
        """The spectrum in float64 on its M points, with the error that rounding leaves."""
        exact = [(_exactly(x), 1) for x in self.eigenvalues]
        whole = replace(Spectrum.from_levels(exact), domain=PointMasses(self.size))
        return replace(whole.floats(), absolute_error=self.rounding)

    def subsample(self, points: int, seed: int = 0) -> "DataSpectrum":
        """The eigensystem of some of the points, which a smaller data set would give.

        Its held-out error has the same mean as that of all points: n of m of M points,
        tested on one of the m − n others, are n + 1 of M points.

        Raises
        ------
        OutOfDomain
            When there are not that many points.

        Examples
        --------
        >>> spectrum_of_matrix(np.eye(4), [1, -1, 1, 1]).subsample(3).size
        3
        """
        count = integer(points, "points", least=2, most=self.size)
        generator = np.random.default_rng([seed, count])
        rows = np.sort(generator.permutation(self.size)[:count])
        targets = None if self.targets is None else self.targets[:, rows]
        part = self.matrix[np.ix_(rows, rows)]
        return _eigensystem(part, targets, f"{self.name}, {count} points of it")

    def levels(self) -> Spectrum:
        """The positive eigenvalues as a spectrum whose C can be enclosed.

        Its digits are those of the floats given here, not of the kernel.

        Examples
        --------
        >>> from numerics import constant
        >>> two = spectrum_of_matrix(np.diag([2.0, 2.0]))
        >>> float(constant(two.levels(), 1))
        1.0
        """
        positive = self.eigenvalues[self.eigenvalues > 0]
        return Spectrum.from_levels([(_exactly(x), 1) for x in positive])


def _held_out(p: Prediction, n: Floats, points: int) -> Floats:
    """The error on points that were not drawn, by the formula ``off_sample_mse``."""
    shape = p.statistics["test_mse"].shape
    found = _off_sample(
        {
            notation.test_mse: p.statistics["test_mse"],
            notation.train_mse: p.statistics["train_mse"],
            notation.points: float(points),
            notation.n: np.broadcast_to(n, shape),
        }
    )
    return np.asarray(found)


def spectrum_of_data(
    kernel: Kernel | str, data: DataSet, *, norms: str = "own"
) -> DataSpectrum:
    """The eigensystem of a kernel on the points of a data set.

    Parameters
    ----------
    kernel
        A kernel, or its text.
    data
        Points and targets.
    norms
        ``own``: every point keeps its norm; ``equal``: every point is brought to norm
        √d, so only directions count.

    Returns
    -------
    DataSpectrum
        Eigenvalues within ``rounding``.

    Raises
    ------
    NotPositiveDefinite
        When the kernel matrix has a negative eigenvalue; the message gives it.
    OutOfDomain
        When norms are unknown, or two points coincide after ``equal``.
    Unsupported
        When the kernel is defined for equal norms only.

    Examples
    --------
    >>> from verify.data.load import load_data
    >>> s = spectrum_of_data("ntk:relu:depth=1", load_data("wine"))
    >>> s.size, s.rank, float((s.eigenvalues * s.localization).sum()) > 0
    (178, 178, True)
    """
    K = kernels.parse(kernel) if isinstance(kernel, str) else kernel
    if norms == "equal":
        _refuse_rays(data)
    matrix = kernel_matrix(K, data.points, norms=norms)
    name = f"{K} on {data.name}, norms {'√d' if norms == 'equal' else 'of the data'}"
    return _eigensystem(matrix, data.targets, name)


def spectrum_of_matrix(
    matrix: Any, targets: Any = None, *, name: str = "matrix"
) -> DataSpectrum:
    """The eigensystem of a kernel matrix of your own.

    Parameters
    ----------
    matrix
        Symmetric, positive semi-definite, shape [M, M].
    targets
        Functions on the points, shape [M] or [target, M], or None.
    name
        How messages call it.

    Raises
    ------
    NotPositiveDefinite
        When it has a negative eigenvalue; the message gives it.
    OutOfDomain
        When it is not square, finite and symmetric, or targets do not fit.

    Examples
    --------
    >>> spectrum_of_matrix([[2, 1], [1, 2]]).eigenvalues
    array([1.5, 0.5])
    """
    try:
        K = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OutOfDomain(f"{name} is not an array of numbers ({error})") from None
    given = getattr(matrix, "dtype", K.dtype)
    if given.kind == "c":
        raise OutOfDomain(f"{name} is complex; a kernel matrix has real entries")
    unit = float(np.finfo(given).eps) if given.kind == "f" else EPS
    if K.ndim != 2 or K.shape[0] != K.shape[1] or not np.all(np.isfinite(K)):
        raise OutOfDomain(
            f"{name} must be a finite square array, not of shape {K.shape}"
        )
    check_size(len(K), name)
    gap = np.abs(K - K.T)
    if gap.max() > 8 * unit * np.abs(K).max():
        row, column = np.unravel_index(int(gap.argmax()), gap.shape)
        raise OutOfDomain(
            f"{name} is not symmetric: entries ({row}, {column}) and ({column}, {row}) "
            f"are {K[row, column]!r} and {K[column, row]!r}"
        )
    functions = None
    if targets is not None:
        functions = np.atleast_2d(np.array(targets, dtype=np.float64))
        if functions.shape[1] != len(K) or not np.all(np.isfinite(functions)):
            raise OutOfDomain(
                f"targets of shape {functions.shape} do not fit {len(K)} points"
            )
        if not np.all(np.any(functions != 0, axis=1)):
            raise OutOfDomain(
                "targets: one vanishes on every point, so there is nothing to learn"
            )
    return _eigensystem(K / 2 + K.T / 2, functions, name, unit)


def _refuse_rays(data: DataSet) -> None:
    """Points of one direction are one point where norms are equal."""
    size = np.max(np.abs(data.points), axis=1, keepdims=True)
    points = data.points / size
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    order = np.lexsort(points.round(9).T)
    near = np.flatnonzero(np.all(np.abs(np.diff(points[order], axis=0)) < 1e-8, axis=1))
    pairs = PointPairs(given := points_of(data.points, data.name), given)
    found = [
        (i, j)
        for i, j in zip(order[near], order[near + 1], strict=True)
        if pairs.is_one_point(int(i), int(j))
    ]
    if found:
        one, other = sorted((int(found[0][0]) + 1, int(found[0][1]) + 1))
        raise OutOfDomain(
            f"{data.name}: rows {one} and {other} point in one direction, so with "
            f"norms = 'equal' they are one point ({len(found)} such rows); "
            "norms = 'own' keeps them apart"
        )


def _exactly(value: float) -> Ball:
    return Ball.exact(fmpq(*float(value).as_integer_ratio()))


def _eigensystem(
    matrix: Floats, targets: Floats | None, name: str, unit: float = EPS
) -> DataSpectrum:
    """Eigenvalues within rounding, which is 2^−52 or that of the type passed."""
    points = len(matrix)
    try:
        values, vectors = np.linalg.eigh(matrix)
    except np.linalg.LinAlgError as error:
        raise NoConvergence(
            f"{name}: its kernel matrix has no eigenvalues in float64 ({error})"
        ) from None
    rounding = 8 * unit * float(np.abs(values).max())
    values = values[::-1] / points
    if values[-1] < -rounding:
        raise NotPositiveDefinite(
            f"{name} is not positive semi-definite: its kernel matrix of {points} points "
            f"has the eigenvalue {values[-1] * points:.6g} < 0, beyond the rounding of "
            f"{rounding * points:.1g} ({np.sum(values < -rounding)} negative ones)"
        )
    kept = np.where(values > rounding, values, 0.0)
    modes = vectors[:, ::-1] * np.sqrt(points)
    return DataSpectrum(matrix, kept, modes, targets, rounding, name, values)
