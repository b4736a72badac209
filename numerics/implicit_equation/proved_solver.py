"""The constant C, enclosed: Newton in log C for the point, two signs for the proof.

F(C) = Σ g λ/(λ + C) + δ/C falls strictly, so C lies between c₋ and c₊ as soon as balls
prove F(c₋) > n > F(c₊). The point itself needs no proof. Both use the equation split at
the trial value c: with p modes in the levels above it, F(c) − n has the sign of

    [Σ_below g L + δ/c + (p − n)₊] − [Σ_above g (1 − L) + (n − p)₊],

two sums of positive terms. Nothing cancels in either, not near n = N (where every level
is above) and not on a plateau between eigenvalues of very different size. Newton steps
are taken on the logarithm of their ratio in log C.

C is increasing and homogeneous of degree 1 in (λ, δ) (Euler), so relative errors of the
eigenvalues enter with weights that sum to at most 1.

The levels that an infinite spectrum does not list enter as a ball
(``numerics.spectra.tails``). Where that ball is what keeps digits from being proved,
levels are added.
"""

from dataclasses import dataclass
from math import inf
from typing import Any

from flint import arb, fmpq

from numerics.implicit_equation.roots import require_decided
from numerics.implicit_equation.width_solver import SPARE_SLOPE, spare_chain
from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.program import build
from numerics.numbers.ball import Ball
from numerics.numbers.memory_limit import require_memory
from numerics.numbers.precision import MOST_DIGITS, bits_for, working_precision
from numerics.spectra import refinement
from numerics.spectra.spectrum import Spectrum
from numerics.spectra.tails import Tail
from theory import NoConvergence, OutOfDomain, formulas, notation
from theory.numbers import integer, shortened
from theory.numbers import rational as exact_rational
from theory.random_features.equations import spare

METHOD = "Newton in log C; sign change of the implicit equation proved by balls"
MAX_STEPS = 400
MAX_RAISES = 8
START_BITS = 80

_learned = build(formulas["implicit_equation"].lhs, BALLS)
_unlearned = build(formulas["implicit_complement"].lhs, BALLS)
_slope = build(formulas["susceptibility"].rhs, BALLS)
_spare = build(spare_chain, BALLS)


@dataclass(frozen=True, slots=True)
class EquationData:
    """Positive levels as balls, their multiplicities, and exact n and δ.

    Levels whose sign is open are apart: between 0 and the number given. With random
    features n is min(n, w), and their spare modes stand for the ridge's share.
    """

    lam: list[arb]
    g: list[fmpq]
    n: fmpq
    ridge: fmpq
    tail: Tail
    bits: int
    open_lam: list[arb]
    open_g: list[fmpq]
    features: tuple[fmpq, fmpq] | None = None
    """n and w, with random features."""

    def split(self, c: arb) -> tuple["Side", "Side"]:
        """The two positive sums at a trial value: levels below it, and above it."""
        middle = c.mid()
        above = [i for i, x in enumerate(self.lam) if x.mid() > middle]
        below = [i for i, x in enumerate(self.lam) if not x.mid() > middle]
        p = sum((self.g[i] for i in above), fmpq(0))
        gap = p - self.n
        low = self._values(below, c, fmpq(0) if self.features else self.ridge)
        high = self._values(above, c, fmpq(0))
        rest, rest_slope = self.beyond(c)
        return (
            Side(_learned(low) + rest + max(gap, fmpq(0)), _slope(low) + rest_slope),
            Side(_unlearned(high) + max(-gap, fmpq(0)), _slope(high)),
        )

    def beyond(self, c: arb) -> tuple[arb, arb]:
        """What levels not listed, or of open sign, add to F, and to its slope in log C."""
        total, slope = arb(0), arb(0)
        if self.features and self.ridge > 0:
            size, width = self.features
            case = {notation.n: size, notation.width: width, notation.C: c}
            found = _spare.bound(case | {notation.ridge: self.ridge})
            total, slope = (as_ball(found[x]) for x in (spare, SPARE_SLOPE))
        if not self.tail.is_empty:
            total += self.tail.learned(c, self.bits)
            slope += self.tail.slope(c, self.bits)
        if self.open_lam:
            most = _learned(
                {
                    notation.lam: self.open_lam,
                    notation.g: self.open_g,
                    notation.C: c,
                    notation.ridge: fmpq(0),
                }
            )
            spread = arb(0).union(as_ball(most).upper())
            total, slope = total + spread, slope + spread
        return total, slope

    def _values(self, rows: list[int], c: arb, ridge: fmpq) -> dict[Any, Any]:
        return {
            notation.lam: [self.lam[i] for i in rows],
            notation.g: [self.g[i] for i in rows],
            notation.C: c,
            notation.ridge: ridge,
        }

    def excess(self, c: arb) -> arb:
        """A ball with the sign of F(c) − n; it falls with c."""
        low, high = self.split(c)
        return as_ball(low.total - high.total)

    def step(self, c: arb) -> tuple[arb, bool]:
        """Newton's step in log C, and whether c is seen below the root; unproved."""
        low, high = self.split(c)
        (a, da), (b, db) = low.midpoints(), high.midpoints()
        return ((a.log() - b.log()) / (da / a + db / b)).mid(), a > b


