"""Why nobody learns parity: bounds for every data set, from monotonicity alone."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

from sympy import Eq, Identity, KroneckerDelta, Le, Sum

from theory.data_set.conservation import samples
from theory.data_set.symbols import (
    L_D,
    A,
    K,
    Phi,
    S,
    lam,
    modes,
    named,
    phi,
    points,
    ridge,
    scalar,
    slope,
)
from theory.derivations.checks.exact_fields import FieldDualNumber, constant
from theory.derivations.checks.random_identities import ModularIdentity, Sampled
from theory.derivations.checks.random_problems import EDGES, FAR, regression, ridgeless
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.notation import i, j
from theory.source import OURS

BITS = 3
CORNERS = tuple(product((1, -1), repeat=BITS))
SETS = sorted(product((0, 1), repeat=BITS), key=sum)


def cube(random, field, size):
    """Distinct corners of the cube, its parities by level; eigenvalues fall per parity."""
    point = regression(random, field, size, rotated=False)
    data = random.sample(CORNERS, size[0])
    features = [[constant(field, _parity(x, s)) for s in SETS] for x in data]
    top, step = random.randint(4, 9), random.randint(0, 3)
    by_level = (
        top,
        random.randint(4, 9),
        Fraction(top - step, 2),
        Fraction(1, 1 + step),
    )
    numbers = dict(point.numbers)
    for number, s in enumerate(SETS, 1):
        value = Fraction(by_level[sum(s)])
        numbers[(lam, number)] = constant(field, value.numerator, value.denominator)
    matrices = {**point.matrices, Phi: features}
    return replace(point, numbers=numbers, matrices=matrices, seen={})


def smallest_last(random, field, size):
    """The same, with full parity the smallest eigenvalue of all."""
    point = cube(random, field, size)
    numbers = dict(point.numbers)
    numbers[(lam, size[1])] = min(numbers[(lam, k)] for k in range(1, size[1] + 1))
    return replace(point, numbers=numbers, seen={})


def almost_one_parity(point):
    """Without ridge, and with hardly any eigenvalues but those of full parity's parity."""
    numbers = dict(ridgeless(point).numbers)
    for number, s in enumerate(SETS, 1):
        same = sum(s) % 2 == BITS % 2
        numbers[(lam, number)] = constant(point.field, 1, 1 if same else FAR)
    return replace(ridgeless(point), numbers=numbers, seen={})


def white(random, field, size):
    """The same, with one eigenvalue for all modes."""
    point = cube(random, field, size)
    numbers = dict(point.numbers)
    numbers |= {(lam, k): numbers[(lam, 1)] for k in range(1, size[1] + 1)}
    return replace(point, numbers=numbers, seen={})


def one_parity(random, field, size):
    """One eigenvalue for the modes of full parity's own parity, 0 for all others."""
    point = cube(random, field, size)
    numbers = dict(point.numbers)
    for number, s in enumerate(SETS, 1):
        same = sum(s) % 2 == BITS % 2
        numbers[(lam, number)] = numbers[(lam, size[1])] if same else constant(field, 0)
    rows = _opposites(point.matrices[Phi], field)
    matrices = {**point.matrices, A: rows}
    return replace(point, numbers=numbers, matrices=matrices, seen={})


def _opposites(features, field):
    """A_ab = 1 where corner b is opposite to corner a; modes 2 to 4 are the bits."""
    zero, one = constant(field, 0), constant(field, 1)
    corners = [tuple(row[1 : 1 + BITS]) for row in features]
    return [
        [
            one if all(x + y == zero for x, y in zip(a, b, strict=True)) else zero
            for b in corners
        ]
        for a in corners
    ]


def unit_last(at, _):
    """The unit vector of the last mode, full parity."""
    zero, one = constant(at.field, 0), constant(at.field, 1)
    size = at.sizes[modes]
    return [
        [FieldDualNumber(one if k == size else zero, zero)] for k in range(1, size + 1)
    ]


last = named("e_N", modes, 1)


def _parity(corner, chosen):
    result = 1
    for bit, used in zip(corner, chosen, strict=True):
        result *= bit if used else 1
    return result


SIZES = ((1, 8), (3, 8), (5, 8))

