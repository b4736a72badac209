"""Contours for rules about which nothing is known but their values: found and checked.

A contour serves where Cauchy's formula on it gives h back at eigenvalues. That fails by
the size of h itself where a pole, a cut or fast growth of h lies within.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from numerics.interpreters.complex_arrays import COMPLEX_ARRAYS
from numerics.interpreters.program import build
from numerics.training.contours import Contour, around, ellipse
from theory import notation
from theory.errors import OutOfDomain, Unsupported
from theory.training import Filter

REPRODUCED = 1e-10
REACHES = (1.0, 1 / 16, 1 / 256, 1 / 4096)
PROBES = np.array([0, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.8, 1.0])


def residual(rule: Filter, s: np.ndarray, time: np.ndarray) -> np.ndarray:
    """H at complex eigenvalues s and times, broadcast.

    Raises
    ------
    OutOfDomain
        When a function given as a rule fails on complex arrays.

    Examples
    --------
    >>> from theory.training import parse
    >>> residual(parse("flow"), np.array([0j, 1]), np.array([2.0])).real.round(4).tolist()
    [1.0, 0.1353]
    """
    shape = np.broadcast_shapes(np.shape(s), np.shape(time))
    if rule.is_function:
        try:
            with np.errstate(all="ignore"):
                found = rule.residual(s, time)  # type: ignore[operator]
            return np.broadcast_to(np.asarray(found, dtype=complex), shape)
        except (TypeError, ValueError) as error:
            raise OutOfDomain(
                f"rule = {rule.name} must take complex arrays s and τ: {error}"
            ) from None
    program = build(rule.expression, COMPLEX_ARRAYS)
    with np.errstate(over="ignore", invalid="ignore"):
        found = program({notation.s: s, notation.time: np.asarray(time, dtype=complex)})
    return np.broadcast_to(found, shape)


def reproducing(rule: Filter, edge: float, time: float, attempt: int = 0) -> Contour:
    """The first contour on which Cauchy's formula gives the rule back, or a later one.

    Raises
    ------
    OutOfDomain
        When h(0) is not 1.
    Unsupported
        When there is none.

    Examples
    --------
    >>> from theory.training import parse
    >>> ridge = parse(lambda s, t: 1 / (1 + s * t))
    >>> len(reproducing(ridge, 100.0, 1.0).nodes) < 100
    True
    """
    at = np.array([0.0 + 0j])
    first = complex(residual(rule, at, np.array([time]))[0])
    if not abs(first - 1) < REPRODUCED:
        raise OutOfDomain(
            f"rule = {rule.name}: h(0, {time:g}) = {first.real:g} must be 1"
        )
    serving = (c for c in _candidates(edge, time) if _serves(rule, c, edge, time))
    found = list(islice(serving, attempt, attempt + 1))
    if not found:
        raise Unsupported(
            f"rule = {rule.name} at time {time:g}: no contour was found on which Cauchy's "
            "formula gives h back, so h is not analytic around the eigenvalues 0 to "
            f"{edge:.3g} of K_DD (or grows too fast beside them)"
        )
    return found[0]


def _candidates(edge: float, time: float) -> Iterator[Contour]:
    for share in REACHES:
        yield around(edge, min(share / time, edge))
    for share in (1.0, 0.25, 0.05):
        try:
            yield ellipse(edge, min(share / time, edge))
        except Unsupported:
            return
    for share in (1e-3, 1e-5, 1e-7):
        yield around(edge, share * edge)


def _serves(rule: Filter, contour: Contour, edge: float, time: float) -> bool:
    at = np.array([time])
    x = edge * PROBES
    on = residual(rule, -contour.nodes, at)
    if not np.all(np.isfinite(on)):
        return False
    terms = contour.weights * on / (contour.nodes + x[:, None])
    found = 2 * np.real(np.sum(terms, axis=1))
    wanted = residual(rule, x.astype(complex), at)
    off = np.max(np.abs(found - wanted))
    return bool(off < REPRODUCED * max(1.0, np.max(np.abs(wanted))))
