"""``verify oracle``: our kernels against neural-tangents, frozen and live."""

from collections.abc import Callable
from pathlib import Path

from verify.oracles import compare, frozen, tanh
from verify.oracles.cases import ACTIVATIONS, cases, inputs
from verify.oracles.environment import Environment, OracleUnavailable
from verify.suites import Request
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

LIVE = "the kernels that neural-tangents computes here and now are ours, to rounding"
Say = Callable[[int, int, str], None]


def run(request: Request) -> list[Report]:
    """Compare with the frozen table, then with the live oracle, built if need be.

    Where the oracle cannot be built or asked, its part is NOT RUN, with the reason.
    """
    say = request.progress or (lambda *_: None)
    reports = against_frozen(say)
    where = request.environment
    environment = Environment(Path(where)) if where else Environment.default()
    if request.part_of_all and not environment.is_ready:
        reason = (
            f"{environment.folder} holds no oracle; `learnability verify oracle` builds "
            "it (about 560 MB)"
        )
        return [*reports, Report.not_run(LIVE, "oracle/live", reason)]
    try:
        environment.build(say)
        return reports + against_live(environment, say)
    except OracleUnavailable as error:
        return [*reports, Report.not_run(LIVE, "oracle/live", str(error))]


def against_frozen(say: Say) -> list[Report]:
    """The comparison that needs no oracle: with the answers that it gave once."""
    out_of_date = frozen.stale()
    if out_of_date:
        claim = "the frozen table answers the question of this code"
        return [Report(claim, Verdict.REFUTED, 1, "oracle/frozen", reason=out_of_date)]
    return [*_compared("oracle/frozen", frozen.read(), say), tanh.weakness()]


def against_live(environment: Environment, say: Say) -> list[Report]:
    """The same with what the oracle says now, and whether both are one."""
    listed = cases()
    answers = environment.ask(frozen.question(listed))
    next(answers)
    collected = []
    for done, case in enumerate(listed):
        say(done, len(listed), f"neural-tangents: {case.name}")
        collected.append(next(answers, {"error": "the process ended"}))
    list(answers)
    live = frozen.gather(collected, listed)
    return [*_compared("oracle/live", live, say), frozen.agree(live, frozen.read())]


def _compared(name: str, answers: compare.Answers, say: Say) -> list[Report]:
    listed, x = cases(), inputs()
    reports = []
    for done, activation in enumerate(ACTIVATIONS):
        say(done, len(ACTIVATIONS), f"{name}: {activation.ours}")
        label = f"{name}/{activation.ours}"
        reports.append(compare.compare(label, activation, listed, answers, x))
    return [*reports, compare.controls(f"{name}/controls", listed, answers, x)]
