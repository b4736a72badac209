"""Theorems, definitions and closed forms, each against an independent second way."""

from verify.exact.laws import closed_forms, definitions, engine, implicit_equation
from verify.exact.laws.beliefs import refute_all
from verify.exact.laws.theorems import laws
from verify.exact.testing.law import EXAMPLES, examine
from verify.formulas.suite import all_formulas, judges_of
from verify.storage.journal import open_journal
from verify.suites import Request
from verify.verdicts.report import Report

MOST_SUMS = 20
"""Cases of claims that sum over all data sets: each is a thousand regressions."""


def run(request: Request) -> list[Report]:
    """Reports on exact statements, and counterexamples to beliefs that are false."""
    cases, seed, say = request.examples or EXAMPLES, request.seed, request.progress
    journal = open_journal(request.journal)
    listed = laws() + implicit_equation.laws()
    for formula in all_formulas():
        listed += [make(formula) for make in judges_of(formula.name)]
    reports = [examine(law, cases, seed, say, journal) for law in listed]
    few = min(cases, MOST_SUMS)
    found = engine.laws() + definitions.laws() + closed_forms.laws()
    found.append(implicit_equation.square_law())
    reports += [examine(law, few, seed, say, journal) for law in found]
    return reports + refute_all(seed, say)
