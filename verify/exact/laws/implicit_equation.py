"""Exact facts about the implicit equation, on exact solutions of it.

The constant is chosen and n follows (``verify.exact.problems.balance``), so nothing is
solved; slopes are coefficients of power series. Facts that ``theory`` has as formulas
are tested by the judges of ``verify.formulas``; these are the others.
"""

from collections.abc import Callable

from flint import arb, fmpq

from numerics.numbers.precision import working_precision
from verify.exact.problems.balance import Balance, balance
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law, Outcome, at_most, equal, together

FAR = fmpq(10) ** 60


def _sum(case: Balance, power: int) -> fmpq:
    """S_p = Σ g λ^p."""
    return sum((g * lam**power for lam, g in case.levels), fmpq(0))


def _learned(case: Balance) -> list[fmpq]:
    return [lam / (lam + case.C) for lam in case.eigenvalues]


def falling_and_convex(case: Balance) -> Outcome:
    """The left side falls, and is convex: the root is unique."""
    low, here, high = (case.left(case.C * s) for s in (fmpq(1, 2), fmpq(1), fmpq(3, 2)))
    return together(
        [
            at_most(here, low, "F(C) ≤ F(C/2)"),
            at_most(high, here, "F(3C/2) ≤ F(C)"),
            at_most(2 * here, low + high, "midpoint convexity"),
        ]
    )


def euler(case: Balance) -> Outcome:
    """C has degree 1 in (λ, δ): Σ λ_j ∂C/∂λ_j + δ ∂C/∂δ = C."""
    total = case.ridge * case.slopes(ridge=1)[0]
    for j, lam in enumerate(case.eigenvalues):
        total += lam * case.slopes(level=j)[0]
    return equal(total, case.C, "Euler's sum")


def learnability_slopes(case: Balance) -> Outcome:
    """∂L_i/∂n = L(1 − L)E₀/n, ∂L_i/∂δ = −L(1 − L)E₀/(nC), and ∂L_i/∂log λ_j."""
    L, E0, n = _learned(case), case.overfitting, case.n
    by_n, by_ridge = case.slopes(n=1)[1:], case.slopes(ridge=1)[1:]
    findings = []
    for i, x in enumerate(L):
        bend = x * (1 - x)
        findings.append(equal(by_n[i], bend * E0 / n, f"∂L_{i}/∂n"))
        findings.append(equal(by_ridge[i], -bend * E0 / (n * case.C), f"∂L_{i}/∂δ"))
    for j, (lam, g) in enumerate(case.levels):
        moved = case.slopes(level=j)[1:]
        for i, x in enumerate(L):
            said = x * (1 - x) * ((i == j) - g * L[j] * (1 - L[j]) * E0 / n)
            findings.append(equal(lam * moved[i], said, f"∂L_{i}/∂log λ_{j}"))
    return together(findings)


def one_level(case: Balance) -> Outcome:
    """One level: C² n − C (gλ + δ − nλ) − δλ = 0."""
    lam, g = case.levels[0]
    single = Balance([(lam, g)], case.C, case.ridge)
    n, C, ridge = single.n, single.C, single.ridge
    b = g * lam + ridge - n * lam
    return equal(n * C**2 - b * C - ridge * lam, fmpq(0), "quadratic")


def two_levels(case: Balance) -> Outcome:
    """Two levels, no ridge: nC² + [n(λ₁ + λ₂) − g₁λ₁ − g₂λ₂]C − (N − n)λ₁λ₂ = 0."""
    if len(case.levels) < 2:
        return Outcome(checks=0)
    (a, g), (b, h) = case.levels[:2]
    pair = Balance([(a, g), (b, h)], case.C)
    n, C = pair.n, pair.C
    middle = n * (a + b) - g * a - h * b
    return equal(n * C**2 + middle * C - (g + h - n) * a * b, fmpq(0), "quadratic")


