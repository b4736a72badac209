"""The learned function along a path of points."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.subjects import Subject, one_subject, several
from learnability.table.cell import Estimate, from_float
from learnability.table.table import Column, Table
from numerics import predict
from numerics.targets.target_reading import read_target
from theory.errors import OutOfDomain
from theory.numbers import integer

POINTS = 17
MOST_POINTS = 400
FLOAT = 1e-12


def learned_function(
    *subject: Any,
    target: Any = None,
    n: Any = None,
    ridge: Any = 0,
    noise: Any = 0,
    points: int = POINTS,
    measured: int | None = None,
    seed: int = 0,
    show: int = 4,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Table:
    """Mean and spread of the learned function along a path of points.

    Parameters
    ----------
    subject
        A kernel and a domain.
    target
        Level powers, or a function such as expr:sign(x1+x2+x3).
    n, ridge, noise
        Training points, δ and σ².
    points
        How many points: angles around the circle, a great circle through the first two
        axes, or corners from all ones on, one bit turned at a time.
    measured
        Data sets on which regression is evaluated at the same points.
    seed
        Of what is measured.
    show
        Digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Raises
    ------
    OutOfDomain
        When an argument is out of range.

    Examples
    --------
    >>> made = learned_function("gaussian:width=2", "hypercube:4", target="expr:x1*x2", n=8)
    >>> len(made.rows), [column.key for column in made.columns]
    (5, ['point', 'target', 'mean', 'spread'])
    """
    one = one_subject(subject, "learned-function")
    if one.domain is None:
        raise OutOfDomain(
            "learned-function takes a kernel and a domain: given levels have no points"
        )
    goals = several({1: 1} if target is None else target)
    sizes = several(16 if n is None else n)
    if len(goals) != 1 or len(sizes) != 1:
        raise OutOfDomain(
            f"{len(goals)} targets and {len(sizes)} values of n; learned-function shows one"
        )
    goal = read_target(goals[0], one.domain)
    axis, labels, x = path(one, integer(points, "points", least=2, most=MOST_POINTS))
    p = predict(one.spectrum(20), goal, sizes[0], ridge, noise)
    mean = p.function_mean(x)
    spread = np.sqrt(np.diag(p.function_covariance(x)))
    columns = [
        Column("point", *axis),
        Column("target", "f", "$f$", "", "float64", "target"),
        Column("mean", "mean", r"$\mathrm{E}\,\hat f$", "", "float64",
               "learned_function_mean"),
        Column("spread", "spread", r"$\sigma(\hat f)$", "", "float64",
               "local_function_covariance"),
    ]  # fmt: skip
    seen = None
    if measured is not None:
        from verify.regression.learned_values import learned_values

        seen = learned_values(
            one.kernel, one.domain, goal, sizes[0], x, ridge, noise,
            trials=measured, seed=seed,
        )  # fmt: skip
        source = "standard error", "kernel regression"
        columns += [
            Column("mean_measured", "mean measured", "measured", "", *source),
            Column("spread_measured", "spread measured", "measured", "", *source),
        ]
    truth = goal.at(x)
    rows = []
    for i, label in enumerate(labels):
        cells: list[Any] = [label]
        cells += [from_float(float(v[i]), FLOAT) for v in (truth, mean, spread)]
        if seen is not None:
            found, square = seen.mean(i), seen.covariance(i, i)
            root = max(square.value, 1e-300) ** 0.5
            cells += [Estimate(found.value, found.error)]
            cells += [Estimate(root, square.error / (2 * root))]
        rows.append(tuple(cells))
    if progress is not None:
        progress(1, 1, "points")
    what = f"target {goal.label or goal.text}, n = {sizes[0]}, {one.words()}"
    return Table(
        tuple(columns), tuple(rows), f"The learned function: {what}.",
        15, show, command, seed if seen is not None else None,
    )  # fmt: skip


ANGLE = "θ", r"$\theta$"
TURNED = "bits turned", "bits turned"
POINT = "point", "point"


def path(one: Subject, count: int) -> tuple[tuple[str, str], list[str], np.ndarray]:
    """What runs along a path of the domain (in text and in LaTeX), its values, points."""
    domain = one.domain
    if domain.by_angle:
        finite = domain.size.is_finite
        total = int(domain.size) if finite else count
        some = np.unique(np.linspace(0, total - 1, min(count, total)).astype(int))
        theta = 2 * np.pi * some / total
        return ANGLE, [f"{t:.4g}" for t in theta], theta
    if domain.is_cube:
        d = int(domain.d)
        turned = np.unique(np.linspace(0, d, min(count, d + 1)).astype(int))
        points = [[-1] * k + [1] * (d - k) for k in turned.tolist()]
        return TURNED, [str(k) for k in turned], np.array(points)
    if domain.is_sphere:
        angles = np.linspace(0, np.pi, count)
        x = np.zeros((count, int(domain.ambient)))
        x[:, 0], x[:, 1] = np.cos(angles), np.sin(angles)
        return ANGLE, [f"{t:.4g}" for t in angles], x
    every = np.array([[float(v) for v in x] for x in domain.vectors()])[:count]
    return POINT, [str(i + 1) for i in range(len(every))], every
