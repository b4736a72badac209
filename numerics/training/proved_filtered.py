"""Statistics of regression by a spectral filter as balls: contours with proved errors.

The integrands are those of ``theory.training.filtered_regression``; quadrature errors are
bounded by ``numerics.training.proved_contours``.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from flint import acb, arb, fmpq

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.complex_balls import (
    ANALYTIC_BALLS,
    COMPLEX_BALLS,
    as_complex,
    ball_array,
)
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra import refinement
from numerics.spectra.spectrum import Spectrum
from numerics.training.complex_constant import constants_along
from numerics.training.contour_maps import curves
from numerics.training.enclosed_levels import EnclosedLevels
from numerics.training.proved_contours import (
    COARSE,
    Quadrature,
    is_analytic,
    quadrature,
)
from theory import NoConvergence, OutOfDomain, Unsupported, formulas, notation
from theory.training import Filter
from theory.training import filtered_regression as letters
from theory.training.two_ridges import resolvent

METHOD = "contour integral of theory's formula, quadrature error proved"
GUARDS = (4, 16, 40, 80)
ESSENTIAL = ("test_mse", "E0", "target_learnability")
"""Statistics that must have their digits; others may be exponentially small."""

_resolvent = build(formulas["power_resolvent"].rhs, COMPLEX_BALLS)
_resolvent_slope = build(formulas["power_resolvent_slope"].rhs, COMPLEX_BALLS)
_mode, _noise, _train, _trace = (
    build(e, COMPLEX_BALLS)
    for e in (
        letters.mode_integrand,
        letters.noise_integrand,
        letters.train_integrand,
        letters.trace_integrand,
    )
)
_mse, _gain, _variance = (
    build(formulas[name].rhs, BALLS)
    for name in (
        "filtered_test_mse",
        "filtered_overfitting_coefficient",
        "filtered_variance",
    )
)


def _program(rule: Filter) -> Program:
    """The residual function; unknown ones only where they are proved analytic."""
    if rule.is_function:
        raise Unsupported(
            f"rule = {rule.name} is a function of arrays, which proves no digits; write it "
            "as an expression in theory.notation.s and theory.notation.time, or take "
            "digits=None"
        )
    table = ANALYTIC_BALLS if rule.shape == "bounded" else COMPLEX_BALLS
    return build(rule.expression, table)


def _residual(program: Program, time: fmpq, s: acb) -> acb:
    return as_complex(program({notation.s: -s, notation.time: time}))


def contour(
    rule: Filter, edge: arb, time: fmpq, digits: float
) -> tuple[Quadrature, Program]:
    """A quadrature for a rule at a time, proved, and its residual function.

    Raises
    ------
    OutOfDomain
        When h(0) is not 1.
    Unsupported
        When no contour is proved to serve, or it would take too many nodes.
    """
    program = _program(rule)
    at_zero = _residual(program, time, acb(0))
    if not (abs(at_zero - 1)).abs_lower() < arb(10) ** -10 or not at_zero.is_finite():
        raise OutOfDomain(f"rule = {rule.name}: h(0, {time}) = {at_zero} must be 1")
    bound = lambda s: _residual(program, time, s).abs_upper()
    reach = build(rule.reach.subs(rule.given), ARRAYS)
    near = float(reach({notation.time: float(time.p) / float(time.q)}))
    if rule.shape == "rational":
        near *= float(rule.given[notation.ridge])
    closed = None if rule.shape == "decaying" else edge
    for curve in curves(rule.shape, edge, near, float(time.p) / float(time.q), digits):
        if rule.shape == "bounded" and not is_analytic(curve, bound):
            continue
        found = quadrature(curve, bound, digits, closed, arb(time))
        if found is not None:
            return found, program
    raise Unsupported(
        f"rule = {rule.name} at time {time}: h is not proved analytic around the "
        f"eigenvalues 0 to {float(edge):.3g} of K_DD on any contour tried; take digits=None"
    )


def _starts(
    s: Spectrum, n: float, rule: Quadrature, at: list[acb], weights: list[acb]
) -> np.ndarray:
    """C at the nodes in float64: starting points, unproved."""
    fast = s.floats()
    lam, g = fast.at_scale(0)
    kept = lam > 0
    nodes = np.array([complex(x) for x in at])
    speed = np.array([complex(x) for x in weights]) * 2j * np.pi
    return constants_along(
        lam[kept],
        g[kept],
        np.array([n]),
        np.array([float(rule.start)]),
        nodes[None],
        speed[None],
    )[0]


def _integrals(
    s: Spectrum,
    powers: Mapping[int, Any],
    wanted: Sequence[int],
    case: Mapping[Any, fmpq],
    filtered: Filter,
    digits: float,
) -> dict[Any, arb]:
    """Every integral, with its proved error, at about so many digits of the power."""
    n, time = case[notation.n], case[notation.time]
    with working_precision(COARSE):
        edge = EnclosedLevels(s, powers, COARSE).edge(n)
    rule, program = contour(filtered, edge, time, digits)
    lost = max(0.0, float(rule.whole.log()) / np.log(10))
    bits = bits_for(int(digits + 2 * lost)) + 40
    with working_precision(bits):
        nodes, weights = rule.nodes()
        levels = EnclosedLevels(s, powers, bits)
        starts = _starts(s, float(n.p) / float(n.q), rule, nodes, weights)
        at = []
        for node, near in zip(nodes, starts, strict=True):
            c, slope = levels.constant(n, node, complex(near))
            at.append((node, c, slope, _residual(program, time, node)))
        return _summed(levels, powers, wanted, case, rule, weights, at)


def _summed(
    levels, powers, wanted, case, rule: Quadrature, weights, at
) -> dict[Any, arb]:
    n, noise = case[notation.n], case[notation.noise]
    off, trace, P = rule.off, levels.trace.upper(), levels.power
    found: dict[Any, Any] = {}
    rows = []
    for node, c, slope, h in at:
        sums = levels.target | {notation.C: c}
        rows.append(
            {
                notation.n: n,
                notation.noise: noise,
                notation.s: node,
                notation.C: c,
                letters.residual: h,
                resolvent: as_complex(_resolvent(sums)) if P else acb(0),
                "steep": as_complex(_resolvent_slope(sums)) / slope if P else acb(0),
            }
        )
    total = lambda program, error: _real(weights, rows, program, error)
    named = list(dict.fromkeys([*powers, *wanted]))
    lam = [as_ball(levels.s.level(k).eigenvalue.at(levels.bits)) for k in named]
    left: Any = fmpq(0)
    for w, row in zip(weights, rows, strict=True):
        left = left + w * _mode(row | {notation.lam[notation.i]: ball_array(lam)})
    spread = arb(0, off.mode.upper())
    for k, value in zip(named, left, strict=True):
        found["left", k] = 2 * value.real + spread
    found[letters.noise_gain] = total(_noise, off.noise * trace)
    per = off.square_twice * P + off.square * noise
    found["train_mse"] = total(_train, per)
    found["residual_trace"] = total(_trace, off.mode * n)
    found[letters.signal] = _signal(levels, rule, weights, rows, n)
    return found


def _real(weights, rows, program: Program, error: arb) -> arb:
    """2 Re Σ w f, with the quadrature's error."""
    total = acb(0)
    for w, row in zip(weights, rows, strict=True):
        total += w * as_complex(program(row))
    return 2 * total.real + arb(0, error.upper())


