"""Theory against Monte-Carlo regression: margins, controls, honest errors, a budget."""

import hashlib
import json
from time import monotonic
from typing import Any

from theory import OutOfDomain
from verify.regression.budget import Budget, regression_budget
from verify.regression.comparison import checks
from verify.regression.comparison.judging import (
    Judged,
    gap_text,
    judge,
    margin_text,
    needed,
)
from verify.regression.comparison.specification import RegressionSetting, load
from verify.regression.measured import BY_DATA_SET, Measured
from verify.regression.simulation import simulate
from verify.storage.journal import Journal, open_journal
from verify.suites import Request
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

PILOT = 100
APART = 10**9
"""Seeds of pilots, checks and budgets lie this far from those that are judged."""
BUDGET_TRIALS = 1000
WORDS = {
    "learnability": "the learnability",
    "bias": "the bias",
    "variance": "the variance",
    "test_mse": "the test MSE",
    "train_mse": "the train MSE",
    "gradient": "the mean squared gradient",
    "constant": "C, measured as 1/tr (K + δ)⁻¹,",
    "learned": "the sum of all learnabilities",
}


def run(request: Request) -> list[Report]:
    """Reports on every setting of the specification, then on the tests themselves.

    Raises
    ------
    OutOfDomain
        When the specification is malformed, or its margins need more data sets than it
        has: the message says how many. Nothing has been compared by then.
    """
    settings = load(request.specification)
    journal = open_journal(request.journal)
    progress = _Progress(request, settings)
    if request.specification is not None:
        for setting in settings:
            _refuse_hopeless(setting, request.seed)
    reports: list[Report] = []
    for setting in settings:
        reports += _setting(setting, request.seed, journal, progress)
    return reports + _calibration(request.seed, journal, progress)


class _Progress:
    """Data sets done and in all, over every setting."""

    def __init__(
        self, request: Request, settings: tuple[RegressionSetting, ...]
    ) -> None:
        self.tell = request.progress
        self.total = sum(s.trials * len(s.problems) for s in settings) + 1
        self.done = 0

    def inside(self, name: str) -> Any:
        def say(done: int, total: int, what: str) -> None:
            del total
            if self.tell is not None:
                self.tell(self.done + done, self.total, f"{name}: {what}")

        return say

    def other(self, what: str) -> None:
        if self.tell is not None:
            self.tell(self.done, self.total, what)


def _refuse_hopeless(setting: RegressionSetting, seed: int) -> None:
    """Say before the run which margin its data sets cannot resolve."""
    pilot = tuple(simulate(p, PILOT, seed + APART) for p in setting.problems)
    worst = max(needed(setting, pilot).items(), key=lambda item: item[1])
    (row, name, target), count = worst
    # a pilot knows a spread within some tens of percent
    if count > 2 * setting.trials:
        where = f"n = {setting.sizes[row]}"
        if name not in BY_DATA_SET:
            where += f", target {setting.problems[0].targets[target]}"
        margin = margin_text(name, setting.margins[name])
        raise OutOfDomain(
            f"{setting.name}: trials = {setting.trials} cannot resolve margins.{name} = "
            f"{margin} at {where}; about {count} data sets could: raise trials or the "
            "margin"
        )


def _setting(
    setting: RegressionSetting, seed: int, journal: Journal | None, progress: _Progress
) -> list[Report]:
    """The reports of one setting; all of them at once come from the journal."""
    text = json.dumps([setting.description, seed], sort_keys=True)
    key = f"regression:{hashlib.sha256(text.encode()).hexdigest()[:24]}"
    kept = None if journal is None else journal.reports(key)
    if kept is not None:
        progress.done += setting.trials * len(setting.problems)
        return kept
    reports = _compute(setting, seed, progress)
    if journal is not None:
        journal.finish_all(key, reports)
    return reports


def _compute(
    setting: RegressionSetting, seed: int, progress: _Progress
) -> list[Report]:
    start = monotonic()
    measured = []
    for asked in setting.problems:
        say = progress.inside(setting.name)
        measured.append(simulate(asked, setting.trials, seed, progress=say))
        progress.done += setting.trials
    judged = judge(setting, tuple(measured))
    seconds = monotonic() - start
    reports = [
        _on_statistic(judged, name, measured, seed, seconds if not index else 0.0)
        for index, name in enumerate(setting.statistics)
    ]
    reports += [_on_control(judged, name, seed) for name in setting.controls]
    reports += _on_covariance(setting, measured[0], seed)
    reports.append(_on_test_points(setting, seed))
    if setting.budget:
        progress.other(f"{setting.name}: error budget")
        reports += _on_budget(setting, seed)
    return reports


def _on_statistic(
    judged: Judged, name: str, measured: list[Measured], seed: int, seconds: float
) -> Report:
    setting = judged.setting
    found = judged.of(name)
    worst = max(found.values(), key=lambda a: abs(a.difference))
    detectable = max(a.detectable for a in found.values())
    effect = (
        f"largest gap {gap_text(name, worst.difference)} ± "
        f"{gap_text(name, worst.error)[1:]}, "
        f"detectable from {gap_text(name, detectable)[1:]}"
    )
    verdict = judged.verdict(name)
    reason = judged.words(name)
    if name == setting.statistics[0]:
        reason += f"; {measured[0].beside()}"
    return Report(
        f"theory gives {WORDS[name]} of {_whose(setting)} within "
        f"{margin_text(name, setting.margins[name])}",
        verdict,
        checks=len(found),
        name=f"regression/{setting.name}/{name}",
        effect=effect,
        seed=seed,
        seconds=seconds,
        reason=reason,
    )


