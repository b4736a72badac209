"""Eigenvalues of dot-product kernels on the hypercube, from one generating function."""

from sympy import Derivative, Eq, KroneckerDelta, Sum, Symbol, binomial, cosh, exp, sinh

from theory.derivations.checks.special_functions import Powers, SmallCases
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.domains.krawtchouk import Krawtchouk
from theory.notation import d, k, m
from theory.source import Source

z = Symbol("z", positive=True)
q = Symbol("q", positive=True)
a = Symbol("a", positive=True)
other = Symbol("l", integer=True, nonnegative=True)
low, high = (1 - q) / 2, (1 + q) / 2
X, Y = Symbol("x", positive=True), Symbol("y", positive=True)


def geometric(level):
    """λ_k of K = q^m."""
    return low**level * high ** (d - level)


def inside(d, k=0, m=0, l=0):
    """Levels and distances between 0 and d."""
    return k <= d and m <= d and l <= d


DIMENSIONS = range(1, 6)
levels = SmallCases({d: DIMENSIONS, k: range(6)}, inside)

STEPS = (
    Step(
        says=(
            r"A parity of $k$ bits, summed over the corners at distance $m$: its "
            r"generating function."
        ),
        statement=Eq(
            Sum(Krawtchouk(m, k, d) * z**m, (m, 0, d)),
            (1 - z) ** k * (1 + z) ** (d - k),
            evaluate=False,
        ),
        because=(
            r"Each of the $k$ bits of the parity contributes $1-z$ (unflipped or "
            r"flipped), every "
            r"other bit $1+z$; the coefficient of $z^m$ is $\mathcal{K}_m(k)$."
        ),
        status="definition",
        check_by=levels,
    ),
    Step(
        says=r"Level and distance can be exchanged.",
        statement=Eq(
            binomial(d, k) * Krawtchouk(m, k, d),
            binomial(d, m) * Krawtchouk(k, m, d),
            evaluate=False,
        ),
        because=(
            r"Both count pairs of a $k$-set and a corner at distance $m$, with signs."
        ),
        status="exact",
        check_by=SmallCases({d: DIMENSIONS, k: range(6), m: range(6)}, inside),
    ),
    Step(
        says=r"The zonal functions are orthogonal.",
        statement=Eq(
            Sum(
                binomial(d, m) * Krawtchouk(k, m, d) * Krawtchouk(other, m, d),
                (m, 0, d),
            ),
            2**d * binomial(d, k) * KroneckerDelta(k, other),
            evaluate=False,
        ),
        because=r"Parities are orthonormal; sum over a level and over a distance.",
        status="exact",
        check_by=SmallCases({d: DIMENSIONS, k: range(6), other: range(6)}, inside),
    ),
    Step(
        says=(
            r"So for $K(t_m)=q^m$, $t_m=1-2m/d$, the eigenvalues are a product over "
            r"bits."
        ),
        statement=Eq(
            2**-d * Sum(Krawtchouk(m, k, d) * q**m, (m, 0, d)),
            geometric(k),
            evaluate=False,
        ),
        because=(
            r"$\lambda_k=2^{-d}\sum_m\mathcal{K}_m(k)K(t_m)$ and the generating "
            r"function at $z=q$."
        ),
        status="consequence",
        check_by=levels,
    ),
    Step(
        says=r"They sum to the trace $K(1)=1$.",
        statement=Eq(Sum(binomial(d, k) * geometric(k), (k, 0, d)), 1, evaluate=False),
        because=r"The binomial theorem: $(1-q)/2+(1+q)/2=1$.",
        status="consequence",
        check_by=SmallCases({d: range(1, 8)}),
    ),
    Step(
        says=r"Multiplying the kernel by $t$ mixes neighbouring levels.",
        statement=Eq(
            geometric(k) - 2 * q / d * Derivative(geometric(k), q),
            (k * geometric(k - 1) + (d - k) * geometric(k + 1)) / d,
            evaluate=False,
        ),
        because=(
            r"$t_mq^m=(1-\frac{2q}d\partial_q)q^m$. Every kernel on the cube is a "
            r"combination of "
            r"$q^m$, so the rule is general."
        ),
        status="exact",
        check_by=Powers(low ** (k - 1) * high ** (d - k - 1)),
    ),
    Step(
        says=r"The exponential kernel $e^{at}$ is the case $q=e^{-2a/d}$.",
        statement=Eq(
            exp(a) * geometric(k).subs(q, exp(-2 * a / d)),
            (sinh(a / d) ** k * cosh(a / d) ** (d - k)).rewrite(exp),
            evaluate=False,
        ),
        because=(
            r"$e^{at_m}=e^aq^m$; the right side is $\sinh^k\frac "
            r"ad\,\cosh^{d-k}\frac ad$."
        ),
        status="consequence",
        check_by=levels,
    ),
    Step(
        says=(
            r"Within one parity, its eigenvalues fall with the level: a difference "
            r"of squares is 1."
        ),
        statement=Eq(
            X**k * Y ** (d - k) - X ** (k + 2) * Y ** (d - k - 2),
            X**k * Y ** (d - k - 2) * (Y**2 - X**2),
            evaluate=False,
        ),
        because=(
            r"$x=\sinh z$, $y=\cosh z$, $y^2-x^2=1$: $\lambda_k-\lambda_{k+2}$ of "
            r"every power "
            r"$t^p$ is a coefficient of $\sinh^kz\cosh^{d-k-2}z\ge0$, so it holds "
            r"for every kernel "
            r"with non-negative Taylor coefficients. Opposite parities have no order."
        ),
        status="exact",
        check_by=Powers(X**k * Y ** (d - k - 2)),
    ),
)

derivation = FinishedDerivation(
    name="hypercube",
    title="Eigenvalues on the hypercube",
    setting=(
        r"$\{\pm1\}^d$ with its uniform probability measure; a kernel $K(t)$ of the "
        r"cosine, at "
        r"Hamming distance $m$ equal to $t_m=1-2m/d$. The eigenfunctions are the "
        r"parities of "
        r"$k$ bits, $\binom dk$ of them."
    ),
    steps=STEPS,
    source=Source("yang2019spectral"),
)
