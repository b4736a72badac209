"""Every mutant of every formula must be refuted; a survivor must be explained.

Explanations live in ``verify/mutants.toml``: a mutant that is equal to the original, or
one that no second way can tell from it, each with its reason. A survivor without a
reason refutes the claim, and so does a formula that no judge knows.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, resources
from pkgutil import walk_packages
from time import perf_counter
from typing import Any

import theory
from theory.errors import Disagreement, EngineError
from theory.formula import Formula, formulas
from verify.exact.choices import seeded
from verify.exact.law import Finding, Law, Progress, examine
from verify.mutants.mutate import Mutant, mutants
from verify.mutants.registry import Judge, judges_of
from verify.report import Report
from verify.verdict import Verdict

BROKEN = (ArithmeticError, ValueError, TypeError, KeyError, IndexError, EngineError)


def all_formulas() -> list[Formula]:
    """Every formula of ``theory``, also of modules that nothing has imported yet."""
    for module in walk_packages(theory.__path__, "theory."):
        import_module(module.name)
    return list(formulas.values())


def explanations() -> dict[str, str]:
    """Names of mutants, and of formulas without a judge, with the reason."""
    text = resources.files("verify").joinpath("mutants.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return {row["mutant"]: row["reason"] for row in table.get("survivor", [])} | {
        row["formula"]: row["reason"] for row in table.get("unjudged", [])
    }


@dataclass(frozen=True)
class Trial:
    """The judges of one formula, on cases that all its mutants share."""

    formula: Formula
    judges: tuple[Judge, ...]
    examples: int
    seed: int

    @cached_property
    def cases(self) -> list[list[Any]]:
        """For each judge, the cases that its law builds."""
        found = []
        for make in self.judges:
            law = make(self.formula)
            choose = (seeded(self.seed, k, law.name) for k in range(self.examples))
            found.append([law.build(choices) for choices in choose])
        return found

    def refutes(self, mutant: Mutant) -> bool:
        """Whether some judge refutes it; what cannot be evaluated is wrong."""
        return any(finding.failure for finding in self._findings(mutant.formula))

    def _findings(self, formula: Formula) -> Iterator[Finding]:
        for make, cases in zip(self.judges, self.cases, strict=True):
            try:
                law: Law = make(formula)
            except BROKEN as error:
                yield Finding(failure=f"cannot be built: {error!r}")
                return
            for case in cases:
                try:
                    yield law.test(case)
                except Disagreement as error:
                    yield Finding(checks=0, undecided=str(error))
                except BROKEN as error:
                    yield Finding(failure=f"cannot be evaluated: {error!r}")


def examine_formula(
    formula: Formula, examples: int, seed: int, explained: Mapping[str, str]
) -> Report:
    """Confirm the formula by all of its judges, and refute all of its mutants."""
    start = perf_counter()
    name, says = f"mutants/{formula.name}", f"every mutant of {formula.name} is refuted"
    judges = tuple(judges_of(formula.name))
    if not judges:
        reason = explained.get(formula.name, "")
        verdict = Verdict.INCONCLUSIVE if reason else Verdict.REFUTED
        return Report(
            says,
            verdict,
            0,
            name,
            seed=seed,
            reason=reason or "no judge: nobody knows a second way to this formula",
        )
    for make in judges:
        own = examine(make(formula), examples, seed)
        if own.verdict is not Verdict.CONFIRMED:
            return Report(
                f"{formula.name} itself is confirmed by its judges",
                own.verdict,
                own.checks,
                name,
                seed=seed,
                counterexample=own.counterexample,
                reason=own.reason,
            )
    trial = Trial(formula, judges, examples, seed)
    listed = list(mutants(formula))
    survivors = [mutant.name for mutant in listed if not trial.refutes(mutant)]
    unexplained = [mutant for mutant in survivors if mutant not in explained]
    return Report(
        says,
        Verdict.REFUTED if unexplained else Verdict.CONFIRMED,
        len(listed) - len(survivors),
        name,
        effect=f"{len(listed)} mutants, {len(survivors)} survivors, "
        f"{len(survivors) - len(unexplained)} of them explained",
        seed=seed,
        seconds=perf_counter() - start,
        reason="; ".join(unexplained and ["unexplained survivors:", *unexplained]),
    )


def check_mutants(
    examples: int = 40, seed: int = 0, progress: Progress | None = None
) -> list[Report]:
    """The reports on the mutants of all formulas.

    Parameters
    ----------
    examples
        Cases that a mutant must survive to count as a survivor.
    seed
        The same seed tries the same cases.
    progress
        Called with (done, total, name).
    """
    listed, explained, reports = all_formulas(), explanations(), []
    for done, formula in enumerate(listed):
        if progress:
            progress(done, len(listed), f"mutants/{formula.name}")
        reports.append(examine_formula(formula, examples, seed, explained))
    if progress:
        progress(len(listed), len(listed), "mutants")
    return reports
