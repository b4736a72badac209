"""C to a power of two, for spectra that reach beyond the range of float64.

The same split balance as in ``numerics.implicit_equation.float_solver``, in logarithms to
base 2: no sum over- or underflows, and bisection needs a dozen steps for any spectrum.
"""

import numpy as np

from numerics.spectra.floats.float_spectrum import FloatSpectrum

SETTLED = 2.0
MARGIN = 2.0
Floats = np.ndarray


def rough_constant(s: FloatSpectrum, n: Floats, rest: Floats, ridge: Floats) -> Floats:
    """log2 C within 2, shape [problem].

    Parameters
    ----------
    s
        The spectrum; its tail counts as the one level that stands for it.
    n, rest
        Training points as the unevaluated sum n + rest, shape [problem].
    ridge
        δ, shape [problem].

    Examples
    --------
    >>> s = FloatSpectrum.from_arrays([1.0, 1e-300], [1.0, 100.0])     # C is about 1e-149
    >>> found = rough_constant(s, np.ones(1), np.zeros(1), np.zeros(1))
    >>> bool(abs(found[0] - np.log2(1e-149)) < 2)
    True
    """
    with np.errstate(divide="ignore"):
        lam, g = s.eigenvalues.log2, s.multiplicities.log2
        count = s.multiplicity
        if s.tail is not None:
            share = s.tail.mass / s.tail.mean
            lam = np.append(lam, np.log2(s.tail.mean))
            g, count = np.append(g, np.log2(share)), np.append(count, share)
        delta, size = np.log2(ridge), np.log2(n + rest)
    kept = np.flatnonzero(lam > -np.inf)
    order = kept[np.argsort(-lam[kept], kind="stable")]
    lam, g = lam[order], g[order]
    counts = np.concatenate([[0.0], np.cumsum(count[order])])
    high = np.logaddexp2(_sum(lam + g), delta) - size + MARGIN
    low = np.full_like(high, lam[-1])
    low = np.minimum(np.where(ridge > 0, np.minimum(low, delta - size), low), high)
    # near N the constant falls below every eigenvalue, like (N − n)/n
    missing = (counts[-1] - n) - rest
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.where(missing > 0, np.log2(np.maximum(missing, 0)) - size, 0.0)
    low += np.minimum(near, 0.0) - MARGIN
    while np.any(high - low > SETTLED):
        middle = (low + high) / 2
        is_below = np.array(
            [
                _excess(x, lam, g, counts, *problem) > 0
                for x, *problem in zip(middle, n, rest, delta, strict=True)
            ]
        )
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    return (low + high) / 2


def _excess(x: float, lam: Floats, g: Floats, counts: Floats, n, rest, delta) -> float:
    """A number with the sign of F(C) − n at C = 2^x."""
    above = int(np.searchsorted(-lam, -x))
    joint = np.logaddexp2(lam, x)
    gap = (counts[above] - n) - rest
    with np.errstate(divide="ignore"):
        excess, lack = np.log2(max(gap, 0.0)), np.log2(max(-gap, 0.0))
    left = _sum(np.append((g + lam - joint)[above:], [delta - x, excess]))
    right = _sum(np.append((g + x - joint)[:above], [lack]))
    return left - right


def _sum(logarithms: Floats) -> float:
    """log2 Σ 2^x."""
    most = float(np.max(logarithms, initial=-np.inf))
    if not np.isfinite(most):
        return most
    return most + float(np.log2(np.sum(np.exp2(logarithms - most))))
