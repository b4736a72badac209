"""Distinct points of a domain with antipodes: a constant for even and one for odd levels.

Of n distinct points p pairs are antipodes, s = n − 2p stand alone. The sum of a pair's
labels sees even levels only, their difference odd ones; a single point sees both. So even
and odd levels have constants of their own, coupled through the single points. Where both
parities share the trace the two agree with the finite-population equation; where the
kernel is even or odd they are the equation in the number of classes, now with a ridge.
"""

from typing import Any

from sympy import IndexedBase, Symbol

from theory import notation
from theory.constant import total
from theory.constant.learnability import learnability, unlearned
from theory.formula import formulas
from theory.notation import i, noise, points, ridge
from theory.source import OURS
from theory.statistics.classes import pairs

lam: Any = notation.lam
singles: Any = Symbol("s_n", nonnegative=True)
"""Points whose antipode is not among the data."""
C_even, C_odd = (Symbol(f"C_{x}", positive=True) for x in ("even", "odd"))
g_even: Any = IndexedBase("g_even", nonnegative=True)
g_odd: Any = IndexedBase("g_odd", nonnegative=True)
"""Multiplicities of the levels of one parity, 0 in the others."""
power_even: Any = IndexedBase("v2_even", nonnegative=True)
power_odd: Any = IndexedBase("v2_odd", nonnegative=True)
z_even, z_odd = (Symbol(f"z_{x}", nonnegative=True) for x in ("even", "odd"))
"""Modes of one parity that are learned."""
e_even, e_odd = (Symbol(f"E_{x}", nonnegative=True) for x in ("even", "odd"))
"""The error in levels of one parity, without fresh noise."""
single: Any = Symbol("kappa_s", positive=True)
pair: Any = Symbol("kappa_even", positive=True)

SWAP = {
    C_even: C_odd,
    g_even: g_odd,
    power_even: power_odd,
    z_even: z_odd,
    e_even: e_odd,
    C_odd: C_even,
    z_odd: z_even,
    e_odd: e_even,
}
"""Even ↔ odd: every formula for even levels is one for odd levels too."""
TWO = (
    "n distinct points of M, of which p pairs are antipodes; ridge, noise and target of "
    "any parity; takes the eigenbasis of each parity as randomly rotated"
)
L, U = learnability(lam[i], C_even), unlearned(lam[i], C_even)
spread: Any = C_even * z_even + C_odd * z_odd
fresh: Any = 1 - 2 * z_even / points
"""The share of a label's noise that is not fitted to the point itself."""
across: Any = 1 - 2 * z_even / points * (C_even * z_even - C_odd * z_odd) / spread
"""The same for the error of the other parity, which is noise where it is not learned."""

learned = formulas.declare(
    name="parity_learned",
    says="Modes of one parity that are learned.",
    lhs=z_even,
    rhs=total(g_even[i] * L),
    status="definition",
    source=OURS,
)
single_variance = formulas.declare(
    name="parity_single_variance",
    says="What a point without its antipode leaves open: both parities and the ridge.",
    lhs=single,
    rhs=spread
    + ridge * (1 - 2 * (C_even * z_even**2 + C_odd * z_odd**2) / (points * spread)),
    status="conjecture",
    source=OURS,
    given=TWO,
)
pair_variance = formulas.declare(
    name="parity_pair_variance",
    says="What two antipodes leave open of one parity: half the ridge.",
    lhs=pair,
    rhs=C_even * z_even + ridge / 2 * fresh,
    status="conjecture",
    source=OURS,
    given=TWO,
)
equation = formulas.declare(
    name="parity_equation",
    says="The constant of one parity: what single points and pairs tell of it.",
    lhs=1 / C_even,
    rhs=singles / single + pairs / pair,
    status="conjecture",
    source=OURS,
    given=TWO,
)
error = formulas.declare(
    name="parity_error",
    says="The error in levels of one parity: bias, and what residuals and noise add.",
    lhs=e_even,
    rhs=total(power_even[i] * U**2)
    + total(g_even[i] * L**2)
    * C_even**2
    * (
        singles / single**2 * (e_even + across * e_odd + noise * fresh)
        + pairs / pair**2 * (e_even + noise * fresh / 2)
    ),
    status="conjecture",
    source=OURS,
    given=TWO
    + "; linear in the errors of both parities, the test MSE is their sum and σ²",
)
