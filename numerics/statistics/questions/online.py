"""Online gradient descent as a question: n counts samples, every number is exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb
from sympy import Rational, sympify

from numerics.interpreters.balls import rational
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.questions.evaluation import Columns, objects
from numerics.training.online import OnlineCourse, critical_rate, online_course
from theory import NoConvergence, OutOfDomain, Unsupported
from theory.statistics import STATISTICS
from theory.statistics.questions.sampling import DISTINCT
from theory.training.online import OnlineDescent

METHOD = "exact recursion of online gradient descent, in balls"
MOST_EXACT_STEPS = 20_000
MOST_BITS = 20_000
EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class OnlineState:
    """The rule, the steps of each case, and M where batches have distinct points."""

    rule: OnlineDescent
    steps: tuple[int, ...]
    points: int | None

    equation = "sgd_unlearned_power"


def state(
    s: Spectrum | FloatSpectrum, _targets: Sequence[Any], grid: Grid, asked: Mapping
) -> OnlineState:
    """The steps that n samples make.

    Raises
    ------
    OutOfDomain
        When there is a time or a ridge, or n is not a number of batches.
    Unsupported
        When the levels are not known to obey the addition theorem.
    """
    rule: OnlineDescent = asked["rule"]
    if "time" in asked:
        raise OutOfDomain(f"rule = '{rule}': n counts the samples seen; leave time out")
    if np.any(grid.floats("ridge") != 0):
        raise OutOfDomain(f"rule = '{rule}' has no ridge; take ridge = 0")
    source = s.source if isinstance(s, FloatSpectrum) else s
    domain = None if source is None else source.domain
    if domain is None or not domain.addition_theorem:
        where = "a spectrum without a domain" if domain is None else str(domain)
        raise Unsupported(
            f"rule = '{rule}' on {where}: the recursion is exact where Σ φ(x)² over each "
            "level is the same at every x, and nothing says so here "
            "(addition_theorem of the domain)"
        )
    sizes = [Rational(x) for x in _exact(grid.given["n"])]
    broken = [x for x in sizes if not (x / rule.batch).is_Integer]
    if broken:
        raise OutOfDomain(
            f"n = {broken[0]}: samples come in whole batches of {rule.batch}"
        )
    points = None
    if asked.get("sampling") == DISTINCT:
        size = sympify(domain.size)
        if not size.is_Integer:
            raise Unsupported(
                f"sampling = 'distinct' on {domain}: batches of distinct points need a "
                "finite domain; independent points are distinct there"
            )
        points = int(size)
        if rule.batch > points:
            raise OutOfDomain(f"batch = {rule.batch}: {domain} has {points} points")
    return OnlineState(rule, tuple(int(x / rule.batch) for x in sizes), points)


def _exact(array: np.ndarray) -> list[Any]:
    return [sympify(x) for x in np.ravel(array).tolist()]


def floats(
    s: FloatSpectrum,
    targets: Sequence[np.ndarray],
    levels: Sequence[int],
    grid: Grid,
    state: OnlineState,
) -> Columns:
    """Columns in float64.

    Raises
    ------
    Unsupported
        When an error grows beyond float64.
    """
    noise = grid.floats("noise")
    lam, g = s.at_scale(0)
    pad = np.zeros(len(lam) - len(s))
    powers = [np.append(x, pad) for x in targets]
    run = lambda lam, g: _course(lam, g, powers, [0.0] * len(powers), state, float)
    with np.errstate(over="ignore", invalid="ignore"):
        course = run(lam, g)
    if not np.all(np.isfinite(course.left)):
        raise Unsupported(
            f"rule = '{state.rule}': the error leaves float64; rates above "
            f"{critical_rate(lam, g, state.rule.batch, state.points):.6g} do not converge"
        )
    lost = np.zeros(len(noise))
    if s.tail is not None:
        # the same Σ g λ² in the largest eigenvalue that the tail can have
        steep, many = lam.copy(), g.copy()
        steep[-1] = s.tail.bound
        many[-1] = s.tail.mass * s.tail.mean / s.tail.bound**2
        moved = np.abs(run(steep, many).left.sum(axis=2) - course.left.sum(axis=2))
        lost = moved.max(axis=1) * (1 + noise)
    columns, modes = _columns(course, powers, noise, levels, s.position, np.nan)
    rounding = EPS * (8 + len(lam)) * (2 + np.array(state.steps)) + s.relative_error
    worst, absolute = np.zeros(len(noise)), []
    for column, power in zip(columns, powers, strict=True):
        off = rounding * np.maximum(1.0, column["E0"]) + lost
        whole = off * (power.sum() + noise)
        worst = np.maximum(worst, off)
        absolute.append(
            {name: whole for name in ("bias", "variance", "test_mse")}
            | {name: off for name in ("E0", "target_learnability", "learnability")}
        )
    nothing = np.full(len(noise), np.nan)
    return Columns(nothing, columns, modes, worst, absolute, lost)


def proved(
    s: Spectrum,
    targets: Sequence[Mapping[int, Any]],
    levels: Sequence[int],
    grid: Grid,
    digits: int,
    state: OnlineState,
) -> Columns:
    """Columns of balls.

    Raises
    ------
    Unsupported
        When levels are not listed, or for more than 20 000 steps.
    NoConvergence
        When the listed eigenvalues carry too few digits.
    """
    if not s.is_complete:
        raise Unsupported(
            f"digits = {digits}: {s.domain} has levels that are not listed, and online "
            "gradient descent is proved where all are; digits=None takes the tail"
        )
    if max(state.steps) > MOST_EXACT_STEPS:
        raise Unsupported(
            f"{max(state.steps)} steps with proved digits: at most {MOST_EXACT_STEPS}"
        )
    index = [x.index for x in s.levels]
    exact = [[rational(Rational(power.get(k, 0))) for k in index] for power in targets]
    noises = [rational(Rational(x)) for x in grid.exact()["noise"].flat]
    bits = bits_for(digits) + 64
    while True:
        with working_precision(bits):
            number = lambda x: arb(rational(Rational(x)))
            lam = objects([x.eigenvalue.at(bits) * arb(1) for x in s.levels])
            g = objects([arb(int(x.multiplicity)) for x in s.levels])
            powers = [objects([arb(x) for x in row]) for row in exact]
            course = _course(lam, g, powers, [number(0)] * len(powers), state, number)
            noise = objects([arb(x) for x in noises])
            columns, modes = _columns(
                course, powers, noise, levels, lambda k: index.index(k), None
            )
            kept = min(
                (x.rel_accuracy_bits() for x in columns[0]["test_mse"] if not x == 0),
                default=bits,
            )
        if kept >= bits_for(digits):
            break
        if s.kernel is not None:
            s = s.refine(int(0.6 * bits))
        elif any(x.eigenvalue.rational is None for x in s.levels) or bits > MOST_BITS:
            raise NoConvergence(
                f"{digits} digits: the eigenvalues listed carry too few; list them with "
                "more (spectrum(…, digits=…))"
            )
        if bits > MOST_BITS:
            raise NoConvergence(
                f"{digits} digits after {max(state.steps)} steps: balls lose too many; "
                "digits=None has a float64 error statement"
            )
        bits *= 2
    boxed = lambda row: objects(
        [None if x is None else ball_of(x, METHOD) for x in row]
    )
    rows = [{name: boxed(row) for name, row in column.items()} for column in columns]
    nothing = objects([None] * len(noises))
    return Columns(nothing, rows, {k: boxed(row) for k, row in modes.items()})


def _course(lam, g, powers, zeros, state: OnlineState, number: Any) -> OnlineCourse:
    """One run for each target without noise, and one for unit noise alone."""
    nothing = lam * number(Rational(0))
    runs = np.stack([*powers, nothing])
    noises = [*zeros, number(Rational(1))]
    return online_course(
        lam, g, runs, noises, state.rule, state.steps, state.points, number
    )


def _columns(
    course: OnlineCourse, powers, noise, levels, position, nothing: Any
) -> Any:
    """Name → array, and learnability by level; the recursion is linear in σ²."""
    sums = np.sum(course.left, axis=2)
    gain = sums[:, -1]
    left = course.unlearned
    columns = []
    for run, power in enumerate(powers):
        bias = np.sum(left * left * power, axis=1)
        error = sums[:, run] + noise * gain
        blank = np.full(len(noise), nothing)
        whole = np.sum(power)
        learned = np.sum((1 - left) * power, axis=1)
        columns.append(
            {name: blank for name in STATISTICS}
            | {
                "E0": gain + 1,
                "target_learnability": learned / whole if whole != 0 else blank,
                "bias": bias,
                "variance": error - bias,
                "test_mse": error + noise,
            }
        )
    return columns, {k: 1 - left[:, position(k)] for k in levels}
