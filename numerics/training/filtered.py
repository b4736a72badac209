"""Statistics of regression by a spectral filter in float64, over n, time and noise.

Each is a contour integral that ``theory.training.filtered_regression`` declares. The double
integral of the two-ridge error is a divided difference in two nodes (formula
``two_ridge_signal_by_difference``), so that it costs one product with a Cauchy matrix.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Symbol

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.complex_arrays import COMPLEX_ARRAYS
from numerics.interpreters.program import Program, build
from numerics.training import features
from numerics.training.complex_constant import constants_along
from numerics.training.contours import (
    WINDOW,
    Contour,
    ellipse,
    moebius_ellipse,
    parabola,
    spectral_edge,
)
from numerics.training.user_rules import reproducing, residual
from theory import formulas, notation
from theory.constant.learnability import learnability, unlearned
from theory.random_features.equations import kappa
from theory.statistics import finite_population
from theory.training import Filter, two_ridges
from theory.training import filtered_regression as theory_filtered
from theory.training.two_ridges import resolvent

_SQUARE, _SLOPE = Symbol("square"), Symbol("slope")
_SUMS = {
    resolvent: build(formulas["power_resolvent"].rhs, COMPLEX_ARRAYS),
    _SQUARE: build(formulas["power_resolvent_slope"].rhs, COMPLEX_ARRAYS),
    _SLOPE: build(formulas["constant_by_complex_ridge"].rhs, COMPLEX_ARRAYS),
}
OF_TARGET = (resolvent, _SQUARE, *features.TARGET_SUMS)
BLOCK = 16
SMALL = 1 << 13
FEW = 8
"""So many levels are taken one by one, for all n at once; more, n by n."""
EPS = float(np.finfo(np.float64).eps)
LOST = 2e-12
"""Where differences of C lose more, sums over pairs of nodes take their place."""
_DISTINCT_SUMS = {
    theory_filtered.learned: build(finite_population.learned, COMPLEX_ARRAYS),
}
_mode = build(theory_filtered.mode_integrand, COMPLEX_ARRAYS)
_learned = build(learnability(notation.lam[notation.i], notation.C), COMPLEX_ARRAYS)
_unlearned = build(unlearned(notation.lam[notation.i], notation.C), COMPLEX_ARRAYS)
_PUBLISHED = tuple(
    build(e, COMPLEX_ARRAYS)
    for e in (
        theory_filtered.noise_integrand,
        theory_filtered.train_integrand,
        theory_filtered.trace_integrand,
    )
)
_DISTINCT = tuple(
    build(e, COMPLEX_ARRAYS)
    for e in (
        theory_filtered.noise_integrand_distinct,
        theory_filtered.train_integrand_distinct,
        theory_filtered.trace_integrand_distinct,
    )
)
_pairs = build(formulas["two_ridge_pairs"].rhs, COMPLEX_ARRAYS)
_factor = build(formulas["two_ridge_factor_distinct"].rhs, COMPLEX_ARRAYS)
_noise = build(formulas["two_ridge_noise"].rhs, COMPLEX_ARRAYS)
_noise_distinct = build(formulas["two_ridge_noise_distinct"].rhs, COMPLEX_ARRAYS)
_mse = build(formulas["filtered_test_mse"].rhs, COMPLEX_ARRAYS)


@dataclass(frozen=True, slots=True)
class Filtered:
    """What a filter gives, as arrays over problems.

    Attributes
    ----------
    unlearned
        1 − L of the levels asked for, shape [problem, chosen level].
    signal, noise_gain, test_mse, train_mse, trace
        The noise-free error, the variance from unit noise, both errors with noise, and
        tr h(K_DD); shape [problem].
    error
        How far any of them may be off, in units of the target's power plus σ² (for
        ``trace``, of n); shape [problem].
    """

    unlearned: np.ndarray
    signal: np.ndarray
    noise_gain: np.ndarray
    test_mse: np.ndarray
    train_mse: np.ndarray
    trace: np.ndarray
    error: np.ndarray


def filtered_statistics(
    lam: np.ndarray,
    g: np.ndarray,
    power: np.ndarray,
    n: np.ndarray,
    time: np.ndarray,
    noise: np.ndarray,
    rule: Filter,
    chosen: Sequence[int] = (),
    points: float | None = None,
    *,
    width: np.ndarray | None = None,
    attempt: int = 0,
) -> Filtered:
    """Every statistic of a filter, for every problem.

    Parameters
    ----------
    lam, g, power
        Eigenvalues, multiplicities and the target's power, shape [level].
    n, time, noise
        Training points, time and noise variance of each problem, shape [problem].
    rule
        The filter, with its parameters set.
    chosen
        Positions of the levels whose 1 − L is wanted.
    points
        M, where the n points are distinct ones of so many; None: the published equation.
    width
        Random features in place of the kernel, shape [problem].
    attempt
        Which of the contours that serve is taken, for rules of unknown kind.

    Raises
    ------
    NoConvergence
        When C is not reached along a contour.
    Unsupported
        When a contour would take too many nodes.

    Examples
    --------
    >>> from theory.training import parse
    >>> one = np.ones(1)                            # ridge 1 is one round of Tikhonov
    >>> found = filtered_statistics(
    ...     one, 4 * one, one, 2 * one, one, 0 * one, parse("tikhonov:ridge=1"), [0]
    ... )
    >>> root = (3 + np.sqrt(17)) / 4                # 4/(1 + C) + 1/C = 2
    >>> bool(abs(found.unlearned[0, 0] - root / (1 + root)) < 1e-13)
    True
    """
    shape = (len(n), len(chosen))
    found = Filtered(np.ones(shape), *(np.zeros(len(n)) for _ in range(6)))
    total = float(power.sum())
    idle = (time == 0) | (n == 0)
    found.signal[:] = total
    found.trace[:] = n
    found.train_mse[:] = total + noise
    _with_fresh_noise(found, noise)
    busy = np.flatnonzero(~idle)
    if not len(busy):
        return found
    kept = np.flatnonzero(lam > 0)
    learnable = lam[kept], g[kept]
    most = np.inf if width is None else float(width[busy].min())
    panels = list(_panels(*learnable, n, time, busy, rule, attempt, most))
    every = {notation.lam: lam, notation.g: g}
    # the target's sums need only the levels in which it has power
    held = np.flatnonzero(power) if power.any() else np.array([0])
    target = {notation.lam: lam[held], notation.power: power[held]}
    sums = _SUMS if points is None else _SUMS | _DISTINCT_SUMS
    if width is not None:
        sums = features.SUMS | features.TARGET_SUMS
    for (contour, members), (row, sizes, widths, c) in zip(
        panels, _constants(*learnable, n, panels, points, width), strict=True
    ):
        at_levels = {
            name: _by_levels(program, target if name in OF_TARGET else every, sizes, c)
            for name, program in sums.items()
        }
        c_of = {name: value[row] for name, value in at_levels.items()}
        c_of[notation.C] = c[row]
        if width is not None:
            seen = features.seen_by_data(at_levels, c, sizes[:, None], widths[:, None])
            c_of[notation.C] = seen[kappa][row]
            c_of[resolvent] = seen[resolvent][row]
            c_of[_SQUARE], c_of[_SLOPE] = seen[features.FALL][row], np.ones(1)
        if points is not None:
            c_of[notation.points] = np.full((len(members), 1), points)
        lost = _fill(
            found,
            lam,
            chosen,
            rule,
            contour,
            members,
            row,
            c,
            c_of,
            n,
            time,
            noise,
            total,
        )
        if width is not None:
            continue
        for place, size in enumerate(sizes):
            late = (row == place) & ((EPS * lost > LOST) | (points is not None))
            if np.any(late):
                some = members[late]
                h = _residual(rule, contour.nodes, time[some])
                weight = contour.weights * h / contour.nodes
                levels = every | {notation.power: power}
                _by_pairs(found, some, levels, size, points, c[place], weight)
    _with_fresh_noise(found, noise)
    return found


Panel = tuple[Contour, np.ndarray]


def _panels(
    lam, g, n, time, busy, rule: Filter, attempt: int, width: float
) -> Iterator[Panel]:
    """Contours, each with the problems that it serves."""
    if rule.shape == "decaying":
        first = float(time[busy].min())
        number = np.floor(np.log(time[busy] / first) / np.log(WINDOW) + 1e-9)
        for k in np.unique(number):
            yield parabola(first * WINDOW**k), busy[number == k]
        return
    edge = spectral_edge(lam, g, float(n[busy].max()), width) * (1 + 1e-9)
    reach = build(rule.reach.subs(rule.given), ARRAYS)
    for value in np.unique(time[busy]):
        within = float(reach({notation.time: value}))
        if rule.shape == "rational":
            contour = moebius_ellipse(edge, float(rule.given[notation.ridge]), within)
        elif rule.shape == "entire":
            contour = ellipse(edge, within)
        else:
            contour = reproducing(rule, edge, float(value), attempt)
        yield contour, busy[time[busy] == value]


def _constants(
    lam, g, n, panels: list[Panel], points: float | None, width: np.ndarray | None
) -> Iterator[tuple[np.ndarray, ...]]:
    """On each contour: the row of each member, the different n and widths, and C by node.

    Contours with as many nodes are followed together.
    """
    cases = np.stack([n, np.full(len(n), np.inf) if width is None else width])
    rows = [
        np.unique(cases[:, members], axis=1, return_inverse=True)
        for _, members in panels
    ]
    solved: dict[int, np.ndarray] = {}
    for count in {len(contour.nodes) for contour, _ in panels}:
        chosen = [k for k, (c, _) in enumerate(panels) if len(c.nodes) == count]
        spread = [np.full(rows[k][0].shape[1], k) for k in chosen]
        which = np.concatenate(spread)
        sizes, widths = np.concatenate([rows[k][0] for k in chosen], axis=1)
        found = constants_along(
            lam,
            g,
            sizes,
            np.array([panels[k][0].start for k in which]),
            np.stack([panels[k][0].nodes for k in which]),
            np.stack([panels[k][0].weights for k in which]) * 2j * np.pi,
            points,
            None if width is None else widths,
        )
        solved |= {k: found[which == k] for k in chosen}
    return iter([(row, *case, solved[k]) for k, (case, row) in enumerate(rows)])


def _fill(
    found: Filtered,
    lam: np.ndarray,
    chosen: Sequence[int],
    rule: Filter,
    contour: Contour,
    members: np.ndarray,
    row: np.ndarray,
    c: np.ndarray,
    known: dict[Any, np.ndarray],
    n: np.ndarray,
    time: np.ndarray,
    noise: np.ndarray,
    total: float,
) -> np.ndarray:
    """The integrals along one contour. Arrays have the shape [member, node].

    Modes are learned by ``c``, one row for each n, also where κ stands for C elsewhere.

    Returns how large the terms are of which differences of C are made, shape [member].
    """
    s, w = contour.nodes, contour.weights
    h = _residual(rule, s, time[members])
    values = known | {
        notation.n: n[members, None],
        notation.noise: noise[members, None],
        notation.s: s,
        theory_filtered.residual: h,
    }
    noise_of, train_of, trace_of = _DISTINCT if notation.points in known else _PUBLISHED
    gain = w * noise_of(values)
    found.noise_gain[members] = 2 * np.real(np.sum(gain, axis=-1))
    lost = np.sum(np.abs(gain), axis=-1)
    if notation.points not in known:
        found.signal[members], off = _cauchy(s, w * h / s, known)
        found.signal[members] *= n[members]
        lost = np.maximum(lost, n[members] * off / max(total, 1e-300))
    found.train_mse[members] = _real(w, train_of(values))
    found.trace[members] = _real(w, trace_of(values))
    if len(chosen) <= FEW:
        for column, level in enumerate(chosen):
            one = values | {notation.lam[notation.i]: lam[level], notation.C: c[row]}
            found.unlearned[members, column] = _real(w, _mode(one))
    else:
        one = {notation.s: s[:, None], theory_filtered.residual: 1.0}
        one[notation.lam[notation.i]] = lam[list(chosen)]
        for place, at in enumerate(c):
            here = np.flatnonzero(row == place)
            left = _in_blocks((w * h)[here], _mode(one | {notation.C: at[:, None]}))
            found.unlearned[members[here]] = 2 * np.real(left)
    # rounding enters with the size of the terms, the contour leaves e^−36
    terms = np.sum(np.abs(w * h / s), axis=-1)
    # differences of C lose what they cancel
    found.error[members] = EPS * (64 * (1 + terms) ** 2 + 16 * lost)
    return lost


def _by_pairs(
    found: Filtered,
    members: np.ndarray,
    levels: dict[Any, np.ndarray],
    n: float,
    points: float | None,
    c: np.ndarray,
    weight: np.ndarray,
) -> None:
    """Signal and noise of one n from both ridges of every pair of nodes.

    What they learn together is summed over levels: late in training the differences of C
    that save this sum cancel.
    """
    lam, g, power = (levels[x] for x in (notation.lam, notation.g, notation.power))
    every, half = np.concatenate([c, np.conj(c)]), len(c)
    values = {notation.lam[notation.i]: lam, notation.C: every[:, None]}
    learned, left = _learned(values), _unlearned(values)
    shared = _in_blocks(learned[:half] * g, learned.T)
    z = learned @ g
    pair = {
        two_ridges.shared: shared,
        two_ridges.learned_1: z[:half, None],
        two_ridges.learned_2: z[None, :],
        notation.n: n,
    }
    if points is None:
        factor = 1 / (1 - shared / n)
        noise = _noise({two_ridges.factor: factor})
    else:
        pair[notation.points] = points
        pair[two_ridges.pairs] = _pairs(pair)
        factor, noise = _factor(pair), _noise_distinct(pair)
    held = np.flatnonzero(power)
    signal = factor * _in_blocks(left[:half, held] * power[held], left[:, held].T)
    both = np.concatenate([weight, np.conj(weight)], axis=1)
    for name, product in (("signal", signal), ("noise_gain", noise)):
        sums = np.sum((both @ product.T) * weight, axis=1)
        getattr(found, name)[members] = 2 * np.real(sums)
    size = np.sum(np.abs(weight), axis=1)
    found.error[members] = 64 * EPS * ((1 + size) * np.abs(factor).max()) ** 2


def _with_fresh_noise(found: Filtered, noise: np.ndarray) -> None:
    found.test_mse[:] = np.real(
        _mse(
            {
                theory_filtered.signal: found.signal,
                theory_filtered.noise_gain: found.noise_gain,
                notation.noise: noise,
            }
        )
    )


def _residual(rule: Filter, s: np.ndarray, time: np.ndarray) -> np.ndarray:
    """h(−s, τ), shape [member, node]."""
    times, place = np.unique(time, return_inverse=True)
    return residual(rule, -s[None, :], times[:, None])[place]


def _by_levels(program: Program, levels: dict[Any, Any], n, c) -> np.ndarray:
    """A sum over levels at every node, shape [row, node]."""
    size = np.broadcast_to(n[:, None], c.shape)
    values = levels | {notation.C: c.ravel(), notation.n: size.ravel()}
    return program(values).reshape(c.shape)


def _real(w: np.ndarray, integrand: np.ndarray) -> np.ndarray:
    return 2 * np.real(np.sum(w * integrand, axis=-1))


def _cauchy(
    s: np.ndarray, a: np.ndarray, known: dict[Any, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Σ_jk p_j p_k (G_k − G_j)/(s_j − s_k) with p = a C, over both halves of the contour.

    The diagonal is −G′(C) dC/ds. Also how large the terms are in all.
    """
    p = a * known[notation.C]
    q = p * known[resolvent]
    same = s[:, None] - s[None, :]
    np.fill_diagonal(same, np.inf)
    across = s[:, None] - np.conj(s)[None, :]
    double = np.sum(_in_blocks(p, 1 / same) * q, axis=-1)
    double += np.sum(_in_blocks(p, 1 / across) * np.conj(q), axis=-1)
    diagonal = np.sum(p * p * known[_SQUARE] * known[_SLOPE], axis=-1)
    size = np.abs(p)
    near = _in_blocks(size, 1 / np.abs(same) + 1 / np.abs(across))
    return 2 * np.real(2 * double + diagonal), 4 * np.sum(near * np.abs(q), axis=-1)


def _in_blocks(rows: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """A product so small that BLAS starts no threads, which cost more than it; or without."""
    if matrix.size > SMALL:
        return np.einsum("ij,jk->ik", rows, matrix)
    blocks = range(0, len(rows), BLOCK)
    return np.concatenate([rows[k : k + BLOCK] @ matrix for k in blocks])
