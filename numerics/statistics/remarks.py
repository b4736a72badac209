"""What a reader of predictions should know beside the numbers."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from numerics.spectra.floats.float_spectrum import FloatSpectrum
from theory.errors import EngineError
from theory.statistics.questions.sampling import DISTINCT, INDEPENDENT, SAMPLINGS

MOVED = 0.01
"""Another sampling is remarked on where it moves a number by more than this share."""
LOPSIDED = 1 / 3
"""Even and odd levels share the trace less evenly than this: the conjecture may fail."""


@dataclass(frozen=True)
class Context:
    """Spectra and targets of a prediction, to compare with."""

    spectra: tuple[Any, ...]
    targets: tuple[Any, ...]
    several: bool
    many: bool
    predict: Callable[..., Any]

    def select(self, spectrum: int, target: int) -> "Context":
        """The context of one spectrum and one target."""
        one = {"spectra": (self.spectra[spectrum],), "targets": (self.targets[target],)}
        return replace(self, **one, several=False, many=False)

    def remarks(self, p: Any) -> tuple[str, ...]:
        """All remarks on a prediction."""
        found = [
            text
            for s in self.spectra
            for text in (_regime(p, s), _parity(p, s))
            if text
        ]
        return tuple(dict.fromkeys([*found, *self._width(p), *self._samplings(p)]))

    def _width(self, p: Any) -> list[str]:
        """How far the width moves the test MSE from the kernel's, which has no width."""
        if set(p.asked) != {"width"}:
            return []
        s = list(self.spectra) if self.several else self.spectra[0]
        target = list(self.targets) if self.many else self.targets[0]
        kernel = self.predict(s, target, p.n, p.ridge, p.noise).test_mse
        least, most = _moved(kernel, p.test_mse, np.min), _moved(kernel, p.test_mse)
        if np.isinf(np.asarray(p.test_mse).astype(float)).any():
            return ["without ridge the test MSE has no bound where width = n"]
        span = f"{100 * least:.3g} to " if least < most else ""
        return [
            f"finite width moves test_mse by {span}{100 * most:.3g} % of the kernel's; "
            "only the weights of a last layer are trained here"
        ]

    def _samplings(self, p: Any) -> list[str]:
        if set(p.asked) - {"sampling"}:
            return []
        used = p.asked.get("sampling", INDEPENDENT)
        s = list(self.spectra) if self.several else self.spectra[0]
        target = list(self.targets) if self.many else self.targets[0]
        found = []
        for other in SAMPLINGS:
            if other == used:
                continue
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                try:
                    q = self.predict(s, target, p.n, p.ridge, p.noise, sampling=other)
                except EngineError:  # it does not apply here
                    continue
            if told:  # too few digits to compare
                continue
            shared = {k: x for k, x in p.statistics.items() if k in q.statistics}
            moved = [(_moved(x, q.statistics[k]), k) for k, x in shared.items()]
            most, name = max(moved)
            if most > MOVED:
                found.append(
                    f"sampling = {other!r} would move {name} by up to {100 * most:.3g} %"
                )
        return found


def _moved(here: np.ndarray, there: np.ndarray, over: Any = np.max) -> float:
    """The largest (or least) relative difference; entries that are ∞ in both agree."""
    a, b = (np.asarray(x).astype(float).ravel() for x in (here, there))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.abs(b - a) / np.maximum(np.abs(a), 1e-300)
    share = np.where((a == b) | np.isnan(share), 0.0, share)
    return float(over(np.minimum(share, 1e9)))


def _regime(p: Any, s: Any) -> str:
    """Which n exceed the number of modes, without ridge."""
    if "rule" in p.asked:
        return ""
    n, ridge = (np.asarray(x).astype(float).ravel() for x in (p.n, p.ridge))
    if "width" in p.asked:
        # fewer features than modes never reach them all
        width = np.asarray(p.asked["width"]).astype(float).ravel()
        n = np.where(width < float(s.modes), 0.0, n)
    modes = float(s.modes)
    over = (ridge == 0) & (n > modes)
    at = (ridge == 0) & (n == modes)
    parts = []
    if over.any():
        parts.append(
            f"n = {n[over].min():g} … {n[over].max():g} exceeds the {modes:g} modes: "
            "numbers there are the limit δ → 0⁺, least squares"
        )
    if at.any():
        parts.append(f"n = {modes:g} is the number of modes, where errors peak")
    return "; ".join(parts)


def _parity(p: Any, s: Any) -> str:
    """The parity ratio where it is extreme and the finite-population equation is used."""
    source = s.source if isinstance(s, FloatSpectrum) else s
    if p.asked.get("sampling", INDEPENDENT) != DISTINCT or source is None:
        return ""
    if (
        source.domain is None
        or not source.domain.antipode
        or not source.is_complete
        or p.equation == "implicit_equation"
    ):
        return ""
    mass = {1: 0.0, -1: 0.0}
    for x in source.levels:
        sign = source.domain.zonal(x.index, -1)
        if sign not in (1, -1):
            return ""
        mass[int(sign)] += x.multiplicity * float(x.eigenvalue)
    even, odd = mass[1], mass[-1]
    ratio = odd / even if even else np.inf
    if LOPSIDED <= ratio <= 1 / LOPSIDED:
        return ""
    return (
        f"parity ratio Σ_odd g λ/Σ_even g λ = {ratio:.3g}: one parity dominates, where the "
        "finite-population equation is known to fail; compare with a simulation"
    )
