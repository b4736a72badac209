"""What is compared, as a TOML file that is checked before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from theory import OutOfDomain, domains, kernels
from theory.numbers import integer
from verify.regression.comparison.claim import TheoryClaim, claim_about, controls
from verify.regression.comparison.toml_fields import (
    Table,
    listed,
    margins_of,
    needed,
    settings_of,
    several,
    sizes_of,
    text_of,
)
from verify.regression.domains.arrays import arrays_of
from verify.regression.measured import BY_DATA_SET, BY_TARGET
from verify.regression.regression_problem import RegressionProblem, problem
from verify.regression.targets import target as target_of

STATISTICS = (*BY_TARGET, *BY_DATA_SET)
MARGINS = {name: Fraction(1, 20) for name in STATISTICS} | {
    "learnability": Fraction(1, 100),
    "constant": Fraction(1, 50),
    "learned": Fraction(1, 50),
}
"""Largest differences that count as agreement: absolute for the learnability, relative
to the prediction for everything else."""
DEFAULT_STATISTICS = ("learnability", "test_mse", "constant")
KEYS = (
    "name",
    "kernel",
    "domain",
    "targets",
    "n",
    "ridge",
    "noise",
    "sampling",
    "trials",
    "statistics",
    "margins",
    "theory",
    "controls",
    "budget",
)
MAX_TRIALS = 1_000_000


@dataclass(frozen=True)
class RegressionSetting:
    """One comparison of theory with regression, over a grid of n.

    Attributes
    ----------
    name
        How reports call it.
    problems
        One for each n.
    trials
        Data sets at every n.
    statistics
        What is compared.
    margins
        Statistic → largest difference that counts as agreement.
    theory
        What theory claims; ours by default.
    controls
        Names of the wrong theories that must be refuted.
    budget
        Whether an error budget of the first n is drawn up.
    """

    name: str
    problems: tuple[RegressionProblem, ...]
    trials: int = 3000
    statistics: tuple[str, ...] = DEFAULT_STATISTICS
    margins: Mapping[str, Fraction] = field(default_factory=lambda: dict(MARGINS))
    theory: TheoryClaim = field(default_factory=TheoryClaim)
    controls: tuple[str, ...] = ()
    budget: bool = False

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The values of n."""
        return tuple(p.n for p in self.problems)

    @property
    def description(self) -> dict[str, Any]:
        """Everything that decides the reports, as plain data."""
        return {
            "name": self.name,
            "problems": [p.description for p in self.problems],
            "trials": self.trials,
            "statistics": self.statistics,
            "margins": {name: str(self.margins[name]) for name in self.statistics},
            "theory": str(self.theory),
            "controls": self.controls,
            "budget": self.budget,
        }


def load(path: Path | None = None) -> tuple[RegressionSetting, ...]:
    """The settings of a file, or the suite's own.

    Raises
    ------
    OutOfDomain
        Naming the file, the setting, the field and its value.

    Examples
    --------
    >>> [setting.name for setting in load()][:2]
    ['cube', 'cube with ridge and noise']
    """
    return settings_of(path or __package__, "problem", KEYS, _setting)


def read(text: str, name: str) -> tuple[RegressionSetting, ...]:
    """The settings of a TOML text.

    Examples
    --------
    >>> one = '''[[problem]]
    ... kernel = "gaussian:width=2"
    ... domain = "hypercube:6"
    ... targets = ["1"]
    ... n = [8]'''
    >>> read(one, "mine")[0].sizes
    (8,)
    """
    return settings_of(name, "problem", KEYS, _setting, text)


def _setting(table: Table, index: int) -> RegressionSetting:
    title = str(table.get("name", f"problem {index}"))
    domain = domains.parse(text_of(needed(table, "domain"), "domain"))
    kernel = kernels.parse(text_of(needed(table, "kernel"), "kernel"))
    place = arrays_of(domain)
    texts = listed(needed(table, "targets"), "targets")
    targets = [target_of(text_of(t, "target"), domain, place) for t in texts]
    sizes = sizes_of(needed(table, "n"))
    rest = {name: table.get(name, 0) for name in ("ridge", "noise")}
    sampling = table.get("sampling")
    problems = tuple(
        problem(kernel, domain, targets, n, sampling=sampling, **rest) for n in sizes
    )
    trials = integer(table.get("trials", 3000), "trials", least=20, most=MAX_TRIALS)
    if trials % 2:
        raise OutOfDomain(
            f"trials = {trials} must be even: neighboring data sets make pairs"
        )
    statistics = _statistics(table, problems[0])
    claim = claim_about(table.get("theory", {}), problems, statistics)
    for p in problems:  # a theory without a root is named now
        claim.predict(p)
    offered = controls(problems[-1])
    wanted = several(table, "controls", offered, offered, empty=True)
    budget = table.get("budget", False)
    if not isinstance(budget, bool):
        raise OutOfDomain(f"budget = {budget!r} must be true or false")
    return RegressionSetting(
        title,
        problems,
        trials,
        statistics,
        margins_of(table, MARGINS),
        claim,
        wanted,
        budget,
    )


def _statistics(table: Table, first: RegressionProblem) -> tuple[str, ...]:
    names = several(table, "statistics", STATISTICS, DEFAULT_STATISTICS)
    for name in names:
        if name == "train_mse" and not first.ridge:
            raise OutOfDomain(
                "statistics: train_mse is 0 without a ridge; leave it out"
            )
        if name == "gradient" and first.pairs.gradient is None:
            raise OutOfDomain(f"statistics: {first.domain} has no gradient")
    return names
