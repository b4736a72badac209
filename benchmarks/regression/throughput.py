"""Data sets per second of batched regression, against a loop over data sets.

Baselines, in the same run and on the same data sets:

loop: one data set at a time, kernel evaluated pair by pair, ``np.linalg.solve``, and the
      error on every point of the domain (the cube) or on 1000 test points (the sphere),
      learnability and MSE alone;
solve: the batched factorization and inversion of the kernel matrices by itself, which is
      the floor of anything that reports tr (K + δ)⁻¹.

Process time, which other work on the machine moves less than the clock on the wall.

    python benchmarks/regression/throughput.py [--trials 500] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from verify.regression import kernel_matrix, problem, simulate
from verify.regression.blocks import draw
from verify.regression.regression_problem import RegressionProblem

KERNEL = "ntk:relu:depth=3,weight_variance=2,bias_variance=0.1"
TEST_POINTS = 1000
CASES = (
    ("hypercube:8", 16),
    ("hypercube:8", 64),
    ("hypercube:8", 192),
    ("sphere:8", 64),
)


def timed(work) -> float:
    """Return the process time of a call, the least of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def loop(asked: RegressionProblem, trials: int) -> None:
    """Regress one data set after another, as a reader of the formulas would."""
    data, place = draw(asked, range(trials), 0), asked.place
    if place.points is None:
        test = place.draw(TEST_POINTS, [0], 1, replace=False)
    else:
        test = np.arange(place.points)[None]
    where, truth = place.vectors(test)[0], asked.targets[0].at(place, test)[0]
    for points, labels in zip(data.points, data.labels[..., 0], strict=True):
        x = place.vectors(points)
        weights = np.linalg.solve(
            kernel_matrix(asked.kernel, x, norms="equal")
            + float(asked.ridge) * np.eye(asked.n),
            labels,
        )
        fit = kernel_matrix(asked.kernel, where, x, norms="equal") @ weights
        np.mean(fit * truth), np.mean((fit - truth) ** 2)


def floor(asked: RegressionProblem, trials: int) -> None:
    """Factor and invert as many matrices of that size."""
    generator = np.random.default_rng(0)
    root = generator.standard_normal((min(trials, 64), asked.n, asked.n))
    matrices = root @ root.transpose(0, 2, 1) + np.eye(asked.n)
    for start in range(0, trials, len(matrices)):
        part = matrices[: trials - start]
        np.linalg.cholesky(part)
        np.linalg.inv(part)


def main() -> None:
    """Print one row for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for domain, n in CASES:
        asked = problem(KERNEL, domain, {1: 1}, n, "1/10")
        _ = asked.pairs  # the tables of a kernel are made once
        few = max(4, options.trials // 20)
        with threadpool_limits(1):
            batched = (
                timed(lambda a=asked: simulate(a, options.trials)) / options.trials
            )
            single = timed(lambda a=asked, f=few: loop(a, f)) / few
            least = timed(lambda a=asked: floor(a, options.trials)) / options.trials
        row = {
            "domain": domain,
            "n": n,
            "batched_ms": 1e3 * batched,
            "loop_over_batched": single / batched,
            "batched_over_floor": batched / least,
        }
        rows.append(row)
        print(
            f"{domain:12} n = {n:4}  {row['batched_ms']:8.3f} ms a data set   "
            f"{row['loop_over_batched']:6.1f} times the loop   "
            f"{row['batched_over_floor']:5.1f} times the floor"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
