"""A quadrature rule in the angle for every kernel at once, in pairs of floats.

Gauss–Legendre in θ on panels that shrink towards θ = 0 and π by halves. A kernel of a
net is analytic in θ but for branch points near π (at a distance like √(σ_b²)) and, for
deep nets, near 0 (at a distance like 1/depth); on panels graded like this it has 32
digits whatever σ_b² ≥ 1e-7 and the depth are, so one rule serves a whole grid of
parameters, and derivatives in them. Zonal functions come from their three-term
recurrence in pairs; nodes and weights do not depend on the kernel and are remembered.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil

import numpy as np
from flint import arb, fmpq

from numerics.interpreters import double_double as dd
from numerics.interpreters.double_double import Pair
from numerics.numbers.precision import working_precision
from numerics.spectra.domains import harmonics
from numerics.spectra.quadrature.angle_quadrature import density, legendre

COMPUTES = "theory.domains.Hypersphere.definition"
HALVED_LOW, HALVED_HIGH = 8, 12
RADII = np.geomspace(1.05, 5.8, 60)
WANTED = 78.0
"""The logarithm of 10^34."""
BITS = 180


@dataclass(frozen=True, slots=True, eq=False)
class AngleRule:
    """What the levels of any kernel on one sphere are computed with.

    Attributes
    ----------
    u
        (1 − cos θ)/2 at the nodes, shape [node].
    mass
        Weights of the nodes in the law of the angle, shape [node].
    zonal
        mass · P_k(cos θ), shape [level, node].
    counts
        Multiplicities, shape [level].
    """

    u: Pair
    mass: Pair
    zonal: Pair
    counts: Pair

    def levels(self, values: Pair, at_one: Pair, xp: object = np) -> tuple:
        """(λ_k, Σ g λ and Σ g λ² of what is above) for a kernel's values at the nodes.

        The last two are differences from K(1) and E[K²], as pairs.
        """
        found = dd.total(dd.multiply(self.zonal, values), xp)
        square = dd.total(dd.multiply(self.mass, dd.multiply(values, values)), xp)
        listed = dd.multiply(self.counts, found)
        mass = dd.subtract(at_one, dd.total(listed, xp))
        left = dd.subtract(square, dd.total(dd.multiply(listed, found), xp))
        return found, mass, left


@lru_cache(maxsize=8)
def angle_rule(d: int, top: int) -> AngleRule:
    """The rule for levels 0 to ``top`` on S^{d−1} (d = 2: the circle).

    Examples
    --------
    >>> rule = angle_rule(3, 2)
    >>> values = dd.subtract(Pair(1.0, 0.0), dd.multiply(rule.u, Pair(2.0, 0.0)))  # K = t
    >>> found, mass, left = rule.levels(values, Pair(1.0, 0.0))
    >>> np.abs(np.round(found.hi, 15)).tolist(), abs(float(mass.hi)) < 1e-29
    ([0.0, 0.333333333333333, 0.0], True)
    """
    with working_precision(BITS):
        angles, weights = _panels(top, d)
        lead = density(d)
        mass = [
            lead * w * (x.sin() ** (d - 2) if d != 2 else 1)
            for x, w in zip(angles, weights, strict=True)
        ]
        low = [(x / 2).sin() ** 2 for x in angles]
        cosines = dd.pairs([x.cos() for x in angles])
        counts = dd.pairs([arb(g) for g in harmonics.multiplicities(d, top)])
        rule_mass, u = dd.pairs(mass), dd.pairs(low)
    rows = [Pair(np.ones_like(cosines.hi), np.zeros_like(cosines.hi)), cosines]
    for k in range(1, top):
        lead_pair = dd.pair_of(_rational(2 * k + d - 2, k + d - 2))
        back = dd.pair_of(_rational(k, k + d - 2))
        step = dd.multiply(lead_pair, dd.multiply(cosines, rows[k]))
        rows.append(dd.subtract(step, dd.multiply(back, rows[k - 1])))
    rows = rows[: top + 1]
    stacked = Pair(np.stack([x.hi for x in rows]), np.stack([x.lo for x in rows]))
    return AngleRule(u, rule_mass, dd.multiply(rule_mass, stacked), counts)


def _rational(p: int, q: int):
    from sympy import Rational

    return Rational(p, q)


def _count(half: float, top: int, d: int) -> int:
    """Nodes for a panel: ρ^−2m times what P_k sin^(d−2) gains on the ellipse ρ.

    Branch points lie a panel's length outside, so ρ goes up to 3 + √8.
    """
    reach = half * (RADII - 1 / RADII) / 2
    gain = top * reach + (d - 2) * np.log(np.cosh(reach))
    count = ceil(float(np.min((WANTED + gain) / (2 * np.log(RADII)))))
    return count + count % 2


def _panels(top: int, d: int) -> tuple[list[arb], list[arb]]:
    """Angles and weights in dθ on all panels."""
    quarter = arb.pi() / 2
    cuts = [arb(0)]
    cuts += [quarter * fmpq(1, 2**j) for j in range(HALVED_LOW, -1, -1)]
    cuts += [2 * quarter - quarter * fmpq(1, 2**j) for j in range(1, HALVED_HIGH + 1)]
    cuts.append(2 * quarter)
    angles, weights = [], []
    for start, stop in pairwise(cuts):
        half = (stop - start) / 2
        middle = (stop + start) / 2
        count = _count(float(half.mid()), top, d)
        nodes, loads = legendre(count, BITS)
        for x, w in zip(nodes, loads, strict=True):
            for sign in (1, -1):
                angles.append(middle + sign * half * x)
                weights.append(half * w)
    return angles, weights