def _whose(setting: RegressionSetting) -> str:
    first = setting.problems[0]
    sizes = ", ".join(map(str, setting.sizes))
    extra = "".join(
        f", {word} {value}"
        for word, value in (("ridge", first.ridge), ("noise", first.noise))
        if value
    )
    drawn = first.sampling.replace("_", " ")
    return (
        f"{first.kernel} on {first.domain} (n = {sizes}{extra}, {drawn}, "
        f"{setting.trials} data sets)"
    )


def _on_control(judged: Judged, name: str, seed: int) -> Report:
    """A wrong theory that the same data refute where they confirm the right one."""
    where, setting = judged.told_apart(name), judged.setting
    rows = judged.controls[name]
    reason = ""
    if where:
        row, statistic, target = max(where, key=lambda k: abs(rows[k].difference))
        size = gap_text(statistic, rows[row, statistic, target].difference, 1)
        effect = f"{statistic} off by {size} at n = {setting.sizes[row]}"
        verdict = Verdict.CONFIRMED
    else:
        nearest = max(rows.values(), key=lambda a: abs(a.difference) / a.margin)
        verdict = Verdict.INCONCLUSIVE
        effect = f"largest gap {abs(nearest.difference) / nearest.margin:.1f} margins"
        reason = "these data sets and margins do not tell it from the theory"
    return Report(
        f"the wrong theory '{name}' is refuted where the right one is confirmed",
        verdict,
        checks=len(rows),
        name=f"regression/{setting.name}/control {name}",
        effect=effect,
        seed=seed,
        reason=reason,
    )


def _on_covariance(
    setting: RegressionSetting, measured: Measured, seed: int
) -> list[Report]:
    """Coefficients of two modes of a mixed target, which the diagonal formula parts."""
    said, reports = setting.theory.predict(measured.problem), []
    for target, goal in enumerate(measured.problem.targets):
        if len(goal.powers) != 2 or goal.values is not None:
            continue
        low, high = ((k, 0) for k in goal.powers)
        found = measured.covariance(low, high, target)
        value = said.covariance(low, high, target)
        nearer = abs(found.value - value) < abs(found.value)
        seen = abs(found.z(0.0)) > 4
        verdict = Verdict.CONFIRMED if nearer and seen else Verdict.INCONCLUSIVE
        if seen and not nearer:
            verdict = Verdict.REFUTED
        reports.append(
            Report(
                "coefficients of different modes fluctuate together, nearer to the "
                "formula with its rank-one piece than to the diagonal one",
                verdict,
                checks=2,
                name=f"regression/{setting.name}/covariance",
                effect=f"measured {found}, rank one {value:.3g}, diagonal 0",
                seed=seed,
                reason=f"target {goal}, n = {measured.problem.n}",
            )
        )
    return reports


def _on_test_points(setting: RegressionSetting, seed: int) -> Report:
    p, worst = checks.against_test_points(setting.problems[0], seed + APART)
    return Report(
        "test errors as integrals over the domain agree with errors on test points",
        Verdict.REFUTED if p < checks.SURE else Verdict.CONFIRMED,
        checks=checks.DATA_SETS,
        name=f"regression/{setting.name}/test points",
        effect=f"largest of {checks.DATA_SETS} deviations {worst:.1f} standard errors "
        f"of {checks.POINTS} points",
        seed=seed,
    )


def _on_budget(setting: RegressionSetting, seed: int) -> list[Report]:
    trials = min(setting.trials, BUDGET_TRIALS)
    budgets = regression_budget(setting.problems[0], trials, seed % 2**40 + 1)
    return [_one_budget(setting, budget, seed) for budget in budgets]


def _one_budget(setting: RegressionSetting, budget: Budget, seed: int) -> Report:
    return Report(
        f"the gap in {budget.statistic} of target {budget.target} is the sum of its parts",
        Verdict.CONFIRMED if budget.adds_up else Verdict.REFUTED,
        checks=len(budget.parts),
        name=f"regression/{setting.name}/budget",
        effect=f"gap − sum of parts {budget.z:.1f} standard errors",
        seed=seed,
        reason="\n    ".join(str(budget).splitlines()),
    )


def _calibration(
    seed: int, journal: Journal | None, progress: _Progress
) -> list[Report]:
    reports = []
    for name, test in checks.TESTS.items():
        progress.other(f"calibration: {name}")
        key = f"regression:calibration:{name}:{seed}"
        kept = None if journal is None else journal.report(key)
        if kept is None:
            start = monotonic()
            alarms, p = checks.false_alarms(test, seed)
            kept = Report(
                f"{name}: false alarms at 5 % under a null that is true come no more often",
                Verdict.REFUTED if p < checks.SURE else Verdict.CONFIRMED,
                checks=checks.EXPERIMENTS,
                name="regression/calibration",
                effect=f"{alarms} alarms in {checks.EXPERIMENTS} experiments",
                seed=seed,
                seconds=monotonic() - start,
            )
            if journal is not None:
                journal.finish(key, kept)
        reports.append(kept)
    return reports
