"""Regression on many data sets: in blocks of a stated memory, resumed where it stopped."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from theory import OutOfDomain
from theory.numbers import integer
from verify.regression import blocks
from verify.regression.measured import Measured
from verify.regression.regression_problem import RegressionProblem
from verify.storage.arrays import stored

FORMAT = 1
CELL = 512
"""Data sets in one file of a resumable run."""
MEMORY = 256 << 20
DIAGNOSED = 32
BACKENDS = ("numpy", "jax")
Progress = Callable[[int, int, str], object]


def simulate(
    problem: RegressionProblem,
    trials: Any = 3000,
    seed: Any = 0,
    *,
    backend: str = "numpy",
    memory: int = MEMORY,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Regress every target of a problem on many data sets.

    Trial k of a seed is the same data set whatever the number of trials, the memory and
    the backend; on finite domains it is the one that nets train on.

    Parameters
    ----------
    problem
        Made by ``verify.regression.regression_problem``.
    trials
        Data sets: an even number of at least 4, since neighbors make pairs.
    seed
        Fixes data sets and noise.
    backend
        ``numpy``, or ``jax`` (float64, on JAX's default device).
    memory
        Bytes that the arrays of one block may take, about.
    folder
        Where finished cells of 512 data sets are kept; a run that was interrupted goes
        on there. A file that cannot be trusted is set aside with a warning.
    progress
        Called with data sets done, data sets in all, and what is computed.

    Raises
    ------
    OutOfDomain
        When trials, seed, backend or memory are out of range.

    Examples
    --------
    >>> from verify.regression.regression_problem import problem
    >>> found = simulate(problem("gaussian:width=2", "hypercube:4", {1: 1}, 3), 4)
    >>> found.learned.round(9).tolist()                        # Σ L = n on every data set
    [3.0, 3.0, 3.0, 3.0]
    """
    count = integer(trials, "trials", least=4)
    seed = integer(seed, "seed", most=2**63 - 1)
    if count % 2:
        raise OutOfDomain(
            f"trials = {count} must be even: neighboring data sets make pairs"
        )
    if backend not in BACKENDS:
        raise OutOfDomain(f"backend = {backend!r} must be {' or '.join(BACKENDS)}")
    block = _block(problem, integer(memory, "memory", least=1))
    kept = None if folder is None else Path(folder)
    parts, done = [], 0
    for start in range(0, count, CELL):
        cell = range(start, min(start + CELL, count))

        def say(inside: int, before: int = done) -> None:
            if progress is not None:
                progress(before + inside, count, str(problem))

        parts.append(_cell(problem, cell, seed, backend, block, kept, say))
        done += len(cell)
    arrays: dict[str, Any] = {
        name: np.concatenate([part[name] for part in parts])
        if parts[0].get(name) is not None
        else None
        for name in blocks.NAMES
    }
    return Measured(
        problem, seed, **arrays, **_diagnose(problem, min(count, DIAGNOSED), seed)
    )


def _block(problem: RegressionProblem, memory: int) -> int:
    """Data sets at once: codes, K, K + δ, its inverse, K², −ΔK² and what they pass by."""
    n, columns = problem.n, 4 * len(problem.targets) + len(problem.modes)
    per_trial = 8 * n * (14 * n + columns + 8)
    size = memory // per_trial // 2 * 2
    if size < 2:
        raise OutOfDomain(
            f"memory = {memory}: two data sets of n = {n} take about {2 * per_trial} "
            "bytes; allow more"
        )
    return min(size, CELL)


def _cell(
    problem: RegressionProblem,
    cell: range,
    seed: int,
    backend: str,
    block: int,
    folder: Path | None,
    say: Callable[[int], None],
) -> dict[str, Any]:
    settings = {
        "format": FORMAT,
        **problem.description,
        "trials": [cell.start, cell.stop],
        "seed": seed,
        "backend": backend,
    }
    compute = partial(_compute, problem, cell, seed, backend, block, say)
    found = stored(folder, "regression", settings, compute)
    say(len(cell))
    return found


def _compute(
    problem: RegressionProblem,
    cell: range,
    seed: int,
    backend: str,
    block: int,
    say: Callable[[int], None],
) -> dict[str, Any]:
    parts = []
    # on many small matrices BLAS threads only wait for each other
    with threadpool_limits(1):
        for start in range(cell.start, cell.stop, block):
            some = range(start, min(start + block, cell.stop))
            parts.append(blocks.regress(problem, some, seed, backend))
            say(some.stop - cell.start)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _diagnose(problem: RegressionProblem, trials: int, seed: int) -> dict[str, Any]:
    """Rank, condition and largest eigenvalue of the first kernel matrices."""
    data = blocks.draw(problem, range(trials), seed)
    inner = problem.pairs.kernel(problem.place.pair(data.points, data.points, np), np)
    with threadpool_limits(1):
        spectra = np.linalg.eigvalsh(inner)
    ridge, top = float(problem.ridge), spectra[:, -1]
    positive = spectra > top[:, None] * spectra.shape[1] * blocks.EPS
    sound = positive.all(axis=1) | (ridge > 0)
    least = np.where(sound, np.maximum(spectra[:, 0], 0.0) + ridge, 1.0)
    condition = np.where(sound, (top + ridge) / least, np.inf)
    return {"rank": positive.sum(axis=1), "condition": condition, "lambda_max": top}
