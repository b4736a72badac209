"""The conservation law: Σ L_i = n on every single data set, and what it needs."""

from verify.exact.laws import filters, least_squares
from verify.exact.laws.conservation import check_conservation
from verify.exact.testing.law import EXAMPLES, examine
from verify.storage.journal import open_journal
from verify.suites import Request
from verify.verdicts.report import Report


def run(request: Request) -> list[Report]:
    """Reports on the law in ℚ, for every kind of kernel, ridge and basis."""
    cases, seed, say = request.examples or EXAMPLES, request.seed, request.progress
    journal = open_journal(request.journal)
    reports = check_conservation(cases, seed, say, journal=journal)
    return reports + [
        examine(law, cases, seed, say, journal)
        for law in [*least_squares.laws(), *filters.laws()]
    ]
