"""The numerics against exact solutions, and kernels against their definitions.

Enclosures must contain rationals that are known, and be as tight as they say: the
constant and every statistic on exact solutions of the implicit equation, eigenvalues
against sums over all corners of a hypercube, kernels of nets against Gaussian
expectations that are integrated with proof, layer by layer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from numerics import Spectrum, constant, predict, spectrum
from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build as program
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from theory import Hypercube, kernels
from theory.kernels import Kernel
from theory.notation import d as dimension
from theory.notation import t, u
from theory.numbers import exact
from verify.exact.problems.balance import Balance, balance
from verify.exact.problems.rational_matrices import fraction
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law, Outcome, equal, together

BITS, DIGITS = 200, 20
WIDEST = arb(2) ** -40


def _spectrum(case: Balance) -> Spectrum:
    return Spectrum.from_levels([(fraction(lam), g) for lam, g in case.levels])


def _encloses(ball: Ball, truth: fmpq, what: str) -> Outcome:
    """The ball holds the number, and has the digits that were asked for."""
    found = ball.contains(fraction(truth))
    wide = truth != 0 and ball.digits < DIGITS
    failure = "" if found else f"{what}: {ball} does not contain {truth}"
    if found and wide:
        failure = f"{what}: {ball} has fewer than {DIGITS} digits"
    return Outcome(failure=failure)


def constant_is_enclosed(case: Balance) -> Outcome:
    """The enclosure of C contains the C from which n was computed."""
    ball = constant(_spectrum(case), fraction(case.n), fraction(case.ridge), DIGITS)
    return _encloses(ball, case.C, "C")


def _truths(case: Balance) -> dict[str, fmpq]:
    return {
        "C": case.C,
        "E0": case.overfitting,
        "bias": case.bias,
        "variance": case.error - case.bias - case.noise,
        "test_mse": case.error,
        "train_mse": case.train_error,
    }


def _predicted(case: Balance, digits: int | None) -> Any:
    target = {k: fraction(v) for k, v in enumerate(case.power)}
    return predict(
        _spectrum(case),
        target,
        fraction(case.n),
        ridge=fraction(case.ridge),
        noise=fraction(case.noise),
        digits=digits,
    )


def statistics_are_enclosed(case: Balance) -> Outcome:
    """Proved statistics contain what theorem T11 says of exact solutions."""
    found = _predicted(case, DIGITS)
    return together(
        [_encloses(getattr(found, k).item(), x, k) for k, x in _truths(case).items()]
    )


def floats_keep_their_word(case: Balance) -> Outcome:
    """Statistics in float64 are as close as their error statement says."""
    found, findings = _predicted(case, None), []
    for name, truth in _truths(case).items():
        exact = fraction(truth)
        error = abs(Fraction(float(getattr(found, name))) - exact)
        allowed = Fraction(found.relative_error) * abs(exact)
        failure = "" if error <= allowed else f"{name}: off by {float(error):.3g}"
        size = float(error / allowed) if allowed else 0.0
        findings.append(Outcome(failure=failure, size=size))
    return together(findings)


@dataclass(frozen=True, slots=True)
class OnCube:
    """A kernel on a hypercube."""

    kernel: Kernel
    d: int


def _small(choose: Choose) -> fmpq:
    return fmpq(choose(1, 6), choose(1, 4))


def _kernel(choose: Choose) -> Kernel:
    """Any family, with small rational parameters."""
    kind = choose(0, 6)
    tame = lambda: fraction(_small(choose))
    if kind == 0:
        powers = (exact(tame(), "a") * t**p for p in range(choose(1, 5)))
        return kernels.from_expression(sum(powers, 0 * t))
    if kind == 1:
        return kernels.exponential(tame())
    if kind == 2:
        return kernels.gaussian(tame() + 1)
    if kind == 3:
        return kernels.laplace(tame() + 1)
    if kind == 4:
        return kernels.arc_cosine(choose(0, 2))
    return _net(choose)


def _net(choose: Choose) -> Kernel:
    make = (kernels.nngp, kernels.ntk)[choose(0, 1)]
    return make(
        ("relu", "erf")[choose(0, 1)],
        depth=choose(1, 3),
        weight_variance=fraction(_small(choose)),
        bias_variance=fraction(fmpq(choose(0, 3), 4)),
        input_variance=fraction(_small(choose)),
    )


def _on_cube(choose: Choose) -> OnCube:
    return OnCube(_kernel(choose), choose(1, 5))


def eigenvalues_are_enclosed(case: OnCube) -> Outcome:
    """λ_k contains the mean of K(1 − 2m/d) times a character, over all corners."""
    levels = spectrum(case.kernel, Hypercube(case.d), digits=DIGITS)
    with working_precision(BITS):
        row = [textbook(case, fmpq(case.d - 2 * m, case.d)) for m in range(case.d + 1)]
        row = [
            _half(case, fmpq(m, case.d)) if not x.is_finite() else x
            for m, x in enumerate(row)
        ]
        findings = []
        for level in levels.levels:
            S = 2**level.index - 1
            signs = (1 - 2 * ((x & S).bit_count() % 2) for x in range(2**case.d))
            total = arb(0)
            for x, sign in enumerate(signs):
                total += sign * row[x.bit_count()]
            gap = total / 2**case.d - level.eigenvalue.at(BITS)
            findings.append(meets(gap, f"λ_{level.index} of {case}"))
    return together(findings)


def textbook(case: OnCube, at: fmpq) -> arb:
    """K at a cosine by the formula as papers write it; numerics use another form."""
    values = {t: at, dimension: fmpq(case.d)}
    return as_ball(program(case.kernel(t), BALLS)(values))


def forms_agree(case: OnCube) -> Outcome:
    """K in the half-angle variable is K as papers write it."""
    with working_precision(BITS):
        findings = []
        for tenths in (-10, -7, 0, 3, 9, 10):
            at = fmpq(tenths, 10)
            written = textbook(case, at)
            if written.is_finite():  # at t = 1 a deep textbook form has no finite ball
                gap = _half(case, (1 - at) / 2) - written
                findings.append(meets(gap, f"{case} at t = {at}"))
    return together(findings)


def _half(case: OnCube, at: fmpq) -> arb:
    """K at u = (1 − t)/2, by the form that numerics use."""
    values = {u: at, dimension: fmpq(case.d)}
    return as_ball(program(case.kernel.half(), BALLS)(values))


def nets_are_their_layers(kernel: Kernel) -> Outcome:
    """NNGP and NTK by recursion, each layer's Gaussian expectation integrated."""
    from verify.formulas.judges.activations import duals

    relu = kernel["activation"] == "relu"
    value = lambda q, c: (
        q / 2 * duals.arc_cosine_moment.__wrapped__(1, c)
        if relu
        else duals.erf_moment.__wrapped__(q, c)
    )
    slope = lambda q, c: (
        duals.arc_cosine_moment.__wrapped__(0, c) / 2
        if relu
        else duals.erf_slope_moment.__wrapped__(q, c)
    )
    peak = lambda q: q / 2 if relu else duals.erf_moment.__wrapped__(q, arb(1))
    W, b, q0 = (
        arb(fmpq(int(kernel[name].p), int(kernel[name].q)))
        for name in ("weight_variance", "bias_variance", "input_variance")
    )
    depth, at = int(kernel["depth"]), fmpq(3, 10)
    with working_precision(BITS):
        q, s = W * q0 + b, W * q0 * at + b
        theta = s
        for layer in range(1, depth + 1):
            weight, offset = (arb(1), arb(0)) if layer == depth else (W, b)
            c = s / q
            s_next = weight * value(q, c) + offset
            theta = s_next + weight * theta * slope(q, c)
            q, s = weight * peak(q) + offset, s_next
        said = theta if kernel.family == "ntk" else s
        gap = said - textbook(OnCube(kernel, 1), at)
    return meets(gap, f"{kernel} at t = {at}")


def meets(gap: arb, what: str) -> Outcome:
    """Two balls for one number must meet, and be narrow."""
    if not gap.contains(0):
        return Outcome(failure=f"{what}: apart by {gap.str(5)}")
    if not gap.rad() < WIDEST:
        return Outcome(checks=0, undecided=f"{what}: {gap.str(5)}")
    return equal(0, 0, what)


TESTS: tuple[tuple[str, Callable, Callable, str], ...] = (
    ("constant", balance, constant_is_enclosed, ""),
    ("statistics", balance, statistics_are_enclosed, ""),
    ("floats", balance, floats_keep_their_word, "largest error over its statement"),
    ("eigenvalues", _on_cube, eigenvalues_are_enclosed, ""),
    ("forms", _on_cube, forms_agree, ""),
    ("nets", _net, nets_are_their_layers, ""),
)


def laws() -> list[Law]:
    """Every test of the engine with its generator.

    Examples
    --------
    >>> laws()[0].says
    'The enclosure of C contains the C from which n was computed.'
    """
    return [
        Law(f"engine/{name}", (test.__doc__ or "").strip(), build, test, measure)
        for name, build, test, measure in TESTS
    ]