def _signal(levels: EnclosedLevels, rule: Quadrature, weights, rows, n: fmpq) -> arb:
    """The double integral: Σ p_j p_k (G_k − G_j)/(s_j − s_k), p = w h C/s."""
    p = [
        w * row[letters.residual] * row[notation.C] / row[notation.s]
        for w, row in zip(weights, rows, strict=True)
    ]
    q = [a * row[resolvent] for a, row in zip(p, rows, strict=True)]
    s = [row[notation.s] for row in rows]
    other_s = [x.conjugate() for x in s]
    other_q = [x.conjugate() for x in q]
    double, diagonal = acb(0), acb(0)
    for j, here in enumerate(s):
        near = acb(0)
        for k, there in enumerate(s):
            if k != j:
                near += q[k] / (here - there)
            near += other_q[k] / (here - other_s[k])
        # and the terms −G_j p_k/(s_j − s_k) are these once more, with j and k exchanged
        double += p[j] * near
        diagonal += p[j] * p[j] * rows[j]["steep"]
    found = n * 2 * (2 * double + diagonal).real
    # X_12 ≤ 1/√(a_1 a_2), a ≥ κ² a(s_0): one factor of ``pair`` for each ridge
    free = levels.free(n, rule.start)
    error = levels.power * n / free * rule.off.pair * 2 * rule.whole
    return found + arb(0, as_ball(error).abs_upper())


