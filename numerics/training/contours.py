"""Contours in the plane of the complex ridge s, as nodes and weights.

Every contour runs counterclockwise around −eigenvalues and 0, and is symmetric about the real axis.
Only the upper half is listed: ∮ f ds/(2πi) ≈ 2 Re Σ_j w_j f(s_j), where f is real on the
real axis. All three converge geometrically in the number of nodes.

* parabolas, open to the left, for filters that decay (Weideman and Trefethen 2007, window
  of times);
* a closed curve from Jacobi's elliptic functions, for filters bounded right of −reach
  (Hale, Higham and Trefethen 2008): the nodes grow like log(s_max/reach);
* Bernstein ellipses, for entire functions, in s or in s/(s + δ): the nodes grow like
  √(s_max/reach).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ellipj, ellipkm1

from theory.errors import Unsupported

ACCURACY = 44.0
"""Contours leave e^−44 of simple poles, so that double ones keep all digits too."""
WINDOW = 4.0
"""Times within this factor share one parabola."""
NODES = 54
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Contour:
    """Nodes of the upper half, in order from where the contour leaves the real axis.

    Attributes
    ----------
    start
        The real point s > 0 from which the nodes are reached.
    nodes, weights
        Complex arrays, shape [node].
    """

    start: float
    nodes: np.ndarray
    weights: np.ndarray


def parabola(first: float) -> Contour:
    """For exp(s τ) and exp(2 s τ) with first ≤ τ ≤ WINDOW · first.

    Examples
    --------
    >>> c = parabola(1.0)                           # 1/s is the transform of 1
    >>> float(round(2 * (c.weights / c.nodes * np.exp(3 * c.nodes)).sum().real, 12))
    1.0
    """
    spread = np.sqrt(8 * 2 * WINDOW + 1)
    step = spread / NODES
    scale = np.pi * NODES / (4 * spread * 2 * WINDOW * first)
    turn = 1 + 1j * (np.arange(NODES) + 0.5) * step
    return Contour(scale, scale * turn**2, scale * turn * step / np.pi)


def around(edge: float, reach: float) -> Contour:
    """Around the eigenvalues 0 to ``edge``, away from those below −reach.

    Raises
    ------
    Unsupported
        When more nodes than 20 000 would be needed.

    Examples
    --------
    >>> c = around(100.0, 0.01)
    >>> inside = [2 * (c.weights / (c.nodes + x)).sum().real for x in (0, 3, 100)]
    >>> np.round(inside, 12).tolist()
    [1.0, 1.0, 1.0]
    """
    low, high = reach, edge + reach
    complement = low / high
    whole, quarter = ellipkm1(complement), ellipkm1(1 - complement)
    count = int(np.ceil(ACCURACY * whole / (np.pi * quarter))) + 4
    _require(count)
    x = (np.arange(count) + 0.5) * whole / count
    # w = low/dn² runs once around [low, high]; beyond the middle dn(K − v) = k′/dn(v)
    left = 2 * x < whole
    v = np.where(left, x, whole - x)
    sn, cn, dn = _elliptic(v, np.where(left, 1, -1) * quarter / 2, complement)
    moved = np.where(left, low / dn**2, high * dn**2)
    slope = 2 * (1 - complement) * sn * cn * np.where(left, low / dn**3, high * dn)
    # s = −eigenvalue, and w = eigenvalue + reach; w runs above the axis
    return Contour(
        float(low) / 2,
        np.conj(reach - moved),
        -np.conj(slope) * (whole / count) / (2j * np.pi),
    )


def _elliptic(x, y, complement: float):
    """Jacobi's sn, cn, dn at x + iy, for the parameter 1 − complement (DLMF 22.8)."""
    parameter = 1 - complement
    s, c, d, _ = ellipj(x, parameter)
    s1, c1, d1, _ = ellipj(y, complement)
    bottom = c1**2 + parameter * s**2 * s1**2
    return (
        (s * d1 + 1j * c * d * s1 * c1) / bottom,
        (c * c1 - 1j * s * d * s1 * d1) / bottom,
        (d * c1 * d1 - 1j * parameter * s * c * s1) / bottom,
    )


def ellipse(edge: float, reach: float) -> Contour:
    """Around the eigenvalues 0 to ``edge``, within about ``reach`` of both ends.

    Raises
    ------
    Unsupported
        When more nodes than 20 000 would be needed.

    Examples
    --------
    >>> c = ellipse(2.0, 0.1)
    >>> float(round(2 * (c.weights / (c.nodes + 1.5)).sum().real, 12))
    1.0
    """
    nodes, slope = _bernstein(edge, reach)
    return Contour(-float(nodes[0].real) / 2, -nodes, -slope)


def moebius_ellipse(edge: float, pole: float, reach: float) -> Contour:
    """An ellipse around v = x/(x + pole) of the eigenvalues x from 0 to ``edge``.

    Polynomials in v that vanish at v = 1, where x is ∞, need few nodes whatever the pole.

    Examples
    --------
    >>> c = moebius_ellipse(1e6, 1e-3, 0.5)         # (pole/(x + pole))² at x = 1e-3
    >>> h = (1e-3 / (1e-3 - c.nodes)) ** 2
    >>> float(round(2 * (c.weights * h / (c.nodes + 1e-3)).sum().real, 12))
    0.25
    """
    v, slope = _bernstein(edge / (edge + pole), reach)
    first = float(v[0].real) / 2
    return Contour(
        -pole * first / (1 - first), -pole * v / (1 - v), -slope * pole / (1 - v) ** 2
    )


def _bernstein(edge: float, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """The lower half of an ellipse with foci 0 and ``edge``: nodes, and weights."""
    width = min(2.0, np.sqrt(6 * reach / edge))
    count = int(np.ceil(ACCURACY / (2 * width))) + 8
    _require(count)
    turn = np.exp(width + 1j * (np.arange(count) + 0.5) * np.pi / count)
    nodes = edge / 2 * (1 - (turn + 1 / turn) / 2)
    slope = -edge / 4 * 1j * (turn - 1 / turn)
    return nodes, slope * (np.pi / count) / (2j * np.pi)


def _require(count: int) -> None:
    if count > MOST:
        raise Unsupported(
            f"the contour of this rule would take {count} nodes (at most {MOST}): fewer "
            "steps, or gradient flow at the same time, need fewer"
        )


def spectral_edge(
    lam: np.ndarray, g: np.ndarray, n: float, width: float = np.inf
) -> float:
    """The largest eigenvalue of K_DD in the theory: the end of its limiting spectrum.

    −s(C) = (Σ g L − n)(1 − Σ g L/w) C has its least value on C < −max λ there.

    Examples
    --------
    >>> one = np.ones(1)                            # Marchenko–Pastur: (√n + √g)²
    >>> round(spectral_edge(one, 400 * one, 100.0), 6)
    900.0
    """
    from scipy.optimize import minimize_scalar

    top = float(lam.max())

    def height(x: float) -> float:
        c = -top * (1 + np.exp(x))
        z = np.sum(g * lam / (lam + c))
        return float((z - n) * c * (1 - z / width))

    found = minimize_scalar(height, bounds=(-40.0, 40.0), method="bounded")
    return float(found.fun)