def enclosure(case: Balance) -> Outcome:
    """A tail of mass T and eigenvalues ≤ λ_*: F lies between two functions without it."""
    *kept, (lam, g) = sorted(case.levels, reverse=True)
    mass = g * lam
    head = sum((m * x / (x + case.C) for x, m in kept), case.ridge / case.C)
    largest = lam + case.C
    return together(
        [
            at_most(head + mass / largest, case.n, "tail at its largest eigenvalue"),
            at_most(case.n, head + mass / case.C, "tail as ridge"),
        ]
    )


def few_points(case: Balance) -> Outcome:
    """C = T/n − S₂/T + (T S₃ − S₂²)n/T³ + O(n²), with T = S₁ + δ, far out."""
    far = Balance(case.levels, FAR * max(case.eigenvalues), case.ridge)
    T, S2, S3, n = _sum(far, 1) + far.ridge, _sum(far, 2), _sum(far, 3), far.n
    third = (T * S3 - S2**2) / T**3
    rest = far.C - T / n + S2 / T - third * n
    return at_most(abs(rest), n * n * T, "remainder")


def error_above_one(case: Balance) -> Outcome:
    """E(φ_m) > 1 for some n exactly when λ_m < S₂/(2(S₁ + δ)), without noise."""
    T, findings = _sum(case, 1) + case.ridge, []
    for m, lam in enumerate(case.eigenvalues):
        power = [int(k == m) for k in range(len(case.levels))]
        far = Balance(case.levels, FAR * T, case.ridge, power)
        here = Balance(case.levels, case.C, case.ridge, power)
        if 2 * T * lam < _sum(case, 2):
            findings.append(
                equal(far.error > 1, True, f"E of level {m} > 1 at small n")
            )
        else:
            findings.append(at_most(here.error, 1, f"E of level {m}"))
    return together(findings)


def inverse_squares(C: fmpq) -> Outcome:
    """λ_i = i⁻², no ridge: n + 1/2 = π/(2√C) coth(π/√C), in balls."""
    cut = 4000
    with working_precision(160):
        root = arb(C).sqrt()
        partial = sum((arb(1) / (1 + C * i * i) for i in range(1, cut + 1)), arb(0))
        beyond = lambda x: (arb.pi() / 2 - (root * x).atan()) / root
        tail = beyond(cut).union(beyond(cut + 1))
        said = arb.pi() / (2 * root) * (arb.pi() / root).coth() - arb(1) / 2
        gap = partial + tail - said
    if not gap.contains(0):
        return Outcome(failure=f"sides differ by {gap.str(5)} at C = {C}")
    tight = bool(gap.rad() < arb("1e-6"))
    return (
        Outcome() if tight else Outcome(checks=0, undecided=f"{gap.str(5)} at C = {C}")
    )


def _any(choose: Choose) -> Balance:
    return balance(choose)


def _several(choose: Choose) -> Balance:
    return balance(choose, levels=3)


def _constant(choose: Choose) -> fmpq:
    return fmpq(choose(1, 9), choose(1, 9))


FACTS: tuple[tuple[str, Callable, Callable], ...] = (
    ("falling_and_convex", _any, falling_and_convex),
    ("euler", _any, euler),
    ("learnability_slopes", _any, learnability_slopes),
    ("one_level", _any, one_level),
    ("two_levels", _any, two_levels),
    ("enclosure", _any, enclosure),
    ("few_points", _any, few_points),
    ("error_above_one", _several, error_above_one),
)


def laws() -> list[Law]:
    """Every fact with its generator and its test.

    Examples
    --------
    >>> laws()[1].says
    'C has degree 1 in (λ, δ): Σ λ_j ∂C/∂λ_j + δ ∂C/∂δ = C.'
    """
    return [
        Law(f"implicit/{name}", (test.__doc__ or "").strip(), build, test)
        for name, build, test in FACTS
    ]


def square_law() -> Law:
    """The spectrum of inverse squares, whose sum has a closed form."""
    says = (inverse_squares.__doc__ or "").strip()
    return Law("implicit/inverse_squares", says, _constant, inverse_squares)
