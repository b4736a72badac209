"""Is the ranking right for nets that are trained? Finite width, on shared data sets.

Nets follow their tangent kernel without ridge as they get wide, so predictions are those
of the NTK at δ = 0, frozen before anything is trained. Nets are no linear rules: where
their error lies below the exact floor, that is what learning features has gained.
"""

from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np

from theory import EngineError, Kernel, Unsupported, kernels
from theory.numbers import integer
from verify.choice.candidates import Candidate, Task, candidate
from verify.choice.exact_floor import CONFIDENCE
from verify.choice.ranking import VerifiedRanking, frozen, judged
from verify.regression.domains.arrays import arrays_of
from verify.verdicts.intervals import student_interval

WIDTH, TRIALS, STEPS, STOP = 128, 10, 1500, 1e-4
WIDTH_ERROR = 0.1
"""What width and stopping may change besides, relatively."""
LEAST, MOST = 6, 8
MOST_POINTS = 1 << 12
CONTRAST = (
    "ntk:relu:depth=1,bias_variance=0.1",
    "ntk:relu:depth=3,bias_variance=0.1",
    "ntk:erf:depth=1,bias_variance=0.1",
    "ntk:erf:depth=1,weight_variance=8,bias_variance=1",
    "ntk:relu:depth=6,bias_variance=0.1",
    "ntk:erf:depth=3,weight_variance=4,bias_variance=0.1",
)
"""Nets that stand beside the chosen ones, so that there is something to tell apart."""
Progress = Callable[[int, int, str], object]


def verified_nets(
    choice: Any,
    trials: Any = TRIALS,
    seed: Any = 0,
    *,
    width: Any = WIDTH,
    steps: Any = STEPS,
    progress: Progress | None = None,
) -> VerifiedRanking:
    """Train nets of finite width for the NTK candidates of a choice, six at least.

    Parameters
    ----------
    choice
        What ``choose`` found, on a finite domain, for one target.
    trials
        Data sets; each trains one net of every candidate.
    seed
        Fixes data sets and initial parameters.
    width, steps
        Of every hidden layer; and the most steps of gradient descent.
    progress
        Called with (done, total, what).

    Raises
    ------
    Unsupported
        When the domain does not list its points, or there are several targets.
    """
    from verify.networks import Architecture, Cell, TableData, Training
    from verify.networks.data_sources.label_noise import NoisyData

    task: Task = choice.task
    count = integer(trials, "trials", least=3)
    wide = integer(width, "width", least=1)
    budget = integer(steps, "steps", least=1)
    chance = integer(seed, "seed", most=2**32 - 1)
    points, values = _table(task)
    sampling = (
        "without_replacement" if task.sampling == "distinct" else "with_replacement"
    )
    rows = _nets(choice, replace(task, ridge=0))
    digest = frozen(rows)
    errors, lost = [], 0
    for done, row in enumerate(rows):
        if progress is not None:
            progress(done, len(rows), f"nets of {row.kernel}")
        named = dict(row.kernel.parameters)
        scale = sqrt(float(named["input_variance"]))
        data: Any = TableData(
            scale * points, values[None], ("target",), chance, sampling
        )
        if task.noise:
            data = NoisyData(data, float(task.noise))
        net = Architecture(
            int(named["depth"]),
            wide,
            str(named["activation"]),
            float(named["weight_variance"]),
            float(named["bias_variance"]),
        )
        rule = Training(max_steps=budget, stop_mse=STOP * float(np.mean(values**2)))
        found = Cell(net, rule, data, task.n, tuple(range(count)), chance).run()
        own = found.test_mse[:, 0] + float(task.noise)
        lost += int(np.isnan(own).sum())
        errors.append(np.where(np.isnan(own), float(np.mean(values**2)), own))
    how = (
        f"test errors of trained nets of width {wide}, at most {budget} steps, on {count} "
        f"shared data sets of n = {task.n}"
    )
    how += f"; {lost} nets diverged and count as having learned nothing" if lost else ""
    ranks = tuple((0, 0) for _ in rows)
    made = judged(rows, np.array(errors), {}, ranks, how, digest)
    return replace(made, floor=_below(choice, rows, np.array(errors)))


def _table(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """All points of the domain with norm √d, and the target on them."""
    if task.is_data or len(task.targets) != 1:
        raise Unsupported("nets are trained for one target on a finite domain")
    arrays = arrays_of(task.domain)
    if arrays.points is None or arrays.points > MOST_POINTS:
        raise Unsupported(
            f"{task.domain}: nets are trained on finite domains of at most {MOST_POINTS} "
            "points here; learnability nets plan trains others"
        )
    x = np.arange(arrays.points)
    points = np.asarray(arrays.vectors(x), dtype=np.float64)
    points *= sqrt(points.shape[1]) / np.linalg.norm(points[0])
    values = np.zeros(len(x))
    for k, power in task.targets[0].items():
        if power:
            values += sqrt(float(power)) * np.asarray(arrays.mode(k, 0, x[None]))[0]
    return points, values


def _nets(choice: Any, task: Task) -> list[Candidate]:
    """The choice's NTK candidates, and others until there are six; without ridge."""
    own = [x.kernel for x in choice.candidates if x.kernel.family == "ntk"]
    wanted: list[Kernel] = own[:MOST]
    for text in CONTRAST:
        kernel = kernels.parse(text)
        if len(wanted) < LEAST and kernel not in wanted:
            wanted.append(kernel)
    rows = []
    for kernel in wanted:
        try:
            row = candidate(kernel, task)
        except EngineError:
            continue
        rows.append(replace(row, own_error=row.own_error + WIDTH_ERROR))
    return rows


def _below(choice: Any, rows: list[Candidate], errors: np.ndarray) -> str:
    """Which nets went below the exact floor, which linear rules cannot."""
    floor = choice.floor
    if floor is None:
        return ""
    found = []
    for row, own in zip(rows, errors, strict=True):
        interval = student_interval(own, CONFIDENCE)
        if interval.upper < floor.lower:
            gain = 100 * (1 - interval.value / floor.lower)
            found.append(f"{row.kernel} by {gain:.2g} %")
    if not found:
        return "no net's interval lies below that of the exact floor of linear rules"
    return (
        "below the exact floor of equivariant linear rules, so that features were learned: "
        + ", ".join(found)
    )
