"""``verify data``: spectra of data against kernel regression on held-out points."""

from dataclasses import replace
from typing import Any

import numpy as np

from numerics.statistics.finite_population import PopulationPrediction
from verify.data.comparison import (
    DataSetting,
    controls,
    of_measured,
    of_prediction,
    refuse_what_has_no_root,
)
from verify.data.held_out import HeldOut
from verify.data.specification import load
from verify.regression.comparison.judging import against, gap_text, margin_text
from verify.regression.predicted import USUAL
from verify.storage.journal import open_journal
from verify.suites import Request
from verify.verdicts.agreement import Agreement, equivalence, summary, told_apart
from verify.verdicts.intervals import student_interval
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict, combine

SAMPLES = 48
WORDS = {
    "held_out_mse": "the error on held-out points",
    "learnability": "the learnability",
    "constant": "C, measured as 1/tr (K + δ)⁻¹,",
}
Measured = dict[int, HeldOut]


def run(request: Request) -> list[Report]:
    """Reports on every setting of the specification.

    Raises
    ------
    OutOfDomain
        When the specification or its data are wrong; nothing has been measured then.
    NotPositiveDefinite
        When a kernel matrix has a negative eigenvalue.
    """
    settings = load(request.specification)
    journal = open_journal(request.journal)
    say = request.progress or (lambda *_: None)
    total = 2 * len(settings)
    for done, setting in enumerate(settings):
        refuse_what_has_no_root(setting, lambda what, done=done: say(done, total, what))
    reports: list[Report] = []
    for done, setting in enumerate(settings, start=len(settings)):

        def tell(what: str, done: int = done, setting: DataSetting = setting) -> None:
            say(done, total, f"{setting.name}: {what}")

        key = f"data:{setting.digest}:{request.seed}"
        kept = None if journal is None else journal.reports(key)
        if kept is None:
            kept = compare(setting, request.seed, tell)
            if journal is not None:
                journal.finish_all(key, kept)
        reports += kept
    return reports


def compare(
    setting: DataSetting, seed: int, tell: Any = lambda _: None
) -> list[Report]:
    """The reports on one data set: each statistic, a smaller sample, the controls."""
    measured: Measured = {}
    for n in setting.sizes:
        tell(f"{setting.trials_at(n)} data sets of {n} points")
        measured[n] = setting.measured(n, seed)
    found = [_statistic(setting, name, measured, seed) for name in setting.statistics]
    if setting.sample:
        tell(f"{SAMPLES} smaller samples of {setting.sample} points")
        found.append(_smaller(setting, measured, seed))
    if setting.controls:
        found.append(_controls(setting, measured, seed, tell))
    return found


def agreements(
    setting: DataSetting, measured: Measured, prediction: PopulationPrediction
) -> dict[tuple[int, str], Agreement]:
    """Regression at every n that was measured against what was predicted there."""
    found = {}
    for statistic in setting.statistics:
        values = of_prediction(prediction, statistic)
        for n, value in zip(setting.sizes, values, strict=True):
            if n in measured:
                interval = student_interval(of_measured(measured[n], statistic))
                margin = setting.margins[statistic]
                found[n, statistic] = against(interval, statistic, float(value), margin)
    return found


def _size(statistic: str, gap: float) -> str:
    return gap_text(statistic, gap, 1)


def _place(setting: DataSetting) -> str:
    norms = "inputs of norm √d" if setting.norms == "equal" else "inputs of any norm"
    return f"{setting.kernel}, {norms}, δ = {setting.ridge}, M = {setting.data.size}"


def _statistic(
    setting: DataSetting, statistic: str, measured: Measured, seed: int
) -> Report:
    found = agreements(setting, measured, setting.predicted())
    judged = {n: found[n, statistic] for n in setting.sizes}
    inside = {n: a for n, a in judged.items() if n <= setting.claimed}
    worst = max(inside, key=lambda n: abs(inside[n].difference))
    detectable = max(a.detectable for a in inside.values())
    trials = min(setting.trials_at(n) for n in inside)
    verdict = combine(a.verdict for a in inside.values())
    effect = (
        f"largest difference {_size(statistic, inside[worst].difference)} ± "
        f"{_size(statistic, inside[worst].error).lstrip('+')} at n = {worst}; "
        f"{trials} data sets could detect {_size(statistic, detectable).lstrip('+')}"
    )
    lines = []
    if verdict is not Verdict.CONFIRMED:
        lines.append(summary(list(inside), [a.verdict for a in inside.values()]))
    if statistic == setting.statistics[0]:
        lines.append(_data(setting))
    beyond = [n for n in judged if n > setting.claimed]
    if beyond:
        lines.append(_beyond(setting, statistic, {n: judged[n] for n in beyond}))
    return Report(
        f"{WORDS[statistic]} is within "
        f"{margin_text(statistic, setting.margins[statistic])} of theory up to "
        f"n = {max(inside)} ({_place(setting)})",
        verdict,
        len(inside),
        name=f"data/{setting.name}/{statistic}",
        effect=effect,
        seed=seed,
        reason="; ".join(lines),
    )


