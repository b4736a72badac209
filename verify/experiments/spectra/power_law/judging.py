"""Verdicts on limits, expansion and regression, and theories that must be refuted."""

from __future__ import annotations

from typing import Any

from numerics import predict
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from theory.numbers import rational
from verify.experiments.judgement import Control, JudgedCurve, Judgement, ratio
from verify.experiments.measurements import Measurements
from verify.experiments.spectra.power_law.specification import PowerLaw
from verify.experiments.spectra.power_law.theory import (
    accuracy,
    expansion,
    law,
    predicted,
)
from verify.verdicts.agreement import enclosed

LIMIT = "E₀/α − 1, theory"
CONSTANT = "C by two residues/C − 1"
MEASURED = "E₀ of regression/theory − 1"


def judge(experiment: PowerLaw, measured: Measurements) -> Judgement:
    """The verdicts on every curve, and the controls."""
    limits, constants, sampled = [], [], []
    wrong: dict[str, list[JudgedCurve]] = {}
    margins, sizes = experiment.margins, experiment.sizes
    for alpha in experiment.alphas:
        name = f"α = {alpha}"
        exponent = float(rational(alpha, "alpha", least=0))
        c, e0 = predicted(experiment, alpha)
        radius = accuracy(experiment, alpha)
        for target, factor, title in ((limits, 1.0, ""), (None, 0.9, "limit 0.9 α")):
            points = tuple(
                enclosed(x / (factor * exponent) - 1, radius, margins.limit) for x in e0
            )
            curve = JudgedCurve(name, LIMIT, sizes, points)
            _put(target, wrong, title, curve)
        for target, leading, title in (
            (constants, False, ""),
            (None, True, "C by its leading term"),
        ):
            values = expansion(alpha, sizes, leading=leading)
            points = tuple(
                enclosed(x / y - 1, radius, margins.constant)
                for x, y in zip(values, c, strict=True)
            )
            _put(target, wrong, title, JudgedCurve(name, CONSTANT, sizes, points))
        lam = FloatSpectrum.from_arrays(law(alpha, experiment.sampled_modes))
        for target, factor, title in ((sampled, 1.0, ""), (None, 0.9, "E₀ − 10 %")):
            points = []
            for n in experiment.sampled_sizes:
                value = factor * float(predict(lam, {1: 1}, n).E0)
                found = measured.sample("regression", n, name, "E0")
                points.append(ratio(found, value, margins.measured))
            curve = JudgedCurve(name, MEASURED, experiment.sampled_sizes, tuple(points))
            _put(target, wrong, title, curve)
    pools = {"limit 0.9 α": limits, "C by its leading term": constants}
    controls = tuple(
        Control.against(title, curves, pools.get(title, sampled))
        for title, curves in wrong.items()
    )
    return Judgement((*limits, *constants, *sampled), controls)


def _put(
    target: Any, wrong: dict[str, list[JudgedCurve]], title: str, curve: JudgedCurve
):
    if target is None:
        wrong.setdefault(title, []).append(curve)
    else:
        target.append(curve)
