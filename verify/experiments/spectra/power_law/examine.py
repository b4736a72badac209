"""From measurements to verdicts, a figure, the table and the error table."""

from __future__ import annotations

from numerics import predict
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from theory.numbers import rational
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Picture, PlottedSeries, measured_points
from verify.experiments.spectra.power_law.judging import judge
from verify.experiments.spectra.power_law.specification import PowerLaw
from verify.experiments.spectra.power_law.theory import (
    accuracy,
    expansion,
    law,
    predicted,
)


def examine(experiment: PowerLaw, measured: Measurements) -> Findings:
    """E₀ against its limit and against regression, C against the law's expansion."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        _table(experiment, measured),
        Rows((), ()),
        _errors(experiment, measured),
        (
            f"Theory lists {experiment.modes} modes; the others are a tail whose Σ λ and "
            "Σ λ² are Hurwitz zeta functions, so that nothing is cut.",
            "The published line C = (A/n)^α is the leading term of the expansion, "
            "off by about α/(2n); the corrected one has n + ½ and two residues.",
            "E₀ = αn/(n + ½) + …: the limit is reached to 5 % from n = 10 on.",
            f"Regression is on Gaussian features with {experiment.sampled_modes} modes, "
            "against the theory of those.",
        ),
    )


def _picture(experiment: PowerLaw, measured: Measurements) -> Picture:
    sizes = tuple(float(n) for n in experiment.sizes)
    fits, constants = [], []
    for color, alpha in enumerate(experiment.alphas):
        name = f"α = {alpha}"
        exponent = float(rational(alpha, "alpha", least=0))
        c, e0 = predicted(experiment, alpha)
        fits.append(PlottedSeries(name, "theory", color, sizes, tuple(map(float, e0))))
        ends = (exponent, exponent)
        fits.append(PlottedSeries("limit α", "guide", -1, (sizes[0], sizes[-1]), ends))
        found = [
            (n, measured.get("regression", n, name, "E0"))
            for n in experiment.sampled_sizes
        ]
        fits += measured_points(name, "kernel", color, found)
        lam = FloatSpectrum.from_arrays(law(alpha, experiment.sampled_modes))
        cut = predict(lam, {1: 1}, list(experiment.sampled_sizes)).E0
        x = tuple(float(n) for n in experiment.sampled_sizes)
        label = "theory of the sampled modes"
        fits.append(PlottedSeries(label, "guide", color, x, tuple(map(float, cut))))
        values = expansion(alpha, experiment.sizes, leading=experiment.leading_term)
        gap = abs(values / c - 1)
        shown = tuple(max(float(x), 1e-13) for x in gap)
        constants.append(PlottedSeries(name, "theory", color, sizes, shown))
    form = "leading term" if experiment.leading_term else "two residues"
    label = rf"$|C_{{\mathrm{{law}}}}/C-1|$, {form}"
    return Picture(
        (
            Axes(r"training points $n$", r"$\mathcal{E}_0$", tuple(fits), bottom=0.9),
            Axes(r"training points $n$", label, tuple(constants), log="xy"),
        ),
        names=(("kernel", "regression"),),
    )


def _table(experiment: PowerLaw, measured: Measurements) -> Rows:
    headings = (
        Heading("alpha", "α", r"$\alpha$"),
        Heading("n", "n", "$n$"),
        Heading("C", "C", "$C$", "float64", "implicit_equation"),
        Heading("E0", "E0 theory", r"$\mathcal{E}_0$", "float64"),
        Heading("E0_measured", "E0 regression", r"$\mathcal{E}_0$ regression", "s.e."),
        Heading("expansion", "C by residues", "$C$ by residues", "float64"),
        Heading("leading", "leading term", "leading term", "float64"),
    )
    rows = []
    for alpha in experiment.alphas:
        c, e0 = predicted(experiment, alpha)
        fine = expansion(alpha, experiment.sizes, leading=False)
        rough = expansion(alpha, experiment.sizes, leading=True)
        for row, n in enumerate(experiment.sizes):
            found = measured.get("regression", n, f"α = {alpha}", "E0")
            values = (float(c[row]), float(e0[row]), found)
            rows.append((alpha, n, *values, float(fine[row]), float(rough[row])))
    title = "C and the overfitting coefficient of power-law spectra"
    error = max(accuracy(experiment, alpha) for alpha in experiment.alphas)
    return Rows(headings, tuple(rows), title, error)


def _errors(experiment: PowerLaw, measured: Measurements) -> tuple[ErrorRow, ...]:
    rows = []
    for alpha in experiment.alphas:
        lam = FloatSpectrum.from_arrays(law(alpha, experiment.sampled_modes))
        for n in experiment.sampled_sizes:
            found = measured.get("regression", n, f"α = {alpha}", "E0")
            value = float(predict(lam, {1: 1}, n).E0)
            whole = float(predicted(experiment, alpha)[1][experiment.sizes.index(n)])
            if found is not None:
                gap = found.relative_to(value)
                shares = {"cut spectrum": value / whole - 1}
                rows.append(
                    ErrorRow(
                        "kernel − theory", "E0", f"α = {alpha}", str(n), gap, shares
                    )
                )
    return tuple(rows)
