"""A regression problem: what is learned, from what, and how data sets are drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Rational

from theory import Kernel, OutOfDomain, domains, kernels
from theory.domains import Domain
from theory.numbers import integer, rational
from verify.regression.domains.arrays import DomainArrays, arrays_of
from verify.regression.pair_functions import Pairs, pairs_of
from verify.regression.targets import Target, target

WITHOUT, WITH, UNIFORM = "without_replacement", "with_replacement", "uniform"


@dataclass(frozen=True, eq=False)
class RegressionProblem:
    """Kernel ridge regression of some targets from n points; make it with ``problem``.

    Attributes
    ----------
    kernel, domain
        What learns, and where.
    targets
        All targets are learned from the same data sets.
    n
        Training points.
    ridge, noise
        Absolute ridge δ and variance σ² of Gaussian label noise, exact.
    sampling
        ``without_replacement`` or ``with_replacement`` on finite domains, ``uniform``
        on infinite ones.
    """

    kernel: Kernel
    domain: Domain
    targets: tuple[Target, ...]
    n: int
    ridge: Rational
    noise: Rational
    sampling: str

    @cached_property
    def place(self) -> DomainArrays:
        """The domain as arrays."""
        return arrays_of(self.domain)

    @cached_property
    def pairs(self) -> Pairs:
        """Kernel, K² and −ΔK² of pairs of points."""
        return self.pairs_with(self.kernel)

    def pairs_with(self, kernel: Kernel) -> Pairs:
        """The same of another kernel, with all of the targets' levels listed."""
        return pairs_of(
            kernel, self.domain, max(k for t in self.targets for k in t.powers)
        )

    @cached_property
    def modes(self) -> tuple[tuple[int, int], ...]:
        """The modes whose coefficients are recorded: (level, number)."""
        levels = sorted({k for t in self.targets for k in t.powers})
        return tuple((k, i) for k in levels for i in range(self.place.modes_of(k)))

    @property
    def description(self) -> dict[str, Any]:
        """Everything that decides the numbers, as plain data."""
        return {
            "kernel": str(self.kernel),
            "domain": str(self.domain),
            "targets": [t.text for t in self.targets],
            "n": self.n,
            "ridge": str(self.ridge),
            "noise": str(self.noise),
            "sampling": self.sampling,
        }

    def __str__(self) -> str:
        extra = "".join(
            f", {name} {value}"
            for name, value in (("ridge", self.ridge), ("noise", self.noise))
            if value
        )
        return f"{self.kernel} on {self.domain}, n = {self.n}{extra}, {self.sampling}"


def problem(
    kernel: Kernel | str,
    domain: Domain | str,
    targets: Any,
    n: Any,
    ridge: Any = 0,
    noise: Any = 0,
    sampling: str | None = None,
) -> RegressionProblem:
    """Check a problem before anything runs.

    Parameters
    ----------
    kernel, domain
        Objects, or their text.
    targets
        One target or a list: each a mapping level → power, or a function (of a corner
        ±1 of the cube, of the angle on points of the circle).
    n
        Training points.
    ridge, noise
        Exact numbers, at least 0.
    sampling
        By default without replacement on finite domains, ``uniform`` on infinite ones.

    Raises
    ------
    OutOfDomain
        Naming the argument that is out of range.

    Examples
    --------
    >>> print(problem("gaussian:width=2", "sphere:4", {1: 1}, 8, noise="1/10"))
    gaussian:width=2,input_variance=1 on sphere:4, n = 8, noise 1/10, uniform
    """
    kernel = kernels.parse(kernel) if isinstance(kernel, str) else kernel
    domain = domains.parse(domain) if isinstance(domain, str) else domain
    place = arrays_of(domain)
    allowed = (UNIFORM,) if place.points is None else (WITHOUT, WITH)
    sampling = allowed[0] if sampling is None else sampling
    if sampling not in allowed:
        raise OutOfDomain(
            f"sampling = {sampling!r} on {domain}: must be {' or '.join(allowed)}"
        )
    size = integer(n, "n", least=1)
    if sampling == WITHOUT and size > (place.points or size):
        raise OutOfDomain(
            f"n = {size}: {domain} has {place.points} points; draw fewer, or with replacement"
        )
    several = not isinstance(targets, Mapping | str) and isinstance(targets, Iterable)
    listed = list(targets) if several else [targets]
    if not listed:
        raise OutOfDomain("targets = []: at least one target is needed")
    return RegressionProblem(
        kernel,
        domain,
        tuple(target(each, domain, place) for each in listed),
        size,
        rational(ridge, "ridge", least=0),
        rational(noise, "noise", least=0),
        sampling,
    )
