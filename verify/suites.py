"""Everything that ``learnability verify`` can run, by name.

A suite is a module with a function ``run(request) -> list[Report]``. Its row here says
which options it reads; an option that it would ignore is refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from theory.errors import OutOfDomain, meant
from verify.verdicts.report import Report

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What a suite is asked for.

    Attributes
    ----------
    examples
        Random cases for each claim, or None for the suite's own number.
    seed
        The same seed tests the same cases.
    progress
        Called with (done, total, what is being tested).
    journal
        A file in which finished work is kept.
    specification
        A TOML file that says what is tested, in place of the suite's own.
    device
        Where nets are trained: ``cpu``, ``gpu`` or ``gpu:1``.
    environment
        The folder of an outside oracle's environment; built there if it is missing.
    part_of_all
        Whether the suite runs as one of all: then nothing is downloaded for it.
    """

    examples: int | None = None
    seed: int = 0
    progress: Progress | None = None
    journal: Path | None = None
    specification: Path | None = None
    device: str | None = None
    environment: Path | None = None
    part_of_all: bool = False

    def given(self) -> set[str]:
        """Names of the options that were given; every suite reads a seed.

        Examples
        --------
        >>> Request(examples=3, seed=7).given()
        {'examples'}
        """
        names = ("examples", "journal", "specification", "device", "environment")
        return {name for name in names if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True)
class Suite:
    """Where a suite lives and which options it reads."""

    module: str
    title: str
    reads: frozenset[str] = frozenset()

    def run(self, request: Request) -> list[Report]:
        """The suite's reports; its module is loaded now."""
        return import_module(self.module).run(request)


_EXACT = frozenset({"examples", "journal"})

SUITES: dict[str, Suite] = {
    "conservation": Suite(
        "verify.exact.suites.conservation", "the conservation law, in ℚ", _EXACT
    ),
    "theorems": Suite(
        "verify.exact.suites.theorems", "exact theorems and definitions", _EXACT
    ),
    "mutants": Suite(
        "verify.exact.suites.mutants",
        "every formula broken on purpose",
        frozenset({"examples"}),
    ),
    "floats": Suite(
        "verify.floats.suite",
        "float64 and JAX kernels against 60 digits, entry by entry",
        frozenset({"examples"}),
    ),
    "regression": Suite(
        "verify.regression.comparison.suite",
        "theory against regression on sampled data sets",
        frozenset({"journal", "specification"}),
    ),
    "training": Suite(
        "verify.regression.training.suite",
        "training rules at every time, and online gradient descent",
        frozenset({"examples"}),
    ),
    "features": Suite(
        "verify.regression.features.suite",
        "random features at every width, with the parts of their variance",
        frozenset({"examples"}),
    ),
    "networks": Suite(
        "verify.trained_nets.suite",
        "trained nets: exact laws, widths, the limit",
        frozenset({"device"}),
    ),
    "data": Suite(
        "verify.data.suite",
        "spectra of data against regression on held-out points",
        frozenset({"journal", "specification"}),
    ),
    "oracle": Suite(
        "verify.oracles.suite",
        "kernels against neural-tangents, in an environment of its own",
        frozenset({"environment"}),
    ),
}


def run(suite: str = "all", request: Request | None = None) -> list[Report]:
    """The reports of a suite, or of all of them.

    Parameters
    ----------
    suite
        A name in ``SUITES``, or ``all``.
    request
        Options; every suite's own by default.

    Raises
    ------
    OutOfDomain
        When there is no such suite, an option is out of range, or a suite that was
        named does not read it.

    Examples
    --------
    >>> [report.name for report in run("conservation", Request(examples=2))][:2]
    ['conservation/definite', 'conservation/ridge']
    """
    asked = request or Request()
    chosen = names(suite)
    if asked.examples is not None and asked.examples < 1:
        raise OutOfDomain(f"examples = {asked.examples} must be at least 1")
    _refuse_unread(suite, chosen, asked)
    asked = replace(asked, part_of_all=suite == "all")
    reports: list[Report] = []
    for name in chosen:
        reports += SUITES[name].run(asked)
    return reports


def names(suite: str) -> list[str]:
    """The suites that a word stands for.

    Raises
    ------
    OutOfDomain
        When there is no such suite.
    """
    if suite == "all":
        return list(SUITES)
    if suite not in SUITES:
        raise OutOfDomain(
            f"suite {suite!r} is unknown (known: {', '.join(SUITES)}, all)"
            f"{meant(suite, SUITES)}"
        )
    return [suite]


def _refuse_unread(suite: str, chosen: Iterable[str], asked: Request) -> None:
    read = frozenset().union(*(SUITES[name].reads for name in chosen))
    if suite == "all":
        read -= {"specification"}  # it is about one suite: which one?
    unread = sorted(asked.given() - read)
    if unread:
        name = unread[0]
        who = ", ".join(key for key, row in SUITES.items() if name in row.reads)
        raise OutOfDomain(
            f"suite {suite!r} does not read --{name} (it is for: {who or 'none'})"
        )
