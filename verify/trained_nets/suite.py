"""Every claim about trained nets, one after the other, in about two minutes."""

from dataclasses import replace

from verify.suites import Request
from verify.trained_nets import lazy, limit, widths
from verify.verdicts.report import Report

CLAIMS = (*lazy.CLAIMS, *widths.CLAIMS, *limit.CLAIMS)


def run(request: Request) -> list[Report]:
    """One report for each claim; sample sizes are fixed, as margins are."""
    request = replace(request, examples=None)
    reports = []
    for index, claim in enumerate(CLAIMS):
        if request.progress is not None:
            request.progress(index, len(CLAIMS), claim.name)
        reports.append(claim.report(request))
    if request.progress is not None:
        request.progress(len(CLAIMS), len(CLAIMS), "")
    return reports
