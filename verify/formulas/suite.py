"""Every mutant of every formula must be refuted; a survivor must be explained.

Explanations live in ``verify/formulas/mutants.toml``: a mutant that is equal to the
original, or one that no second way can tell from it, each with its reason. A survivor
without a reason refutes the claim, and so does a formula that no judge knows.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module, resources
from pkgutil import walk_packages
from time import perf_counter
from typing import Any

import theory
from theory.errors import Disagreement, EngineError
from theory.formula import Formula, formulas
from theory.statistics.registry import STATISTICS, unbounded
from verify.exact.testing.choices import seeded
from verify.exact.testing.law import Law, Outcome, Progress, examine
from verify.formulas.mutate import Mutant, mutants
from verify.formulas.registry import Judge, judges_of
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

LAST_CHANCE = 400
BROKEN = (ArithmeticError, ValueError, TypeError, KeyError, IndexError, EngineError)


def all_formulas() -> list[Formula]:
    """Every formula of ``theory``, also of modules that nothing has imported yet.

    The limits of registered statistics are formulas too. One that is ∞, 0 or 1 has no
    mutants worth a judge: every multiple of ∞ and every power of 1 is the same.
    """
    for module in walk_packages(theory.__path__, "theory."):
        import_module(module.name)
    limits = [x for row in STATISTICS.rows() for x in row.limits()]
    return [
        *formulas.values(),
        *(x for x in limits if not (x.rhs.is_number or x.rhs.has(unbounded))),
    ]


def explanations() -> dict[str, str]:
    """Names of mutants, and of formulas without a judge, with the reason."""
    text = (
        resources.files("verify.formulas").joinpath("mutants.toml").read_text("utf-8")
    )
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
    _built: dict[tuple[int, int], Any] = field(default_factory=dict)

    def case(self, law: Law, place: int, number: int) -> Any:
        """Case ``number`` of a judge, built when it is first needed."""
        if (place, number) not in self._built:
            choices = seeded(self.seed, number, law.name)
            self._built[place, number] = law.build(choices)
        return self._built[place, number]

    def refutes(self, mutant: Mutant, cases: int = 0) -> bool:
        """Whether some judge refutes it; what cannot be evaluated is wrong."""
        findings = self._findings(mutant.formula, max(cases, self.examples))
        return any(finding.failure for finding in findings)

    def _findings(self, formula: Formula, cases: int) -> Iterator[Outcome]:
        for place, make in enumerate(self.judges):
            try:
                law = make(formula)
            except BROKEN as error:
                yield Outcome(failure=f"cannot be built: {error!r}")
                return
            for number in range(cases):
                case = self.case(law, place, number)
                try:
                    yield law.test(case)
                except Disagreement as error:
                    yield Outcome(checks=0, undecided=str(error))
                except BROKEN as error:
                    yield Outcome(failure=f"cannot be evaluated: {error!r}")


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
    survivors = [mutant for mutant in listed if not trial.refutes(mutant)]
    known = [mutant for mutant in survivors if mutant.name in explained]
    unexplained = [
        mutant.name
        for mutant in survivors
        if mutant.name not in explained and not trial.refutes(mutant, LAST_CHANCE)
    ]
    return Report(
        says,
        Verdict.REFUTED if unexplained else Verdict.CONFIRMED,
        len(listed) - len(known) - len(unexplained),
        name,
        effect=f"{len(listed)} mutants, {len(known) + len(unexplained)} survivors, "
        f"{len(known)} of them explained",
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
        Cases that every mutant meets; one that survives them meets 400.
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
