"""Simulations of what a prediction was asked: one for each question that has one."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from sympy import sympify

from theory import Unsupported, domains
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
"""(problem, value, trials, seed) → the test MSE, measured.

The value of one question; of several that are asked together, name → value.
"""
HOMES = (
    "verify.regression.training.course",
    "verify.regression.training.online",
    "verify.regression.features.measured",
)
"""Modules that enter simulations here; they are found by name, since they import this one."""
SIMULATIONS: dict[str, Simulation] = {}


def simulates(*names: str) -> Callable[[Simulation], Simulation]:
    """Enter the simulation of a question, or of several that are asked together."""

    def enter(simulation: Simulation) -> Simulation:
        SIMULATIONS[_together(QUESTIONS[name].name for name in names)] = simulation
        return simulation

    return enter


def _together(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


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
    >>> 0.3 < found.value < 0.7
    True
    """
    for home in HOMES:
        import_module(home)
    domain = domains.parse(domain) if isinstance(domain, str) else domain
    other = {name: value for name, value in asked.items() if name != "sampling"}
    drawn = DRAWN[asked.get("sampling", INDEPENDENT)]
    if "rule" in asked and "time" not in asked and sympify(domain.size).is_finite:
        drawn = WITH  # n counts samples, which may exceed the domain
    one = problem(kernel, domain, target, row["n"], row["ridge"], row["noise"], drawn)
    if not other:
        return simulate(one, trials, seed).mean("test_mse")
    if _together(asked) in SIMULATIONS:
        other = dict(asked)
    together = _together(other)
    if together not in SIMULATIONS:
        known = ", ".join(["sampling", *SIMULATIONS])
        raise Unsupported(
            f"{together}: nothing simulates that (known: {known}); enter a simulation "
            "with verify.regression.asked.simulates"
        )
    value = other if len(other) > 1 else next(iter(other.values()))
    return SIMULATIONS[together](one, value, trials, seed)
