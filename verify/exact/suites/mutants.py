"""Every formula broken in every small way; each mutant must be refuted."""

from verify.exact.law import EXAMPLES
from verify.mutants.suite import check_mutants
from verify.report import Report
from verify.suites import Request

MOST_CASES = 200


def run(request: Request) -> list[Report]:
    """One report for each formula; a run takes seconds, so no journal is kept."""
    cases = min(request.examples or EXAMPLES, MOST_CASES)
    return check_mutants(cases, request.seed, request.progress)
