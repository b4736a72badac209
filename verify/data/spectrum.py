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
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from theory import (
    NoConvergence,
    NotPositiveDefinite,
    OutOfDomain,
    notation,
)
from theory.methods import FromAbove
from theory.numbers import integer
from theory.statistics import finite_population
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
        >>> from verify.data import spectrum_of_data
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
        >>> from verify.data import spectrum_of_matrix
        >>> spectrum_of_matrix(np.eye(4), [1, -1, 1, 1]).subsample(3).size
        3
        """
        count = integer(points, "points", least=2, most=self.size)
        generator = np.random.default_rng([seed, count])
        rows = np.sort(generator.permutation(self.size)[:count])
        targets = None if self.targets is None else self.targets[:, rows]
        part = self.matrix[np.ix_(rows, rows)]
        return eigensystem(part, targets, f"{self.name}, {count} points of it")

    def levels(self) -> Spectrum:
        """The positive eigenvalues as a spectrum whose C can be enclosed.

        Its digits are those of the floats given here, not of the kernel.

        Examples
        --------
        >>> from numerics import constant
        >>> from verify.data import spectrum_of_matrix
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


def _exactly(value: float) -> Ball:
    return Ball.exact(fmpq(*float(value).as_integer_ratio()))


def eigensystem(
    matrix: Floats, targets: Floats | None, name: str, unit: float = EPS
) -> DataSpectrum:
    """Eigenvalues within rounding, which is 2^−52 or that of the type passed.

    Raises
    ------
    NotPositiveDefinite
        When one is negative beyond rounding.
    NoConvergence
        When LAPACK finds none.
    """
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