def proved_filtered(
    s: Spectrum,
    powers: Mapping[int, Any],
    wanted: Sequence[int],
    case: Mapping[Any, fmpq],
    rule: Filter,
    digits: int,
) -> dict[str, Ball]:
    """All statistics of a filter at one n, time and noise.

    Parameters
    ----------
    powers
        Level → power of the target.
    wanted
        Further levels whose learnability is wanted.
    case
        n, time and noise (keys of ``theory.notation``), exact.
    digits
        Proved digits of the test MSE, E₀ and learnabilities; bias, variance, train MSE and
        tr h have them too unless they are very small. What is below 10^−digits of the
        power and the noise is enclosed, with fewer digits of its own.

    Raises
    ------
    NoConvergence
        When the digits are not reached.
    Unsupported
        When no contour is proved to serve.

    Examples
    --------
    >>> from theory.training import parse
    >>> one, case = Spectrum.from_levels([(1, 4)]), [fmpq(2), fmpq(1), fmpq(0)]
    >>> case = dict(zip([notation.n, notation.time, notation.noise], case))
    >>> found = proved_filtered(one, {0: 1}, [], case, parse("tikhonov:ridge=1"), 20)
    >>> root = (3 + arb(17).sqrt()) / 4                    # 4/(1 + C) + 1/C = 2
    >>> found["L0"].value.overlaps(1 / (1 + root)), found["L0"].digits > 20
    (True, True)
    """
    if case[notation.n] == 0 or case[notation.time] == 0:
        return _untrained(powers, wanted, case)
    s = refinement.completed(s)
    row: dict[str, Ball] = {}
    total = rational(sum(powers.values()))
    for guard in GUARDS:
        s = s.refine(digits + guard + 4)
        while True:
            found = _integrals(s, powers, wanted, case, rule, digits + guard)
            row = _statistics(found, powers, wanted, case, bits_for(digits + guard))
            small = arb(10) ** -digits * (total + case[notation.noise])
            needed = [
                ball
                for name, ball in row.items()
                if (guard == GUARDS[0] or _must(name)) and not ball.value < small
            ]
            if all(ball.digits >= digits for ball in needed):
                return row
            finer = refinement.refined(s)
            if finer is None:
                break
            s = finer
    weakest = min((x for x in row if _must(x)), key=lambda name: row[name].digits)
    raise NoConvergence(
        f"{weakest} at n = {case[notation.n]}, time = {case[notation.time]} reached "
        f"{row[weakest].digits:.0f} of {digits} digits with {len(s.levels)} levels; give "
        "the spectrum more"
    )


def _must(name: str) -> bool:
    return name in ESSENTIAL or name[1:].isdigit()


def _untrained(powers, wanted, case) -> dict[str, Ball]:
    """At time 0, or without points: nothing is learned, exactly."""
    total = sum((rational(x) for x in powers.values()), fmpq(0))
    whole = total + case[notation.noise]
    exact = partial(Ball.exact, method="before any step")
    return {
        "E0": exact(1),
        "target_learnability": exact(0),
        "bias": exact(total),
        "variance": exact(0),
        "test_mse": exact(whole),
        "train_mse": exact(whole),
        "residual_trace": exact(case[notation.n]),
    } | {f"L{k}": exact(0) for k in dict.fromkeys([*powers, *wanted])}


def _statistics(found, powers, wanted, case, bits: int) -> dict[str, Ball]:
    with working_precision(bits + 64):
        power = [rational(x) for x in powers.values()]
        left = [found["left", k] for k in powers]
        values = {
            letters.signal: found[letters.signal],
            letters.noise_gain: found[letters.noise_gain],
            notation.noise: case[notation.noise],
            notation.power: power,
            letters.left: left,
        }
        # one letter U_i stands for what is left of each level
        bias = sum((v * u * u for v, u in zip(power, left, strict=True)), arb(0))
        values[notation.bias] = bias
        learned = sum((v * (1 - u) for v, u in zip(power, left, strict=True)), arb(0))
        whole = sum(power, fmpq(0))
        row = {
            "E0": _gain(values),
            "target_learnability": learned / whole,
            "bias": bias,
            "variance": _variance(values),
            "test_mse": _mse(values),
            "train_mse": found["train_mse"],
            "residual_trace": found["residual_trace"],
        }
        for k in dict.fromkeys([*powers, *wanted]):
            row[f"L{k}"] = 1 - found["left", k]
        return {name: ball_of(value, METHOD) for name, value in row.items()}
