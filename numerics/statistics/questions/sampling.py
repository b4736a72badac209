"""The question of sampling, evaluated: which equation applies, and means over its law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq
from sympy import Rational, sympify

from numerics.interpreters.balls import rational
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.predict_floats import float_columns, learned
from numerics.statistics.predict_proved import proved_columns
from numerics.statistics.questions.class_law import Classes, antipodal, repeated
from numerics.statistics.questions.evaluation import (
    Columns,
    Evaluation,
    Progress,
    State,
    evaluates,
    floats_of_equations,
    objects,
    proved_by_equations,
)
from theory import OutOfDomain, Unsupported, notation
from theory.statistics import classes as letters
from theory.statistics.questions.sampling import (
    CLASSES,
    DISTINCT,
    INDEPENDENT,
    POPULATION,
    PUBLISHED,
)

GUARD = 8
METHOD = "mean over the number of classes, in balls"


@dataclass(frozen=True)
class OverClasses:
    """Statistics are averaged over the number of classes among the data.

    Attributes
    ----------
    law
        For each case of the grid, the numbers of classes with their chances.
    points
        Classes that the domain has.
    wrong
        Power of the wrong parity of each target, exact.
    """

    law: tuple[tuple[Classes, ...], ...]
    points: int
    wrong: tuple[Any, ...]

    equation = "implicit_equation"


def parity_of(s: Spectrum | FloatSpectrum) -> int | None:
    """1 for an even kernel, −1 for an odd one, None where x and −x are told apart.

    It is decided by levels that are proved 0, on domains on which −x is a point.
    """
    source = s.source if isinstance(s, FloatSpectrum) else s
    if source is None or source.domain is None or not source.is_complete:
        return None
    if not source.domain.antipode:
        return None
    signs = {
        int(source.domain.zonal(x.index, -1))
        for x in source.levels
        if x.eigenvalue.sign != 0
    }
    return signs.pop() if len(signs) == 1 else None


def state(
    s: Spectrum | FloatSpectrum, targets: Sequence[Any], grid: Grid, asked: Mapping
) -> State | OverClasses:
    """The equations of a sampling on a spectrum's domain.

    Raises
    ------
    Unsupported
        When the domain has no number of points, or a ridge meets points that the kernel
        cannot tell apart, or there can be more classes than modes.
    OutOfDomain
        When n is no whole number, or n distinct points exceed the domain.
    """
    value = asked["sampling"]
    if value == INDEPENDENT:
        return State(PUBLISHED, {})
    source = s.source if isinstance(s, FloatSpectrum) else s
    size = None if source is None or source.domain is None else source.domain.size
    if size is None or not sympify(size).is_Integer:
        where = "a spectrum without a domain" if size is None else f"{source.domain}"  # type: ignore[union-attr]
        raise Unsupported(
            f"sampling = {value!r} on {where}: a number of points is needed; only "
            f"{INDEPENDENT!r} holds there"
        )
    points, sizes = int(size), [Rational(x) for x in grid.exact()["n"].flat]
    if any(not x.is_Integer for x in sizes):
        raise OutOfDomain(
            f"sampling = {value!r}: n counts points, so it must be a whole number"
        )
    counts = [int(x) for x in sizes]
    if value == DISTINCT and max(counts) > points:
        where = source.domain  # type: ignore[union-attr]
        raise OutOfDomain(f"n = {max(counts)}: {where} has {points} points")
    parity = parity_of(s)
    if value == DISTINCT and parity is None:
        return State(POPULATION, {notation.points: Rational(points)})
    ridges = grid.exact()["ridge"].flat
    if any(n > 1 and x != 0 for n, x in zip(counts, ridges, strict=True)):
        why = (
            "an even or odd kernel does not tell x from −x"
            if parity
            else "points repeat"
        )
        raise Unsupported(
            f"sampling = {value!r} with a ridge: {why}, and no formula covers points "
            "that the kernel cannot tell apart at a ridge; take ridge = 0"
        )
    number = points // 2 if parity else points
    met = {
        n: antipodal(points, n) if value == DISTINCT else repeated(number, n)
        for n in set(counts)
        if n
    }
    modes = source.modes  # type: ignore[union-attr]
    most = max((x.count for law in met.values() for x in law), default=0)
    if most > modes:
        raise Unsupported(
            f"sampling = {value!r}: up to {most} classes of points are drawn, more than "
            f"the {modes} modes, and no formula covers that; take fewer points"
        )
    nothing = (Classes(0, 1, 1, 1, 0),)
    law = tuple(met.get(n, nothing) for n in counts)
    return OverClasses(law, number, tuple(_wrong(source, x, parity) for x in targets))


def classes_met(s: Spectrum, n: int, sampling: str) -> OverClasses:
    """The law of the number of classes among n points, and how many the domain has.

    Raises
    ------
    Unsupported
        When the kernel tells all points that are drawn apart, so that n is that number.
    """
    found = state(s, [], Grid.of(n=n, ridge=0, noise=0), {"sampling": sampling})
    if isinstance(found, State):
        raise Unsupported(
            f"sampling = {sampling!r}: {n} points are {n} classes, none is met twice"
        )
    return found


def _wrong(source: Any, target: Any, parity: int | None) -> Any:
    """Power of a target in levels of the parity that the kernel lacks."""
    if parity is None:
        return 0
    levels = source.levels
    powers = dict(zip((x.index for x in levels), target, strict=False))
    powers = target if isinstance(target, Mapping) else powers
    lost = [
        power
        for k, power in powers.items()
        if int(source.domain.zonal(k, -1)) != parity
    ]
    return sum(lost)


def _expanded(grid: Grid, law: Sequence[Sequence[Classes]]) -> tuple[np.ndarray, Grid]:
    """Where each case's numbers of classes begin, and one case for each of them."""
    sizes = np.array([len(x) for x in law])
    at = np.repeat(np.arange(len(law)), sizes)
    flat = {name: np.ravel(x)[at] for name, x in grid.given.items()}
    flat["n"] = np.array([x.count for some in law for x in some], dtype=np.int64)
    return np.concatenate([[0], np.cumsum(sizes)]), Grid(flat, (len(at),))