@dataclass(frozen=True, slots=True)
class Side:
    """A positive sum, and the size of its slope in log C."""

    total: Any
    slope: Any

    def midpoints(self) -> tuple[arb, arb]:
        """Both without their radii."""
        return as_ball(self.total).mid(), as_ball(self.slope).mid()


def proved_constant(
    s: Spectrum, n: Any, ridge: Any = 0, digits: int = 30, width: Any = None
) -> Ball:
    """C as ``numerics.constant`` encloses it; arguments and errors are the same.

    With ``width`` it is that of as many random features.

    Examples
    --------
    >>> one = Spectrum.from_levels([(1, 3)])       # C = λ(g − n)/n
    >>> proved_constant(one, 2).contains("1/2"), str(proved_constant(one, 4))
    (True, '0')
    """
    if not isinstance(s, Spectrum):
        raise OutOfDomain(
            f"s = {s!r:.80} is no spectrum; see spectrum() and Spectrum.from_levels"
        )
    samples = exact_rational(n, "n", least=0)
    delta = exact_rational(ridge, "ridge", least=0)
    features = None
    if width is not None and samples != 0:
        count = exact_rational(width, "width", positive=True)
        features = rational(samples), rational(count)
        samples = min(samples, count)
    digits = integer(digits, "digits", least=1, most=MOST_DIGITS)
    width = bits_for(digits)
    require_memory(width * len(s.levels), f"{len(s.levels)} levels at {width} bits")
    if samples == 0:
        return Ball.infinite("limit n → 0")
    s = refinement.completed(s)
    if delta == 0:
        s = refinement.counted(s, samples)
        require_decided(s, samples)
        if samples >= s.modes:
            where = "n → N without ridge" if samples == s.modes else "δ → 0⁺, n > N"
            return Ball.exact(0, f"limit {where}")
    reached = 0.0
    for extra in range(2, 2 + MAX_RAISES * 10, 10):
        if s.digits < digits + extra:
            s = s.refine(digits + extra)
        while True:
            found = _solve(s, rational(samples), rational(delta), digits, features)
            if isinstance(found, Ball):
                return found
            reached = max(reached, found)
            if found < digits and s.is_complete and s.undecided:
                raise NoConvergence(
                    f"{_asked(n, ridge)}: {found:.1f} of {digits} digits are proved, "
                    f"because the sign of levels {list(s.undecided)[:8]} is open"
                )
            if s.is_complete or s.kernel is None or found >= digits:
                break
            finer = refinement.refined(s)
            if finer is None:
                raise NoConvergence(
                    f"{_asked(n, ridge)}: {reached:.1f} of {digits} digits are proved "
                    f"with levels 0 to {s.levels[-1].index}; more would need more levels"
                )
            s = finer
    raise NoConvergence(
        f"{_asked(n, ridge)}: {digits} digits could not be proved from "
        f"eigenvalues of {s.digits:.0f} digits; give the spectrum more"
    )


def _asked(n: Any, ridge: Any) -> str:
    return f"C at n = {shortened(n)}, ridge = {shortened(ridge)}"


