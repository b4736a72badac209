"""What is compared, as a TOML file that is checked before anything runs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from theory import OutOfDomain, domains, kernels
from theory.numbers import integer, rational
from verify.regression.comparison.candidate_theory import (
    BELIEFS,
    Belief,
    controls,
    read_belief,
)
from verify.regression.comparison.toml_fields import known, listed, needed, text_of
from verify.regression.domain_arrays import place_of
from verify.regression.measured import BY_DATA_SET, BY_TARGET
from verify.regression.regression_problem import RegressionProblem, problem
from verify.regression.targets import read_target

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
class Setting:
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
        What theory believes; ours by default.
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
    theory: Belief = field(default_factory=Belief)
    controls: tuple[str, ...] = ()
    budget: bool = False

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The values of n."""
        return tuple(p.n for p in self.problems)

    @property
    def description(self) -> dict[str, Any]:
        """Everything that decides the reports, as plain data."""
        belief = {name: str(getattr(self.theory, name)) for name in BELIEFS}
        return {
            "name": self.name,
            "problems": [p.description for p in self.problems],
            "trials": self.trials,
            "statistics": self.statistics,
            "margins": {name: str(self.margins[name]) for name in self.statistics},
            "theory": belief,
            "controls": self.controls,
            "budget": self.budget,
        }


def load(path: Path | None = None) -> tuple[Setting, ...]:
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
    if path is None:
        text = (
            files("verify.regression.comparison")
            .joinpath("default.toml")
            .read_text("utf-8")
        )
        return read(text, "default.toml")
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        msg = f"specification {path} cannot be read: {reason}"
        raise OutOfDomain(msg) from None
    return read(text, str(path))


def read(text: str, name: str) -> tuple[Setting, ...]:
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
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"specification {name} is not TOML: {error}"
        raise OutOfDomain(msg) from None
    known(data, ("problem",), f"specification {name}")
    tables = data.get("problem")
    if not isinstance(tables, list) or not tables:
        msg = f"specification {name}: one or more tables [[problem]] are needed"
        raise OutOfDomain(msg)
    settings = []
    for index, table in enumerate(tables, start=1):
        if not isinstance(table, Mapping):
            msg = f"specification {name}, [[problem]] number {index} must be a table"
            raise OutOfDomain(msg)
        title = str(table.get("name", f"problem {index}"))
        where = f"specification {name}, {title}"
        known(table, KEYS, where)
        try:
            settings.append(_setting(table, title))
        except OutOfDomain as error:
            msg = f"{where}: {error}"
            raise OutOfDomain(msg) from None
    titles = [s.name for s in settings]
    for title in titles:
        if titles.count(title) > 1:
            msg = f"specification {name}: two problems are called {title!r}"
            raise OutOfDomain(msg)
    return tuple(settings)


def _setting(table: Mapping[str, Any], title: str) -> Setting:
    domain = domains.parse(text_of(needed(table, "domain"), "domain"))
    kernel = kernels.parse(text_of(needed(table, "kernel"), "kernel"))
    place = place_of(domain)
    texts = listed(needed(table, "targets"), "targets")
    targets = [read_target(text_of(t, "target"), domain, place) for t in texts]
    sizes = [integer(n, "n", least=1) for n in listed(needed(table, "n"), "n")]
    if sizes != sorted(set(sizes)):
        msg = f"n = {sizes} must be different numbers, rising"
        raise OutOfDomain(msg)
    rest = {name: table.get(name, 0) for name in ("ridge", "noise")}
    sampling = table.get("sampling")
    problems = tuple(
        problem(kernel, domain, targets, n, sampling=sampling, **rest) for n in sizes
    )
    trials = integer(table.get("trials", 3000), "trials", least=20, most=MAX_TRIALS)
    if trials % 2:
        msg = f"trials = {trials} must be even: neighboring data sets make pairs"
        raise OutOfDomain(msg)
    statistics = _statistics(table, problems[0])
    margins = dict(MARGINS)
    given = table.get("margins", {})
    known(given, STATISTICS, "margins")
    for name, value in given.items():
        exact = rational(value, f"margins.{name}", positive=True)
        margins[name] = Fraction(int(exact.p), int(exact.q))
    belief = read_belief(table.get("theory", {}), problems, statistics)
    for p in problems:  # a theory without a root is named now
        belief.predict(p)
    offered = controls(problems[-1])
    wanted = listed(table.get("controls", list(offered)), "controls", empty=True)
    for name in wanted:
        if name not in offered:
            msg = f"controls: unknown {name!r} (known here: {', '.join(offered)})"
            raise OutOfDomain(msg)
    budget = table.get("budget", False)
    if not isinstance(budget, bool):
        msg = f"budget = {budget!r} must be true or false"
        raise OutOfDomain(msg)
    return Setting(
        title, problems, trials, statistics, margins, belief, tuple(wanted), budget
    )


def _statistics(table: Mapping[str, Any], first: RegressionProblem) -> tuple[str, ...]:
    names = listed(table.get("statistics", list(DEFAULT_STATISTICS)), "statistics")
    for name in names:
        if name not in STATISTICS:
            msg = f"statistics: unknown {name!r} (known: {', '.join(STATISTICS)})"
            raise OutOfDomain(msg)
        if name == "train_mse" and not first.ridge:
            msg = "statistics: train_mse is 0 without a ridge; leave it out"
            raise OutOfDomain(msg)
        if name == "gradient" and first.pairs.gradient is None:
            msg = f"statistics: {first.domain} has no gradient"
            raise OutOfDomain(msg)
    return tuple(names)