STEPS = (
    Step(
        says=r"Raising one eigenvalue takes learnability from every other mode.",
        statement=Eq(
            lam[i] * slope(L_D(j), lam[i]),
            KroneckerDelta(i, j) * L_D(j) - lam[i] * lam[j] * S[i, j] ** 2,
            evaluate=False,
        ),
        because=(
            r"Derivation \texttt{sherman\_morrison}, with $S=\Phi^\top R\Phi$, $T=\Lambda S$: "
            r"for $i\ne j$ "
            r"the right side is $-\lambda_i\lambda_jS_{ij}^2\le0$, on every data set."
        ),
        status="exact",
        check_by=ModularIdentity(),
    ),
    Step(
        says=(
            r"On a domain of $M$ points a kernel with one eigenvalue for all modes "
            r"is white."
        ),
        statement=Eq(
            L_D(i),
            lam[i] / (lam[i] * points + ridge) * scalar(phi.T * phi),
            evaluate=False,
        ),
        because=r"$\Phi\Phi^\top=M\,I$ on distinct points, so $K_D=\lambda M\,I$.",
        status="exact",
        check_by=ModularIdentity(white, sizes=SIZES),
    ),
    Step(
        says=r"A parity is $\pm1$ everywhere, so its squares on the data sum to $n$.",
        statement=Eq(scalar(phi.T * phi), samples, evaluate=False),
        because=(
            r"With the last step a white kernel learns it to "
            r"$n\lambda/(M\lambda+\delta)\le n/M$."
        ),
        status="exact",
        check_by=ModularIdentity(cube, sizes=SIZES),
    ),
    Step(
        says=(
            r"If full parity has the smallest eigenvalue of all, it learns at most "
            r"$n/2^d$."
        ),
        statement=Le(L_D(i), samples / points, evaluate=False),
        because=(
            r"Lower all other eigenvalues to that of full parity: by the first step "
            r"its "
            r"learnability only grows, and the kernel becomes white. $M=2^d$."
        ),
        status="consequence",
        check_by=Sampled(smallest_last, sizes=SIZES, at={i: len(SETS)}),
    ),
    Step(
        says=r"All learnabilities together are at most $n$.",
        statement=Le(Sum(L_D(i), (i, 1, modes)), samples, evaluate=False),
        because=(
            r"The conservation law; none is negative. So where a symmetry makes the "
            r"$g$ modes of a "
            r"level equal in the mean over data sets, each gets at most $n/g$."
        ),
        status="consequence",
        check_by=Sampled(cube, sizes=SIZES),
    ),
    Step(
        says=(
            r"With one eigenvalue for all modes of full parity's own parity, and 0 "
            r"for the others, "
            r"the kernel sees a corner and its opposite, $A_{ab}=1$ where $x_b=-x_a$."
        ),
        statement=Eq(
            K,
            lam[modes] * points / 2 * (Identity(samples) - A),
            evaluate=False,
        ),
        because=(
            r"$\sum_S\chi_S(x)\chi_S(x')$ over sets of one parity is half of the "
            r"sums with weights "
            r"$1$ and $(-1)^{d-|S|}$, and the latter moves $x'$ to $-x'$, with the "
            r"sign $(-1)^d$: "
            r"$-1$ for $d=3$."
        ),
        status="exact",
        check_by=ModularIdentity(one_parity, sizes=SIZES),
    ),
    Step(
        says=(
            r"Full parity is an eigenvector of that kernel on single corners and on "
            r"opposite pairs."
        ),
        statement=Eq(A * Phi * last, -A * A * Phi * last, evaluate=False),
        because=(
            r"$\chi(-x)=(-1)^d\chi(x)$. With $c=\lambda_d2^{d-1}$ a single corner "
            r"adds $1/(c+\delta)$ "
            r"to $\phi^\top R\phi$ and a pair $2/(2c+\delta)$: at most $1/c$ for "
            r"each corner."
        ),
        status="exact",
        check_by=ModularIdentity(one_parity, sizes=SIZES, means={last: unit_last}),
    ),
    Step(
        says=(
            r"A dot-product kernel with non-negative Taylor coefficients orders "
            r"eigenvalues "
            r"within one parity only: then the bound is $n/2^{d-1}$."
        ),
        statement=Le(L_D(i), 2 * samples / points, evaluate=False),
        because=(
            r"By the first step full parity learns most when the eigenvalues of its "
            r"own parity are "
            r"lowered to $\lambda_d$ and all others to 0; then the last two steps give "
            r"$\lambda_dn/c=n/2^{d-1}$. The factor 2 is sharp: without ridge and "
            r"without opposite corners in the data, $K=t^p$ comes as close as one "
            r"likes for large $p$ of the parity of $d$."
        ),
        status="consequence",
        check_by=Sampled(
            cube,
            sizes=SIZES,
            at={i: len(SETS)},
            edges=(*EDGES, almost_one_parity),
        ),
    ),
)

derivation = FinishedDerivation(
    name="parity",
    title="Full parity on the hypercube",
    setting=(
        r"A kernel on $\{\pm1\}^d$, $n$ distinct corners as data, any ridge; full "
        r"parity is the "
        r"product of all $d$ bits. Checks use $d=3$."
    ),
    steps=STEPS,
    source=OURS,
)
