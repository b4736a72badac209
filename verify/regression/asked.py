"""Simulations of what a prediction was asked: one for each question that has one."""

from collections.abc import Callable, Mapping
from typing import Any

from theory import Unsupported
from theory.statistics.questions import QUESTIONS
from theory.statistics.questions.sampling import DISTINCT, INDEPENDENT, REPLACEMENT
from verify.regression.mean import Mean
from verify.regression.regression_problem import (
    WITH,
    WITHOUT,
    RegressionProblem,
    problem,
)
from verify.regression.simulation import simulate

DRAWN: dict[str, str | None] = {INDEPENDENT: None, DISTINCT: WITHOUT, REPLACEMENT: WITH}
"""Sampling → how points are drawn; None: as simulations do on the domain by default."""
Simulation = Callable[[RegressionProblem, Any, int, int], Mean]
"""(problem, value, trials, seed) → the test MSE, measured."""
SIMULATIONS: dict[str, Simulation] = {}


def simulates(name: str) -> Callable[[Simulation], Simulation]:
    """Enter the simulation of a question."""

    def enter(simulation: Simulation) -> Simulation:
        SIMULATIONS[QUESTIONS[name].name] = simulation
        return simulation

    return enter


def measured_mse(
    kernel: Any,
    domain: Any,
    target: Mapping[int, Any],
    row: Mapping[str, Any],
    asked: Mapping[str, Any],
    trials: int,
    seed: int = 0,
) -> Mean:
    """The test MSE of one row of a prediction, by what it was asked.

    Parameters
    ----------
    row
        Has n, ridge and noise.
    asked
        Question → value in this row.

    Raises
    ------
    Unsupported
        When nothing simulates what was asked.

    Examples
    --------
    >>> row = {"n": 4, "ridge": 0, "noise": 0}
    >>> asked = {"sampling": "distinct"}
    >>> found = measured_mse("exponential", "hypercube:4", {1: 1}, row, asked, 100)
    >>> 0.5 < found.value < 1.5
    True
    """
    other = [name for name in asked if name != "sampling"]
    drawn = DRAWN[asked.get("sampling", INDEPENDENT)]
    one = problem(
        kernel, domain, dict(target), row["n"], row["ridge"], row["noise"], drawn
    )
    if not other:
        return simulate(one, trials, seed).mean("test_mse")
    if len(other) > 1 or other[0] not in SIMULATIONS:
        known = ", ".join(["sampling", *SIMULATIONS])
        raise Unsupported(
            f"{' and '.join(other)}: nothing simulates that (known: {known}); enter a "
            "simulation with verify.regression.asked.simulates"
        )
    return SIMULATIONS[other[0]](one, asked[other[0]], trials, seed)
