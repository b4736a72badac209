"""A measurement of nets, turned into a report: how much was compared, how far off."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import jax
import numpy as np

from verify.networks.model.kernel import empirical_ntk
from verify.networks.model.net import Architecture, Parameters
from verify.suites import Request
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about nets and the measurement that decides it.

    Attributes
    ----------
    name, says
        Short name and sentence.
    measure
        Takes the request and returns what was found.
    """

    name: str
    says: str
    measure: Callable[[Request], "Found"]

    def report(self, request: Request) -> Report:
        """Measure, and report it."""
        begun = perf_counter()
        found = self.measure(request)
        return Report(
            self.says,
            found.verdict,
            found.checks,
            self.name,
            found.effect,
            request.seed,
            perf_counter() - begun,
            reason=found.reason,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a measurement found: verdict, number of comparisons, effect and reason."""

    verdict: Verdict
    checks: int
    effect: str
    reason: str = ""


def within(differences: Any, bound: float, what: str) -> Found:
    """Judge numbers that are exact up to a bound which is known beforehand.

    Examples
    --------
    >>> within([1e-4, -2e-4], 1e-3, "sum").effect
    'largest |sum| 0.0002, allowed 0.001'
    >>> within([float("nan")], 1e-3, "sum").verdict
    <Verdict.REFUTED: 'refuted'>
    """
    values = np.abs(np.asarray(differences, np.float64)).ravel()
    # a NaN, from a net that diverged, is no agreement
    holds = bool((values <= bound).all())
    largest = float(values.max(initial=0.0))
    effect = f"largest |{what}| {largest:.2g}, allowed {bound:.2g}"
    return Found(Verdict.CONFIRMED if holds else Verdict.REFUTED, values.size, effect)


def kernels_of(
    architecture: Architecture, parameters: Parameters, test: Any, train: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tangent kernel of a net on training points [n, n], and [m, n]."""
    square = _kernel(architecture, parameters, train)
    return np.asarray(square), np.asarray(_cross(architecture, parameters, test, train))


_kernel = jax.jit(empirical_ntk, static_argnums=0)
_cross = jax.jit(empirical_ntk, static_argnums=0)