def floats(
    s: FloatSpectrum,
    targets: Sequence[np.ndarray],
    levels: Sequence[int],
    grid: Grid,
    state: Any,
    progress: Progress = None,
) -> Columns:
    """Columns in float64; means over the number of classes where that is random."""
    if isinstance(state, State):
        return floats_of_equations(s, targets, levels, grid, state, progress)
    starts, cases = _expanded(grid, state.law)
    every = [x for some in state.law for x in some]
    chance = np.array([float(x.chance) for x in every])
    mean = lambda x: np.add.reduceat(chance * x, starts[:-1])
    given = {
        letters.domain_classes: np.full(len(every), float(state.points)),
        letters.noise_share: np.array([float(x.noise_share) for x in every]),
        letters.wrong_share: np.array([float(x.wrong_share) for x in every]),
        letters.wrong_left: np.array([float(x.wrong_left) for x in every]),
        letters.draws: np.repeat(np.maximum(grid.floats("n"), 1), np.diff(starts)),
    }
    columns, c, error = [], np.zeros(len(every)), np.zeros(len(every))
    for power, wrong in zip(targets, state.wrong, strict=True):
        here = given | {letters.wrong: np.full(len(every), float(wrong))}
        found, c, error = float_columns(s, [power], cases, progress, CLASSES, here)
        column = {name: mean(x) for name, x in found[0].items()}
        column["bias"], moved = _mean_bias(s, power, c, mean, np.diff(starts))
        column["variance"] = column["variance"] + moved
        columns.append(column)
    if not targets:
        _, c, error = float_columns(s, [], cases, progress, CLASSES, given)
    modes = {k: mean(learned(s, s.position(k), c)) for k in levels}
    worst = np.maximum.reduceat(error, starts[:-1]) * 4
    return Columns(mean(c), columns, modes, worst)


