"""A search for the best kernel: all candidates of a grid, then many starts polished.

Every candidate is evaluated at its best ridge, in float64, by the formulas of ``theory``.
Where distinct points of a domain with antipodes are drawn, even and odd levels have
constants of their own; where draws repeat, kernels are evaluated without ridge at the mean
number of classes that the data meet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from numerics.choice.along_constant import AlongConstant, Floats
from numerics.choice.kernel_lines import RANGES, KernelLine, family_line, net_line
from numerics.choice.level_transform import LevelTransform, level_transform
from numerics.choice.two_parities import TwoParities, signs_of
from numerics.statistics.questions.class_law import repeated
from theory import Kernel, NotEvaluable, OutOfDomain, Unsupported
from theory.domains import Domain
from theory.statistics import classes as letters
from theory.statistics.questions.sampling import (
    CLASSES,
    DISTINCT,
    INDEPENDENT,
    POPULATION,
    PUBLISHED,
    REPLACEMENT,
)

ACTIVATIONS = ("relu", "erf", "gelu", "sin", "cos", "tanh", "swish")
DEPTHS = (1, 2, 3, 4, 6, 8)
FAMILIES = ("ntk", "nngp", *RANGES)
GRID_WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
GRID_BIASES = (0.0, 0.01, 0.1, 0.5, 2.0)
GRID_WIDTHS = 24
NODES = 48
BLOCK = 1 << 22
STARTS = 16
ROUNDS = 40
FIRST_STEP, LAST_STEP = 0.6, 0.01
Objective = Callable[[Sequence[Floats]], Floats]


@dataclass(frozen=True)
class SearchProblem:
    """What is asked of every candidate.

    Attributes
    ----------
    domain
        Where it learns.
    powers
        Level → power of each target.
    n, noise
        Training points and noise variance.
    sampling
        How points are drawn.
    ridge
        None for the best one of each candidate.
    """

    domain: Domain
    powers: tuple[Mapping[int, float], ...]
    n: int
    noise: float
    sampling: str
    ridge: float | None = None

    def errors(self, lam: Floats, g: Floats, plan: LevelTransform) -> list[Floats]:
        """The error for every target at the ridge that is asked for, [kernel] each."""
        width = lam.shape[1]
        found = []
        groups = self._groups(lam, plan)
        for powers in self.powers:
            load = np.zeros(width)
            for k, power in powers.items():
                if k >= len(plan.multiplicity):
                    raise Unsupported(
                        f"target level {k}: the search lists levels up to "
                        f"{len(plan.multiplicity) - 1}; name the kernels to rank"
                    )
                load[k] = power
            errors = np.full(len(lam), np.inf)
            for parity, chosen in groups.items():
                size = max(1, BLOCK // (NODES * width))
                for start in range(0, len(chosen), size):
                    rows = chosen[start : start + size]
                    counts = g[0] if plan.complete else g[rows]
                    errors[rows] = self._of(lam[rows], counts, load, parity)
            found.append(errors)
        return found

    def _groups(self, lam: Floats, plan: LevelTransform) -> dict[int, Any]:
        """Candidates by the parity of their kernels: 0, 1 for even, −1 for odd."""
        every = np.arange(len(lam))
        alive = np.flatnonzero((lam > 0).any(axis=1) & np.isfinite(lam).all(axis=1))
        if self.sampling != REPLACEMENT or not self.domain.antipode:
            return {0: every[alive]}
        signs = self._signs(len(plan.multiplicity))
        even = ~(lam[alive][:, signs < 0] > 0).any(axis=1)
        odd = ~(lam[alive][:, signs > 0] > 0).any(axis=1)
        neither = ~even & ~odd
        return {0: alive[neither], 1: alive[even], -1: alive[odd & ~even]}

    def _signs(self, count: int) -> Any:
        return signs_of(self.domain, range(count))

    def _of(self, lam: Floats, g: Floats, load: Floats, parity: int) -> Floats:
        n, noise = float(self.n), self.noise
        if self.sampling == INDEPENDENT:
            problem = AlongConstant(PUBLISHED, lam, g, load, n, noise)
        elif self.sampling == DISTINCT and self.domain.antipode:
            return self._two_parities(lam, g, load)
        elif self.sampling == DISTINCT:
            points = float(self.domain.size)
            problem = AlongConstant(POPULATION, lam, g, load, n, noise, points)
        else:
            return self._by_classes(lam, g, load, parity)
        if self.ridge is None:
            return problem.best(NODES)[1]
        return _at_ridge(problem, self.ridge)

    def _two_parities(self, lam: Floats, g: Floats, load: Floats) -> Floats:
        """With the mean number of antipodal pairs."""
        signs, points = self._signs(len(load)), int(self.domain.size)
        problem = TwoParities(lam, g, load, signs, self.n, points, self.noise)
        if self.ridge is None:
            return problem.best(NODES // 2)[1]
        ridge = np.full(len(lam), self.ridge)
        pairs = self.n * (self.n - 1) / 2 / (points - 1)
        return problem.errors(ridge, pairs, problem.constants(ridge, pairs))

    def _by_classes(self, lam: Floats, g: Floats, load: Floats, parity: int) -> Floats:
        """Without ridge, at the mean number of classes."""
        points = int(self.domain.size)
        number = points // 2 if parity else points
        law = repeated(number, self.n)
        mean = lambda name: float(sum(x.chance * getattr(x, name) for x in law))
        wrong = 0.0
        if parity:
            wrong = float(load[self._signs(len(load)) == -parity].sum())
        problem = AlongConstant(
            CLASSES,
            lam,
            g,
            load,
            mean("count"),
            self.noise,
            letters={
                letters.domain_classes: float(number),
                letters.noise_share: mean("noise_share"),
                letters.wrong_share: mean("wrong_share"),
                letters.wrong_left: mean("wrong_left"),
                letters.wrong: wrong,
                letters.draws: float(self.n),
            },
        )
        c = problem.without_ridge
        with np.errstate(all="ignore"):
            found = problem(c[:, None])[1][:, 0]
        whole = float(load.sum()) + self.noise
        return np.where((c > 0) & np.isfinite(found), found, 2 * whole)


def _at_ridge(problem: AlongConstant, ridge: float) -> Floats:
    """The error at one ridge, by halving in log C, where the ridge rises."""
    start = problem.without_ridge
    least = np.where(problem.lam > 0, problem.lam, np.inf).min(axis=1)
    low = np.log(np.where(start > 0, start, least * 1e-12))
    if ridge == 0:
        return problem(np.exp(low)[:, None])[1][:, 0]
    high = np.log(problem.scale + ridge) + 1.0
    for _ in range(60):
        middle = (low + high) / 2
        below = problem(np.exp(middle)[:, None])[0][:, 0] < ridge
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return problem(np.exp(high)[:, None])[1][:, 0]


@dataclass(frozen=True)
class FoundKernel:
    """A candidate that the search ends with.

    Attributes
    ----------
    kernel
        The kernel, its parameters rounded to three digits.
    value
        The objective, in float64.
    edges
        Parameters that lie on the edge of what was searched.
    evaluated
        How many candidates were evaluated in all.
    """

    kernel: Kernel
    value: float
    edges: tuple[str, ...]
    evaluated: int


@dataclass
class _Pool:
    """Candidates: a line, a depth, and parameters in logarithms (−∞ for 0)."""

    lines: Sequence[KernelLine]
    plan: LevelTransform
    problem: SearchProblem
    objective: Objective
    evaluated: int = 0

    def kernels(self, line: int, parameters: Floats) -> Floats:
        """K of one line at the nodes, [depth, kernel, node]."""
        return self.lines[line].values(parameters, self.plan.half)

    def values(self, K: Floats) -> Floats:
        """The objective of kernels by their values at the nodes, [kernel, node]."""
        good: Any = np.isfinite(K).all(axis=1)
        lam, g = self.plan.levels(np.where(good[:, None], K, 0.0))
        self.evaluated += len(K)
        found = self.objective(self.problem.errors(lam, g, self.plan))
        return np.where(good & np.isfinite(found), found, np.inf)


def lines_of(
    domain: Domain,
    activations: Sequence[Any],
    depths: Sequence[int],
    families: Sequence[str],
) -> list[KernelLine]:
    """The lines of a search; activations without a tangent kernel have the NNGP alone.

    Raises
    ------
    OutOfDomain
        When a family is unknown, or nothing is left to search.
    """
    unknown = [x for x in families if x not in FAMILIES]
    if unknown:
        raise OutOfDomain(
            f"family {unknown[0]!r} is not searched (known: {', '.join(FAMILIES)})"
        )
    found = []
    for name, family in product(activations, ("ntk", "nngp")):
        if family in families:
            try:
                found.append(net_line(name, family, tuple(depths)))
            except (Unsupported, NotEvaluable):
                continue
    found += [family_line(x, domain) for x in families if x in RANGES]
    if not found:
        raise OutOfDomain("activations and families: no kernel is left to search")
    return found


def search(
    problem: SearchProblem,
    objective: Objective,
    lines: Sequence[KernelLine],
    keep: int = 8,
    starts: int = STARTS,
) -> list[FoundKernel]:
    """The best kernels, each of another line or depth, the best first.

    Parameters
    ----------
    problem
        What is asked.
    objective
        Errors of each target, [kernel] each → what is minimised, [kernel].
    lines
        Families of kernels.
    keep
        How many are returned.
    starts
        How many of the grid's best are polished.
    """
    pool = _Pool(lines, level_transform(problem.domain), problem, objective)
    grids = [_grid(line) for line in lines]
    tables = [pool.kernels(at, grid) for at, grid in enumerate(grids)]
    every = pool.values(np.concatenate([K.reshape(-1, K.shape[-1]) for K in tables]))
    rows, begin = [], 0
    for at, (K, grid) in enumerate(zip(tables, grids, strict=True)):
        end = begin + K.shape[0] * K.shape[1]
        values, begin = every[begin:end].reshape(K.shape[:2]), end
        for depth, k in enumerate(np.argmin(values, axis=1)):
            rows.append(_Start(float(values[depth, k]), at, depth, grid[k].copy()))
    rows.sort(key=lambda row: row.value)
    polished = sorted(_polished(pool, rows[:starts]), key=lambda row: row.value)
    return [
        FoundKernel(
            lines[row.line].make(row.parameters, lines[row.line].depths[row.depth]),
            row.value,
            _edges(lines[row.line], row),
            pool.evaluated,
        )
        for row in polished[:keep]
    ]


@dataclass
class _Start:
    """A candidate that moves: its value, line, depth, parameters and step."""

    value: float
    line: int
    depth: int
    parameters: Floats
    step: float = FIRST_STEP


def _grid(line: KernelLine) -> Floats:
    if len(line.bounds) == 2:
        return np.array(list(product(GRID_WEIGHTS, GRID_BIASES)))
    return np.geomspace(*line.bounds[0], GRID_WIDTHS)[:, None]


def _polished(pool: _Pool, rows: list[_Start]) -> list[_Start]:
    """Steps in the logarithm of every parameter, halved where none helps; all at once."""
    for _ in range(ROUNDS):
        moving = [row for row in rows if row.step >= LAST_STEP]
        tried, tables = [], []
        for row in moving:
            line, steps = pool.lines[row.line], []
            for place, (low, high) in enumerate(line.bounds):
                if row.parameters[place] == 0:
                    continue  # without bias: a start of its own
                for sign in (1, -1):
                    y = row.parameters.copy()
                    y[place] = np.clip(y[place] * np.exp(sign * row.step), low, high)
                    steps.append(y)
            tried.append(steps)
            tables.append(pool.kernels(row.line, np.array(steps))[row.depth])
        if not moving:
            break
        values, begin = pool.values(np.concatenate(tables)), 0
        for row, steps in zip(moving, tried, strict=True):
            own, begin = values[begin : begin + len(steps)], begin + len(steps)
            best = int(np.argmin(own))
            if own[best] < row.value * (1 - 1e-9):
                row.value, row.parameters = float(own[best]), steps[best]
            else:
                row.step /= 2
    return rows


def _edges(line: KernelLine, row: _Start) -> tuple[str, ...]:
    """Parameters on the edge of what was searched."""
    names = ("weight_variance", "bias_variance")
    found = [
        names[place] if len(line.bounds) == 2 else "its parameter"
        for place, (x, (low, high)) in enumerate(
            zip(row.parameters, line.bounds, strict=True)
        )
        if x and (x <= low * 1.001 or x >= high / 1.001)
    ]
    if len(line.depths) > 1 and row.depth == len(line.depths) - 1:
        found.append("depth")
    return tuple(found)
