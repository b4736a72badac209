"""Maps θ → s, analytic in a strip, whose real axis is a contour around the eigenvalues."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, inf, log, pi, sqrt
from typing import Protocol

from flint import acb, arb

from theory.errors import Unsupported

TURN = 2 * pi


class ContourMap(Protocol):
    """A map θ → s, analytic for |Im θ| ≤ strip, with s(−θ̄) = s̄(θ)."""

    @property
    def strip(self) -> float:
        """B."""
        ...

    @property
    def rim(self) -> float:
        """At this imaginary part a closed curve has shrunk to the eigenvalues."""
        ...

    @property
    def period(self) -> float:
        """2π for closed curves, ∞ for those that are open to the left."""
        ...

    def at(self, theta: acb) -> tuple[acb, acb]:
        """S and ds/dθ."""
        ...


@dataclass(frozen=True, slots=True)
class Hyperbola:
    """μ (1 + sin(iθ − π/4)): open to the left, for filters that decay."""

    mu: arb
    strip: float = 0.65
    rim: float = pi / 4
    period: float = inf

    def at(self, theta: acb) -> tuple[acb, acb]:
        """S and ds/dθ.

        Examples
        --------
        >>> s, slope = Hyperbola(arb(2)).at(acb(0))
        >>> round(float(s.real), 6), float(slope.imag) > 0
        (0.585786, True)
        """
        angle = theta * acb(0, 1) - arb.pi() / 4
        sine, cosine = angle.sin_cos()
        return self.mu * (1 + sine), self.mu * cosine * acb(0, 1)


@dataclass(frozen=True, slots=True)
class Ellipse:
    """With foci −edge and 0, for entire filters."""

    edge: arb
    width: float
    strip: float
    period: float = TURN

    @property
    def rim(self) -> float:
        """Where the foci are."""
        return self.width

    def at(self, theta: acb) -> tuple[acb, acb]:
        """S and ds/dθ.

        Examples
        --------
        >>> s, _ = Ellipse(arb(2), 1.0, 0.5).at(acb(0))      # −1 + cosh 1
        >>> round(float(s.real), 6)
        0.543081
        """
        sine, cosine = (theta - acb(0, self.width)).sin_cos()
        half = self.edge / 2
        return half * (cosine - 1), -half * sine


class Annulus:
    """Around −edge … 0, away from s ≥ reach, in the middle between both.

    w = reach − s runs through low (θ₃(0)/θ₂(0))² (θ₂(z)/θ₃(z))², Jacobi's theta functions of
    an annulus; it is real and negative, or between low and high, on the rims alone. The
    strip is a share of the way to both.
    """

    period = TURN

    def __init__(self, edge: arb, reach: arb, share: float = 0.85) -> None:
        self.edge, self.reach = edge, reach
        # K'/K from the ratio of the ends, a little wider than needed
        from scipy.special import ellipkm1

        ends = float((reach / (edge + reach)).mid()) / 1.01
        self.height = float(ellipkm1(1 - ends) / ellipkm1(ends))
        self.rim = TURN * self.height / 4
        self.strip = share * self.rim
        _, second, third, _ = acb.modular_theta(acb(0), acb(0, 1 / arb(self.height)))
        if not (reach * (third / second).real ** 4).lower() > (edge + reach).upper():
            raise Unsupported(f"no annulus around 0 to {edge} within {reach} was found")

    def at(self, theta: acb) -> tuple[acb, acb]:
        """S and ds/dθ.

        Examples
        --------
        >>> s, _ = Annulus(arb(10), arb(1)).at(acb(0))
        >>> 0 < float(s.real) < 1
        True
        """
        scale = acb(0, -1) / (2 * arb.pi() * self.height)
        z = theta * scale - acb(1) / 4
        # with this τ, not −1/τ, the series of θ₂ and θ₃ are short, and sharp on boxes
        tau = acb(0, 1 / arb(self.height))
        _, t2, t3, _ = acb.modular_theta(z, tau)
        _, d2, d3, _ = acb.modular_theta(z, tau, 1)
        _, second, third, _ = acb.modular_theta(acb(0), tau)
        w = self.reach * (third / second * t2 / t3) ** 2
        slope = 2 * w * (d2 / t2 - d3 / t3) * scale
        return self.reach - w, -slope


def curves(
    shape: str, edge: arb, reach: float, time: float, digits: float
) -> Iterator[ContourMap]:
    """Curves to be tried for a residual function of a shape, the best first."""
    if shape == "decaying":
        yield Hyperbola(arb(0.25 * (digits * log(10) + 8) / time))
        return
    top = float(edge.upper())
    if shape == "entire":
        for share in (1.0, 0.25, 4.0):
            width = min(2.0, sqrt(6 * share * reach / top))
            yield Ellipse(edge, width, 0.85 * width)
        return
    if shape == "rational":
        # high powers grow fast beside their pole: a narrow strip stays away from it
        for strip in (0.85, 0.5, 0.2, 0.06)[time > 8 :]:
            yield Annulus(edge, arb(min(reach, top)), strip)
        return
    for share in (1.0, 1 / 16, 1 / 256, 1 / 4096):
        for strip in (0.85, 0.4):
            yield Annulus(edge, arb(min(share * reach, top)), strip)
    for share in (1.0, 0.25, 0.05, 0.01):
        width = min(2.0, sqrt(6 * share * reach / top))
        if width > exp(-6):
            yield Ellipse(edge, width, 0.85 * width)