def _data(setting: DataSetting) -> str:
    """What a reader should know of the data and of their kernel matrix."""
    s, data = setting.spectrum, setting.data
    delta = float(setting.ridge) / s.size
    low, high = float(s.eigenvalues[-1]) + delta, float(s.eigenvalues[0]) + delta
    condition = f"{high / low:.1e}" if low > 0 else "infinite"
    middle = float(np.median(s.localization))
    parts = [
        *data.remarks,
        f"rank {s.rank} of {s.size}",
        f"condition of K + δ {condition}",
        f"mean of φ⁴ {middle:.0f} for the median mode (3 if Gaussian)",
    ]
    if len(data.target_names) > 1:
        parts.append(f"averaged over {len(data.target_names)} targets")
    return ", ".join(parts)


def _beyond(setting: DataSetting, statistic: str, judged: dict[int, Agreement]) -> str:
    """What is measured where nothing is claimed: near n = M the theory is biased."""
    parts = [
        f"{_size(statistic, a.difference)} ± {_size(statistic, a.error).lstrip('+')} at "
        f"n = {n} ({a.samples} data sets)"
        for n, a in judged.items()
    ]
    text = f"not claimed near n = M, where theory is known to be biased: {', '.join(parts)}"
    if setting.ridge and setting.theory.equation != USUAL:
        usual = replace(setting.theory, equation=USUAL)
        other = of_prediction(setting.predicted(usual), statistic)[-1]
        ours = of_prediction(setting.predicted(), statistic)[-1]
        last = judged[max(judged)].difference
        unit = 1.0 if statistic == "learnability" else ours
        mean = ours + last * unit
        gap = mean - other if statistic == "learnability" else mean / other - 1
        text += f"; the usual equation there: {_size(statistic, gap)}"
    return text


def _smaller(setting: DataSetting, measured: Measured, seed: int) -> Report:
    """The held-out error that some of the points predict, from random samples of them."""
    sizes = [n for n in setting.sizes if n <= min(setting.claimed, setting.sample // 2)]
    name = f"data/{setting.name}/smaller sample"
    margin = margin_text("held_out_mse", setting.margins["held_out_mse"])
    count = min([SAMPLES, *(len(measured[n].distinct) for n in sizes)])
    claim = (
        f"{setting.sample} of the points predict the error on held-out points within "
        f"{margin} (mean of {count} such samples)"
    )
    if not sizes:
        reason = "no n of the grid is at most half the sample"
        return Report(claim, Verdict.INCONCLUSIVE, 0, name=name, reason=reason)
    whole = setting.claimed_spectrum(setting.theory)
    rows = []
    for number in range(count):
        part = whole.subsample(setting.sample, seed=seed + 1 + number)
        values = of_prediction(setting.predicted(spectrum=part), "held_out_mse")
        rows.append(values[: len(sizes)])
    guessed = np.array(rows)
    judged = []
    for column, n in enumerate(sizes):
        errors = of_measured(measured[n], "held_out_mse")
        parts = np.array([part.mean() for part in np.array_split(errors, count)])
        differences = parts / guessed[:, column].mean() - guessed[:, column] / (
            guessed[:, column].mean()
        )
        judged.append(equivalence(differences, float(setting.margins["held_out_mse"])))
    verdict = combine(a.verdict for a in judged)
    worst = max(range(len(sizes)), key=lambda k: abs(judged[k].difference))
    spread = float(np.max(guessed.std(axis=0, ddof=1) / guessed.mean(axis=0)))
    said = summary(sizes, [a.verdict for a in judged])
    return Report(
        claim,
        verdict,
        len(sizes),
        name=name,
        effect=(
            f"largest difference {100 * judged[worst].difference:+.1f} ± "
            f"{100 * judged[worst].error:.1f} % at n = {sizes[worst]}; single samples "
            f"scatter by {100 * spread:.1f} %"
        ),
        seed=seed,
        reason="" if verdict is Verdict.CONFIRMED else said,
    )


def _controls(setting: DataSetting, measured: Measured, seed: int, tell: Any) -> Report:
    """Wrong theories, which the same data must refute where they confirm the right one."""
    offered, wanted = controls(setting), setting.controls or ()
    half = setting.data.size // 2
    right = agreements(setting, measured, setting.predicted())
    told, missed = [], []
    for name in wanted:
        tell(f"control: {name}")
        claim = offered[name]
        if claim.sampling is None:
            wrong = agreements(setting, measured, setting.predicted(claim))
        else:  # the theory stays, and data sets are drawn in the wrong way
            last = max(n for n in setting.sizes if n <= max(half, setting.sizes[0]))
            found = {last: setting.measured(last, seed, claim.sampling)}
            wrong = agreements(setting, found, setting.predicted())
        caught = told_apart(right, wrong)
        if caught:
            n, statistic = max(
                caught, key=lambda k: (abs(wrong[k].difference) / wrong[k].margin, k[1])
            )
            told.append(f"{name} ({statistic}, n = {n})")
        else:
            missed.append(name)
    return Report(
        f"wrong theories are refuted by the same data: {', '.join(wanted)}",
        Verdict.INCONCLUSIVE if missed else Verdict.CONFIRMED,
        len(wanted),
        name=f"data/{setting.name}/controls",
        effect="told apart: " + ", ".join(told) if told else "",
        seed=seed,
        reason=f"not told apart by these data: {', '.join(missed)}" if missed else "",
    )
