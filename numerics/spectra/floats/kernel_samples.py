"""Eigenvalues from float64 samples of a kernel, and how many bits the samples lack.

A sample K_m that is rounded to 53 bits may be off by 2^−53 |K_m|. With Krawtchouk's
orthogonality (Cauchy–Schwarz) λ_k then moves by up to 2^−53 max|K|/√C(d, k), whatever is
done with the samples: no transform, however exact, brings back what they do not hold.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from numerics.spectra.domains.hypercube import binomials, exact_eigenvalues
from numerics.spectra.floats.float_spectrum import EPS, float64_array
from theory.errors import OutOfDomain


@dataclass(frozen=True, eq=False)
class SampledLevels:
    """Eigenvalues of the kernel that takes given values, and how sure they are.

    Attributes
    ----------
    eigenvalue
        Of the samples as they are, to the last bit, shape [level].
    error
        What the rounding of the samples leaves open, absolutely, shape [level].
    lost_bits
        Bits of 53 that are gone, shape [level]; 53 means none is left.
    """

    eigenvalue: np.ndarray
    error: np.ndarray
    lost_bits: np.ndarray


def from_samples(values: Any) -> SampledLevels:
    """Eigenvalues on the hypercube from K(1 − 2m/d) at m = 0, …, d in float64.

    Parameters
    ----------
    values
        d + 1 samples by Hamming distance, float64.

    Raises
    ------
    OutOfDomain
        When there are fewer than two samples, or they are float32 or not finite.

    Warns
    -----
    UserWarning
        When some eigenvalues have no digit left, or most bits of others are gone.

    Examples
    --------
    >>> found = from_samples([1.0, 0.0, 1.0])                # K = t² on the square
    >>> found.eigenvalue.tolist(), found.lost_bits.astype(int).tolist()
    ([0.5, 0.0, 0.5], [1, 53, 1])
    """
    samples = float64_array(values, "samples")
    if samples.ndim != 1 or len(samples) < 2:
        raise OutOfDomain(
            f"samples have shape {samples.shape}; d + 1 of them in one row are needed"
        )
    d = len(samples) - 1
    exact = [fmpq(*map(int, x.as_integer_ratio())) for x in samples.tolist()]
    balls = exact_eigenvalues(lambda u: exact[int(u * d)], d)
    if balls is None:
        raise OutOfDomain(
            "samples span too many orders of magnitude for an exact transform"
        )
    lam = np.array([_float(x.rational) for x in balls])
    roots = np.array([float(c) ** -0.5 for c in binomials(d)])
    error = EPS / 2 * float(np.abs(samples).max()) * roots
    with np.errstate(divide="ignore"):
        lost = 53 + np.log2(error) - np.log2(np.abs(lam))
    lost = np.clip(lost, 0.0, 53.0)
    found = SampledLevels(lam, error, lost)
    _warn(found, d)
    return found


def _float(value: fmpq | None) -> float:
    assert value is not None  # exact transforms give rationals
    return int(value.p) / int(value.q)


def _warn(found: SampledLevels, d: int) -> None:
    gone = np.flatnonzero((found.lost_bits > 49) & (found.eigenvalue != 0))
    if not len(gone):
        return
    worst = found.lost_bits[found.lost_bits <= 49]
    bits = (
        f"; the others lack up to {int(np.ceil(worst.max()))} bits"
        if len(worst)
        else ""
    )
    warnings.warn(
        f"float64 samples on hypercube:{d} leave levels {gone[0]} to {gone[-1]} without a "
        f"digit: 53 bits of K do not determine them{bits}. Evaluate the kernel in balls: "
        "spectrum(kernel, domain)",
        stacklevel=3,
    )
