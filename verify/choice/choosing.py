"""Rank the kernels that are named, or search for the best one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from numerics.choice.search import (
    ACTIVATIONS,
    DEPTHS,
    FAMILIES,
    SearchProblem,
    lines_of,
    search,
)
from numerics.targets.target_reading import read_target
from theory import Kernel, OutOfDomain, Unsupported, domains
from theory import kernels as kernel_texts
from theory.domains import Domain
from theory.numbers import integer, rational
from theory.statistics.questions.sampling import DISTINCT, INDEPENDENT, SAMPLINGS
from verify.choice.beside import with_more
from verify.choice.candidates import (
    Candidate,
    Task,
    candidate,
    own_error,
    proved_error,
)
from verify.choice.chosen import Choice, ranked
from verify.choice.exact_floor import ErrorFloor, error_floor
from verify.choice.merit import merit_of, optima

OBJECTIVES = ("mse", "n", "regret", "worst")
AUTO = "auto"
KEEP = 8
MOST_N = 1 << 20
ON_DATA = (
    "ntk:relu:depth=1..3,bias_variance=0.1",
    "nngp:relu:depth=1..2,bias_variance=0.1",
    "ntk:erf:depth=1..2,bias_variance=0.1",
    "nngp:erf:depth=1,bias_variance=0.1",
)
"""What is tried on data where no kernel is named; Gaussian and Laplace kernels besides,
with widths in units of the mean distance."""
WIDTHS = (0.3, 0.6, 1.2, 2.4)
FRONTIER = (0.25, 0.5, 2.0, 4.0)
Progress = Callable[[int, int, str], object]


def choose(
    domain: Any,
    target: Any = None,
    n: Any = None,
    kernels: Sequence[Any] | None = None,
    *,
    noise: Any = 0,
    ridge: Any = AUTO,
    objective: str = "mse",
    goal: Any = None,
    sampling: str | None = None,
    time: Any = None,
    width: Any = None,
    activations: Sequence[Any] = ACTIVATIONS,
    depths: Sequence[int] = DEPTHS,
    families: Sequence[str] = FAMILIES,
    draws: Any = 200,
    seed: Any = 0,
    more: bool = True,
    progress: Progress | None = None,
) -> Choice:
    """Which kernel suits a problem, before anything is trained.

    Kernels that are named are ranked; without them activation, depth, variances, kind and
    kernel families are searched, each at its best ridge. Predictions are those of the
    theory, an approximation; ``Choice.verify`` measures them.

    Parameters
    ----------
    domain
        A domain or its text; also a data set, ``data:FILE``.
    target
        As for ``predict``, or a list of targets; on data the labels are the target.
    n
        Training points.
    kernels
        Kernels or their texts; None or empty: a search.
    noise
        Variance σ² of the label noise.
    ridge
        ``auto`` for the best one of each kernel, or a number.
    objective
        ``mse`` at n, the mean over the targets; ``n``, the fewest points for ``goal``;
        ``regret``, over the framework's optimum of each target, the largest; ``worst``,
        the largest error of the targets.
    goal
        The MSE that ``n`` is sought for.
    sampling
        As for ``predict``; distinct points on finite domains unless given.
    time, width
        For kernels that are named: the error after training for a time without ridge, or
        with that many random features.
    activations, depths, families
        What is searched.
    draws, seed
        Data sets for the floor where it is not enumerated.
    more
        Whether frontier, sensitivity and the cone of nets are computed.
    progress
        Called with (done, total, what).

    Raises
    ------
    OutOfDomain
        When an argument is malformed; the message names it.
    Unsupported
        When no formula covers what is asked.

    Examples
    --------
    >>> found = choose("hypercube:6", {1: 1}, 12, ["polynomial:degree=1", "ntk:relu"])
    >>> str(found.kernel), found.tied
    ('polynomial:degree=1', ())
    """
    place = domains.parse(domain) if isinstance(domain, str) else domain
    if not isinstance(place, Domain):
        raise OutOfDomain(f"domain = {domain!r:.60} is no domain")
    task = _task(place, target, n, noise, ridge, sampling)
    if objective not in OBJECTIVES:
        raise OutOfDomain(
            f"objective = {objective!r} must be one of {', '.join(OBJECTIVES)}"
        )
    if (objective == "n") != (goal is not None):
        raise OutOfDomain(
            f"goal = {goal}: objective 'n' needs one, the others have none"
        )
    wanted = None if goal is None else float(rational(goal, "goal", positive=True))
    named = [
        x
        for text in kernels or ()
        for x in ([text] if isinstance(text, Kernel) else kernel_texts.parse_many(text))
    ]
    if time is not None or width is not None:
        return _asked_otherwise(task, named, objective, time, width, draws, seed)
    if wanted is not None and task.is_data:
        raise Unsupported(
            "objective 'n' on data: learnability predict data:FILE … --goal says it"
        )
    evaluated, edges = 0, {}
    if not named:
        if task.is_data:
            named = _for_data(task)
        else:
            task, found = _searched(
                task, objective, wanted, activations, depths, families, progress
            )
            named = [x.kernel for x in found]
            edges = {x.kernel: x.edges for x in found}
            evaluated = found[0].evaluated
    rows: list[Candidate] = []
    worst = objective in ("worst", "regret") and len(task.targets) > 1
    for done, kernel in enumerate(named):
        if progress is not None:
            progress(done, len(named), str(kernel))
        one = candidate(kernel, task, worst)
        rows.append(
            replace(_valued(one, task, objective, wanted), edges=edges.get(kernel, ()))
        )
    order = ranked(rows)
    floor = _floor_of(task, draws, seed)
    framework = None if task.is_data else float(np.mean(optima(task, task.n)))
    made = Choice(
        task, objective, wanted, order, floor, framework,
        proved_error(order[0], task), evaluated,
    )  # fmt: skip
    if more and not task.is_data:
        made = with_more(made)
    return made


def _task(
    place: Any, target: Any, n: Any, noise: Any, ridge: Any, sampling: Any
) -> Task:
    """The task, every argument checked."""
    is_data = place.invariant == "pair"
    size = None if place.size is None or not place.size.is_Integer else int(place.size)
    if n is None:
        raise OutOfDomain("n is missing: the number of training points")
    law = sampling or (INDEPENDENT if size is None else DISTINCT)
    if law not in SAMPLINGS:
        raise OutOfDomain(f"sampling = {law!r} must be one of {', '.join(SAMPLINGS)}")
    if size is None and law != INDEPENDENT:
        raise OutOfDomain(f"sampling = {law!r}: {place} has no number of points")
    most = size if law == DISTINCT else None
    count = integer(n, "n", least=1, most=most - 1 if is_data and most else most)
    sigma = rational(noise, "noise", least=0)
    delta = None if ridge in (AUTO, None) else rational(ridge, "ridge", least=0)
    if is_data:
        if target is not None or sigma:
            raise OutOfDomain(
                "target, noise: on data the labels are the target, as they are"
            )
        if law != DISTINCT:
            raise OutOfDomain(f"sampling = {law!r}: on data distinct points are drawn")
        return Task(place, (), count, sigma, law, delta)
    if target is None:
        raise OutOfDomain("target is missing, such as {1: 1}")
    listed = list(target) if isinstance(target, list | tuple) else [target]
    if not listed:
        raise OutOfDomain("target = []: at least one is needed")
    powers = tuple(dict(read_target(x, place).powers) for x in listed)
    return Task(place, powers, count, sigma, law, delta)


def _valued(x: Candidate, task: Task, objective: str, goal: float | None) -> Candidate:
    """With its regret, and with what is minimised."""
    regret = None
    if not task.is_data:
        pairs = zip(x.errors, optima(task, task.n), strict=True)
        regret = max(e / o if o > 0 else float("inf") for e, o in pairs) if (
            len(x.errors) == len(task.targets)
        ) else None  # fmt: skip
    value = x.test_mse
    if objective == "worst":
        value = max(x.errors)
    elif objective == "regret":
        value = value if regret is None else regret
    elif objective == "n" and goal is not None:
        value = float(_fewest(x.kernel, task, goal))
    return replace(x, regret=regret, value=value)


def _fewest(kernel: Kernel, task: Task, goal: float) -> int | float:
    """The fewest points whose predicted error reaches a goal; ∞ where none do."""
    size = task.domain.size
    most = int(size) if size.is_Integer and task.sampling == DISTINCT else MOST_N

    def reached(n: int) -> bool:
        return candidate(kernel, replace(task, n=n)).test_mse <= goal

    low, high = 0, max(1, task.n)
    while not reached(high):
        if high >= most:
            return float("inf")
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _searched(task, objective, goal, activations, depths, families, progress):
    """The task, its n moved to where the goal is reached, and the best kernels."""
    for depth in depths:
        integer(depth, "depths", least=1, most=64)
    lines = lines_of(task.domain, activations, tuple(depths), families)
    powers = tuple({k: float(v) for k, v in x.items()} for x in task.targets)
    merit = merit_of(task, objective)

    def at(n: int, starts: int = 16):
        problem = SearchProblem(
            task.domain,
            powers,
            n,
            float(task.noise),
            task.sampling,
            None if task.ridge is None else float(task.ridge),
        )
        return search(problem, merit, lines, KEEP, starts)

    if progress is not None:
        progress(0, 1, "search")
    if goal is None:
        return task, at(task.n)
    size = task.domain.size
    most = int(size) if size.is_Integer and task.sampling == DISTINCT else MOST_N
    low, high = 0, task.n
    while (found := at(high, 2))[0].value > goal:
        if high >= most:
            raise Unsupported(f"goal = {goal:g}: no kernel of the search reaches it")
        low, high = high, min(2 * high, most)
    while high > low + max(1, high // 20):
        middle = (low + high) // 2
        low, high = (low, middle) if at(middle, 2)[0].value <= goal else (middle, high)
    del found
    return replace(task, n=high), at(high)


def _for_data(task: Task) -> list[Kernel]:
    """Nets, and radial kernels whose widths follow the data."""
    x = np.asarray(task.domain.data.points, dtype=np.float64)
    centered = x - x.mean(axis=0)
    distance = float(np.sqrt(2 * np.mean(np.sum(centered**2, axis=1))))
    texts = [
        f"{family}:width={share * distance:.3g}"
        for family in ("gaussian", "laplace")
        for share in WIDTHS
    ]
    return [x for text in (*ON_DATA, *texts) for x in kernel_texts.parse_many(text)]


def _asked_otherwise(
    task: Task, named, objective: str, time: Any, width: Any, draws: Any, seed: Any
) -> Choice:
    """Kernels that are named, after a time of training or with random features."""
    from numerics import predict, spectrum

    if task.is_data or not named or objective != "mse":
        raise Unsupported(
            "time and width are for kernels that are named, on a domain, with objective "
            "'mse'"
        )
    options = {k: v for k, v in (("time", time), ("width", width)) if v is not None}
    if width is not None:  # no formula has both a width and distinct points
        task = replace(task, sampling=INDEPENDENT)
    options["sampling"] = task.sampling
    rows = []
    for kernel in named:
        s = spectrum(kernel, task.domain, digits=15)
        delta = 0 if task.ridge is None else task.ridge
        p = predict(s, task.mean, task.n, delta, task.noise, **options)
        error = float(p.test_mse)
        own = own_error(task.domain, task.n)
        row = Candidate(kernel, float(delta), error, (error,), own, {}, p.equation)
        rows.append(_valued(row, task, objective, None))
    framework = float(np.mean(optima(task, task.n)))
    how = ", ".join(f"{k} = {v}" for k, v in options.items() if k != "sampling")
    floor = _floor_of(task, draws, seed)
    return Choice(task, objective, None, ranked(rows), floor, framework, otherwise=how)


def _floor_of(task: Task, draws: Any, seed: Any) -> ErrorFloor | None:
    """The exact floor of one target, where the domain has a group."""
    if task.is_data or len(task.targets) != 1 or not task.domain.group:
        return None
    return error_floor(
        task.domain,
        task.targets[0],
        task.n,
        task.noise,
        task.sampling if task.domain.size.is_Integer else INDEPENDENT,
        draws=draws,
        seed=seed,
    )