def _solve(
    s: Spectrum, n: fmpq, ridge: fmpq, digits: int, features: Any = None
) -> Ball | float:
    """An enclosure with the digits asked for, or how many the tail leaves provable."""
    target = bits_for(digits) + 30
    left = float(digits)
    for attempt in range(3):
        bits = target + 64 * (4**attempt - 1)
        with working_precision(bits):
            problem = _problem(s, n, ridge, bits, features)
            low, high = _bracket(problem)
            if not low > 0:
                return 0.0
            root = _point(problem, low, high, bits)
            width = arb(10) ** -digits / 4
            low, high = (root * (1 - width)).mid(), (root * (1 + width)).mid()
            if problem.excess(low) > 0 and problem.excess(high) < 0:
                return Ball(low.union(high), None, METHOD)
            left = _provable(problem, root)
        if left < digits or s.digits < digits + 2:
            return min(left, float(digits)) if left < digits else float(digits)
    return left


def _provable(problem: EquationData, c: arb) -> float:
    """Digits of C that the tail's enclosure allows, from its width and F's slope."""
    rest, _ = problem.beyond(c)
    if not rest.rad() > 0:
        return inf
    low, high = problem.split(c)
    slope = as_ball(low.slope + high.slope).mid()
    share = (rest.rad() / slope).log() / arb(10).log()
    return max(0.0, -float(share.mid()) - 1)


def _problem(
    s: Spectrum, n: fmpq, ridge: fmpq, bits: int, features: Any
) -> EquationData:
    kept = [x for x in s.levels if x.eigenvalue.sign == 1]
    unknown = [x for x in s.levels if x.eigenvalue.sign is None]
    return EquationData(
        lam=[x.eigenvalue.at(bits) for x in kept],
        g=[fmpq(x.multiplicity) for x in kept],
        n=n,
        ridge=ridge,
        tail=s.tail,
        bits=bits,
        open_lam=[x.eigenvalue.at(bits).upper() for x in unknown],
        open_g=[fmpq(x.multiplicity) for x in unknown],
        features=features,
    )


def _point(problem: EquationData, low: arb, high: arb, bits: int) -> arb:
    """An unproved root to about ``bits``: safeguarded Newton, precision doubling."""
    with working_precision(START_BITS):
        c = high
        for _ in range(MAX_STEPS):
            step, is_below = problem.step(c)
            low, high = (c, high) if is_below else (low, c)
            after = (c * step.exp()).mid() if abs(step) < 10**6 else arb(0)
            if not (low <= after and after <= high):
                after = (low.log() + high.log()).exp().sqrt().mid()
            c = after
            if abs(step) < arb(2) ** -(START_BITS // 2):
                break
    precision = START_BITS
    while precision < bits:
        precision = min(2 * precision, bits)
        with working_precision(precision):
            c = (c * problem.step(c)[0].exp()).mid()
    return c


def _bracket(problem: EquationData) -> tuple[arb, arb]:
    """Bounds of C that theory proves, widened by rounding: trace above, and below the
    ridge's share, λ_m (m − n)/n for every count m > n of leading modes, and what the
    tail's mass alone needs. The lower bound is 0 where the listed levels prove none.
    """
    lam, g, n = problem.lam, problem.g, problem.n
    trace = sum((x * count for x, count in zip(lam, g, strict=True)), arb(0))
    mass, square = (
        problem.tail.mass.at(problem.bits),
        problem.tail.square.at(problem.bits),
    )
    for x, count in zip(problem.open_lam, problem.open_g, strict=True):
        trace += x * count
    high = (trace + mass.upper() + problem.ridge) / n
    low = arb(problem.ridge / n)
    if problem.features:
        # learned and spare modes are both at most m/2 above; r is at most m below
        size, width = problem.features
        rest = max(size, width) - n / 2
        high = 2 * (trace + mass.upper()) / n + 2 * width * problem.ridge / (n * rest)
        low = arb(problem.ridge / size)
    if mass > 0:
        alone = (mass / n - square / mass).lower()
        low = alone if alone > low else low
    count = fmpq(0)
    for index in sorted(range(len(lam)), key=lambda i: lam[i].mid(), reverse=True):
        count += g[index]
        if count > n:
            bound = lam[index] * ((count - n) / n)
            low = bound if bound > low else low
    margin = arb(2) ** -20
    return (low * (1 - margin)).mid(), (high * (1 + margin)).mid()