def _mean_bias(s: FloatSpectrum, power, c, mean, sizes) -> tuple[Any, Any]:
    """The mean predictor's bias, and the variance that the number of classes adds."""
    bias, moved = 0.0, 0.0
    for place in np.flatnonzero(power):
        some = learned(s, int(place), c)
        middle = mean(some)
        bias = bias + power[place] * (1 - middle) ** 2
        moved = moved + power[place] * mean((some - np.repeat(middle, sizes)) ** 2)
    return bias, moved


def proved(
    s: Spectrum,
    targets: Sequence[Mapping[int, Any]],
    levels: Sequence[int],
    grid: Grid,
    digits: int,
    state: Any,
    progress: Progress = None,
) -> Columns:
    """The same as balls, with exact chances."""
    if isinstance(state, State):
        return proved_by_equations(s, targets, levels, grid, digits, state, progress)
    sizes = [int(x) for x in grid.exact()["n"].flat]
    law = tuple(
        some
        if isinstance(some[0].chance, int) or hasattr(some[0].chance, "numerator")
        else repeated(state.points, n, exact=True)
        for some, n in zip(state.law, sizes, strict=True)
    )
    starts, cases = _expanded(grid, law)
    every = [x for some in law for x in some]
    exact = cases.exact()
    exact = {name: x.ravel() for name, x in exact.items()}
    given = {
        letters.domain_classes: [Rational(state.points)] * len(every),
        letters.noise_share: [_exact(x.noise_share) for x in every],
        letters.wrong_share: [_exact(x.wrong_share) for x in every],
        letters.wrong_left: [_exact(x.wrong_left) for x in every],
        letters.draws: [
            Rational(max(n, 1))
            for n, some in zip(sizes, law, strict=True)
            for _ in some
        ],
    }
    bits = bits_for(digits + GUARD) + 64
    parts = []
    for power, wrong in zip(targets, state.wrong, strict=True):
        named = {k: Rational(0) for k in levels} | dict(power)
        here = given | {letters.wrong: [Rational(wrong)] * len(every)}
        found = proved_columns(s, named, exact, digits + GUARD, progress, CLASSES, here)
        with working_precision(bits):
            column = {
                name: objects(_means(values, every, starts, bits))
                for name, values in found.items()
            }
            _with_mean_bias(column, found, named, every, starts, bits)
        parts.append(column)
    modes = {k: parts[0][f"L{k}"] for k in levels}
    return Columns(parts[0]["C"], parts, modes)


def _exact(x: Any) -> Rational:
    return Rational(x.numerator, x.denominator)


def _means(values: Sequence[Ball], every, starts, bits: int) -> list[Ball]:
    found = []
    for start, stop in pairwise(starts):
        some = list(zip(values[start:stop], every[start:stop], strict=True))
        if any(x.is_infinite for x, _ in some):
            found.append(Ball.infinite("a number of classes reaches the limit n → N"))
        else:
            total: Any = fmpq(0)
            for x, w in some:
                value = x.at(bits) if x.rational is None else x.rational
                total = total + value * rational(w.chance)
            found.append(ball_of(total, METHOD))
    return found


def _with_mean_bias(column, found, powers, every, starts, bits: int) -> None:
    """The bias of the mean predictor; what the number of classes moves is variance."""
    bias, variance = [], []
    for case, (start, stop) in enumerate(pairwise(starts)):
        total, moved = fmpq(0), fmpq(0)
        for k, power in powers.items():
            middle = column[f"L{k}"][case].at(bits)
            total = total + rational(power) * ((1 - middle) * (1 - middle))
            for x, w in zip(found[f"L{k}"][start:stop], every[start:stop], strict=True):
                gap = x.at(bits) - middle
                moved = moved + rational(power) * rational(w.chance) * (gap * gap)
        bias.append(ball_of(total, METHOD))
        before = column["variance"][case]
        same = before.is_infinite
        variance.append(before if same else ball_of(before.at(bits) + moved, METHOD))
    column["bias"], column["variance"] = objects(bias), objects(variance)


evaluates("sampling")(Evaluation(state, floats, proved))
