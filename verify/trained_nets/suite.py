"""Every claim about trained nets, one after the other, in about two minutes."""

from dataclasses import replace

from verify.suites import Request
from verify.trained_nets import course, lazy, limit, widths
from verify.verdicts.report import Report

CLAIMS = (*lazy.CLAIMS, *widths.CLAIMS, *limit.CLAIMS)


def run(request: Request) -> list[Report]:
    """One report for each claim; sample sizes are fixed, as margins are."""
    request = replace(request, examples=None)
    reports = []
    total = len(CLAIMS) + len(course.LEVELS)
    tell = request.progress or (lambda *_: None)
    for index, claim in enumerate(CLAIMS):
        tell(index, total, claim.name)
        reports.append(claim.report(request))
    for index, level in enumerate(course.LEVELS):
        tell(len(CLAIMS) + index, total, f"the loss of parity:{level} at every step")
        reports += course.course_reports(level, request)
    tell(total, total, "")
    return reports
