"""Measured against predicted, statistic by statistic, and the wrong theories beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from verify.regression.comparison.claim import TheoryClaim, controls
from verify.regression.comparison.specification import RegressionSetting
from verify.regression.measured import BY_DATA_SET, Measured
from verify.regression.regression_problem import RegressionProblem
from verify.verdicts.agreement import Agreement, agreement, summary, told_apart
from verify.verdicts.intervals import (
    Interval,
    bootstrap_interval,
    student_interval,
    trials_for,
)
from verify.verdicts.verdict import Verdict, combine

SYMMETRIC = ("learnability", "constant", "learned")
"""Statistics whose mean Student's interval covers; the others are skewed."""
SMALLEST = 1e-6
Key = tuple[int, str, int]
"""Which n (by row), which statistic, which target."""


@dataclass(frozen=True)
class Judged:
    """A setting's comparisons, with the intervals they rest on.

    Attributes
    ----------
    intervals, agreements
        By (row of n, statistic, target).
    controls
        Name → agreements of that wrong theory.
    """

    setting: RegressionSetting
    intervals: Mapping[Key, Interval]
    agreements: Mapping[Key, Agreement]
    controls: Mapping[str, Mapping[Key, Agreement]]

    def of(self, statistic: str) -> dict[Key, Agreement]:
        """The agreements of one statistic."""
        return {k: a for k, a in self.agreements.items() if k[1] == statistic}

    def told_apart(self, name: str) -> list[Key]:
        """Where a wrong theory is refuted and the right one confirmed."""
        return told_apart(self.agreements, self.controls[name])

    def words(self, statistic: str) -> str:
        """The verdict of every target's curve, in words."""
        texts = []
        for target, goal in enumerate(self.setting.problems[0].targets):
            rows = [
                a.verdict
                for (_, _, number), a in self.of(statistic).items()
                if number == target
            ]
            if rows:
                name = "" if statistic in BY_DATA_SET else f"target {goal}: "
                texts.append(name + summary(self.setting.sizes, rows))
        return "; ".join(texts)

    def verdict(self, statistic: str) -> Verdict:
        """The verdict on a statistic."""
        return combine(a.verdict for a in self.of(statistic).values())


def judge(setting: RegressionSetting, measured: tuple[Measured, ...]) -> Judged:
    """Compare what was measured with what is claimed, and with what is wrong.

    Parameters
    ----------
    setting
        Statistics, margins, the theory, and the controls.
    measured
        One for each n.
    """
    intervals: dict[Key, Interval] = {}
    for row, found in enumerate(measured):
        for name in setting.statistics:
            for target in _targets(setting, name):
                values = found.values(name, target)
                make = student_interval if name in SYMMETRIC else bootstrap_interval
                intervals[row, name, target] = make(values)
    right = _agreements(setting, setting.theory, intervals)
    wrong = {}
    for name in setting.controls:
        claims = [_control(p, name) for p in setting.problems]
        wrong[name] = _agreements(setting, claims, intervals)
    return Judged(setting, intervals, right, wrong)


def _control(asked: RegressionProblem, name: str) -> TheoryClaim:
    """A wrong claim; the right one at n = M, where no draw is wrong."""
    return controls(asked, repeated=0.0).get(name, TheoryClaim())


def _targets(setting: RegressionSetting, statistic: str) -> range:
    count = len(setting.problems[0].targets)
    return range(1 if statistic in BY_DATA_SET else count)


def _agreements(
    setting: RegressionSetting,
    claim: TheoryClaim | list[TheoryClaim],
    intervals: Mapping[Key, Interval],
) -> dict[Key, Agreement]:
    many = len(setting.problems)
    listed = claim if isinstance(claim, list) else [claim] * many
    said = [c.predict(p) for c, p in zip(listed, setting.problems, strict=True)]
    found = {}
    for (row, name, target), interval in intervals.items():
        own = listed[row].values.get(name)
        value = said[row].value(name, target) if own is None else own[row][target]
        smallest = _smallest(setting, name, target)
        margin = setting.margins[name]
        found[row, name, target] = against(interval, name, value, margin, smallest)
    return found


def _smallest(setting: RegressionSetting, name: str, target: int) -> float:
    """Below a millionth of the labels' mean square an error is rounding."""
    first = setting.problems[0]
    if name in BY_DATA_SET:
        return 0.0
    return SMALLEST * (first.targets[target].power + float(first.noise))


def needed(setting: RegressionSetting, pilot: tuple[Measured, ...]) -> dict[Key, int]:
    """Data sets that would confirm an exact theory within the margins, from a pilot.

    The pilot's data sets are not used again.
    """
    found = {}
    for row, measured in enumerate(pilot):
        for name in setting.statistics:
            for target in _targets(setting, name):
                values = measured.values(name, target)
                # bias and variance have one value for each pair of data sets
                each = measured.trials / len(values)
                # of what is measured: the theory may be far off
                least = _smallest(setting, name, target)
                unit = max(abs(float(values.mean())), least)
                unit = 1.0 if name == "learnability" else unit
                margin = float(setting.margins[name]) * unit
                spread = float(values.std(ddof=1))
                count = trials_for(spread, margin) if spread > 0 and margin else 2
                found[row, name, target] = int(count * each)
    return found


def against(
    interval: Interval,
    statistic: str,
    predicted: float,
    margin: Fraction,
    smallest: float = 0.0,
) -> Agreement:
    """Judge a measured mean: the learnability as it is, all else relative to theory.

    Examples
    --------
    >>> found = student_interval([1.01, 0.99, 1.02, 0.98])
    >>> print(against(found, "test_mse", 1.0, Fraction(1, 10)).verdict)
    confirmed
    """
    return agreement(
        interval,
        predicted,
        float(margin),
        relative=statistic != "learnability",
        smallest=smallest,
    )


def gap_text(statistic: str, gap: float, places: int = 2) -> str:
    """A difference in words.

    Examples
    --------
    >>> gap_text("test_mse", 0.0125), gap_text("learnability", -0.01)
    ('+1.25 %', '-0.0100')
    """
    if statistic == "learnability":
        return f"{gap:+.4f}"
    return f"{100 * gap:+.{places}f} %"


def margin_text(name: str, margin: Fraction) -> str:
    """A margin in words.

    Examples
    --------
    >>> margin_text("test_mse", Fraction(1, 20)), margin_text("learnability", Fraction(1, 100))
    ('5 %', '0.01')
    """
    if name == "learnability":
        return f"{float(margin):g}"
    return f"{100 * float(margin):g} %"
