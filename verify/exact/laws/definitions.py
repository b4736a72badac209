"""Definitions against what they define: zonal functions, eigenvalues, kernels, angles."""

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build as program
from numerics.numbers.precision import working_precision
from theory import Hypercube, kernels
from theory.activations.angle import angle, sine_lag
from theory.notation import t, u
from theory.numbers import exact
from verify.exact.laws.engine import BITS, OnCube, meets, textbook
from verify.exact.problems.rational_matrices import fraction, rational
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law, Outcome, equal, together


def _of(e: Any) -> fmpq:
    """A SymPy rational."""
    return fmpq(int(e.p), int(e.q))


def zonal_functions(case: tuple[int, int, int]) -> Outcome:
    """On the cube, the zonal function is the mean character of a level; so are its sizes."""
    d, k, m = case
    sets = [S for S in range(2**d) if S.bit_count() == k]
    point = 2**m - 1  # a corner at Hamming distance m from corner 0
    mean = sum(1 - 2 * ((S & point).bit_count() % 2) for S in sets)
    cube = Hypercube(d)
    found = _of(cube.zonal(k, exact(f"{d - 2 * m}/{d}", "t")))
    return together(
        [
            equal(found, fmpq(mean, len(sets)), f"zonal function of {case}"),
            equal(int(cube.multiplicity(k)), len(sets), f"multiplicity of {case}"),
        ]
    )


def defined_eigenvalues(case: tuple[int, int, list[fmpq]]) -> Outcome:
    """λ_k by its definition is the mean of K times a character over all corners."""
    d, k, coefficients = case
    K = kernels.from_expression(
        sum(
            (exact(fraction(a), "a") * t**p for p, a in enumerate(coefficients)),
            0 * t,
        )
    )
    total, S = fmpq(0), 2**k - 1
    for x in range(2**d):
        at = fmpq(d - 2 * x.bit_count(), d)
        value = sum((a * at**p for p, a in enumerate(coefficients)), fmpq(0))
        total += value * (1 - 2 * ((x & S).bit_count() % 2))
    said = rational(str(Hypercube(d).definition(K, k).doit()))
    return equal(said, total / 2**d, f"λ_{k} of {K} on {d} bits")


def kernel_families(case: tuple[fmpq, fmpq, fmpq, int]) -> Outcome:
    """Gaussian, Laplace, exponential and polynomial kernels of points of norm √(q₀ d)."""
    width, q0, at, d = case
    given = {"width": fraction(width), "input_variance": fraction(q0)}
    with working_precision(BITS):
        square = arb(2 * q0 * d * (1 - at))  # |x − x′|²
        said = {
            kernels.gaussian(**given): (-square / (2 * width * width)).exp(),
            kernels.laplace(**given): (-square.sqrt() / width).exp(),
            kernels.exponential(fraction(width)): arb(width * at).exp(),
            kernels.polynomial(d): arb(at) ** d,
        }
        return together(
            [meets(textbook(OnCube(K, d), at) - x, str(K)) for K, x in said.items()]
        )


def angles(at: fmpq) -> Outcome:
    """The angle of u and sin θ − θ cos θ: operations, definitions and arccosines agree."""
    with working_precision(BITS):
        theta = arb(1 - 2 * at).acos()
        truths = {angle: theta, sine_lag: theta.sin() - theta * theta.cos()}
        findings = []
        for head, truth in truths.items():
            for form in (head(u), head(u).definition):
                gap = as_ball(program(form, BALLS)({u: at})) - truth
                findings.append(meets(gap, f"{form} at u = {at}"))
    return together(findings)


def _level(choose: Choose) -> tuple[int, int, int]:
    d = choose(1, 7)
    return d, choose(0, 7) % (d + 1), choose(0, 7) % (d + 1)


def _rational_kernel(choose: Choose) -> tuple[int, int, list[fmpq]]:
    d = choose(1, 4)
    coefficients = [fmpq(choose(0, 6), choose(1, 4)) for _ in range(5)]
    return d, choose(0, 4) % (d + 1), [*coefficients, fmpq(1)]


def _radial(choose: Choose) -> tuple[fmpq, fmpq, fmpq, int]:
    width, q0 = (fmpq(choose(1, 6), choose(1, 4)) for _ in range(2))
    return width, q0, fmpq(choose(0, 18) - 9, 10), choose(1, 6)


def _between(choose: Choose) -> fmpq:
    return fmpq(choose(1, 99), 100)


TESTS: tuple[tuple[str, Callable, Callable], ...] = (
    ("zonal", _level, zonal_functions),
    ("eigenvalues", _rational_kernel, defined_eigenvalues),
    ("families", _radial, kernel_families),
    ("angles", _between, angles),
)


def laws() -> list[Law]:
    """Every definition with its generator and its test.

    Examples
    --------
    >>> len(laws())
    4
    """
    return [
        Law(f"definitions/{name}", (test.__doc__ or "").strip(), build, test)
        for name, build, test in TESTS
    ]
