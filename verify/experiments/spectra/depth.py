"""Which depth suits which degree: fractional variances of deep kernels on the cube.

The fractional variance of degree k is g_k λ_k/K(1), the share of a random function of the
kernel that has degree k. Deeper kernels hold more of it in high degrees, up to a point.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from numerics import spectrum
from theory import OutOfDomain, kernels
from theory.numbers import rational
from verify.experiments.base import (
    Experiment,
    PositiveFields,
    Tell,
    rising,
    whole_numbers,
)
from verify.experiments.findings import Findings, Heading, Rows
from verify.experiments.judgement import Control, JudgedCurve, Judgement
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Picture, PlottedSeries
from verify.experiments.spectra.fractional_variances import fractional_variances
from verify.storage.arrays import stored
from verify.verdicts.agreement import enclosed

PROVED = "fractional variance in float64/proved − 1, at the optimum"
RISING = "optimal depth falls from degree k to k + 2, in layers"
FAMILIES = ("nngp", "ntk")


@dataclass(frozen=True)
class DepthMargins(PositiveFields):
    """Largest differences that count as agreement.

    ``proved`` for float64 against enclosures (relative), ``layers`` for how many layers
    the optimum may fall from one degree to the next of the same parity.
    """

    proved: float = 1e-6
    layers: float = 0.5


@dataclass(frozen=True)
class OptimalDepth(Experiment):
    """The largest fractional variance of every degree, over depth and variances.

    Attributes
    ----------
    dimension
        d of the hypercube.
    degrees
        Degrees k that are shown.
    activations
        Names of activations with a dual in closed form.
    depths
        Numbers of hidden layers that are tried.
    weight_variances, bias_variances
        (least, most, count) of both grids; exact ends as text.
    seed
        Nothing is random; kept so that all experiments have one.
    margins
        What counts as agreement.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    dimension: int = 128
    degrees: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8)
    activations: tuple[str, ...] = ("relu", "erf")
    depths: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
    weight_variances: tuple[str | int, ...] = ("1", "5", 9)
    bias_variances: tuple[str | int, ...] = ("0", "4", 9)
    margins: DepthMargins = field(default_factory=DepthMargins)

    kind: ClassVar[str] = "optimal depth"
    PARTS: ClassVar[dict[str, type]] = {"margins": DepthMargins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        whole_numbers(self, {"dimension": 2, "seed": 0})
        put(self, "degrees", rising(self.degrees, "degrees", 0, self.dimension))
        put(self, "depths", rising(self.depths, "depths", 1, 1024))
        given = self.activations
        put(self, "activations", (given,) if isinstance(given, str) else tuple(given))
        if not self.activations:
            raise OutOfDomain("activations = [] must be one or more names")
        for name in self.activations:
            kernels.ntk(name)
        for name, least in (("weight_variances", 1), ("bias_variances", 0)):
            value = getattr(self, name)
            if len(value) != 3:
                raise OutOfDomain(
                    f"{name} = {list(value)} must be least, most and a count"
                )
            low, high = (rational(x, name, least=0) for x in value[:2])
            count = int(value[2])
            if low > high or count < 1 or (low == 0 and least):
                raise OutOfDomain(
                    f"{name} = {list(value)} must rise, from above {least - 1}"
                )
            put(self, name, (str(value[0]), str(value[1]), count))

    def grid(self, name: str) -> list[Any]:
        """Exact values of a grid."""
        low, high, count = getattr(self, name)
        first, last = rational(low, name, least=0), rational(high, name, least=0)
        steps = max(int(count) - 1, 1)
        return [first + (last - first) * i / steps for i in range(int(count))]


def measure(
    experiment: OptimalDepth, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Fractional variances over the whole grid, the best of each degree."""
    del device
    table = Measurements()
    cases = [(a, f) for a in experiment.activations for f in FAMILIES]
    for step, (name, family) in enumerate(cases):
        stage = "fractional variances"
        tell(stage, step / len(cases), f"{family} {name}")
        settings = {
            "fractional": [name, family],
            "dimension": experiment.dimension,
            "degrees": list(experiment.degrees),
            "depths": list(experiment.depths),
            "grids": [
                list(experiment.weight_variances),
                list(experiment.bias_variances),
            ],
        }
        found = stored(
            folder, "depth", settings, lambda a=name, f=family: _best(experiment, a, f)
        )
        for row, k in enumerate(experiment.degrees):
            at = f"{family} {name}"
            for column, depth in enumerate(experiment.depths):
                value = [float(found["by_depth"][row, column])]
                table.add(at, depth, f"k = {k}", "fraction", value)
            for quantity in ("depth", "weight", "bias", "fraction"):
                table.add(at, "best", f"k = {k}", quantity, [found[quantity][row]])
    tell("fractional variances", 1.0, "done")
    return table


def examine(experiment: OptimalDepth, measured: Measurements) -> Findings:
    """Optimal depths by degree, and enclosures at the optima."""
    return Findings(
        _judge(experiment, measured),
        _picture(experiment, measured),
        _table(experiment, measured),
        Rows((), ()),
        (),
        (
            "Fractional variance is g_k λ_k/K(1); its largest value over σ_w² and "
            "σ_b² is shown at each depth.",
            "float64 loses about ½ log2 C(d, k) bits to cancellation, none that shows "
            "here; at every optimum the value is held against a proved enclosure.",
            f"Depths tried: {', '.join(map(str, experiment.depths))}. An optimum at the "
            "last one is a bound, not an optimum.",
        ),
    )


def _best(experiment: OptimalDepth, name: str, family: str) -> dict[str, np.ndarray]:
    """The largest fraction of each degree by depth, and where it is."""
    weights = experiment.grid("weight_variances")
    biases = experiment.grid("bias_variances")
    w, b = np.meshgrid([float(x) for x in weights], [float(x) for x in biases])
    w, b = w.ravel(), b.ravel()
    by_depth = np.empty((len(experiment.degrees), len(experiment.depths)))
    where = np.empty(by_depth.shape, int)
    for column, depth in enumerate(experiment.depths):
        f = fractional_variances(
            experiment.dimension, experiment.degrees, name, family, depth, w, b
        )
        where[:, column] = f.argmax(axis=1)
        by_depth[:, column] = f.max(axis=1)
    best = by_depth.argmax(axis=1)
    rows = np.arange(len(experiment.degrees))
    point = where[rows, best]
    return {
        "by_depth": by_depth,
        "depth": np.array(experiment.depths)[best],
        "weight": w[point],
        "bias": b[point],
        "fraction": by_depth[rows, best],
    }


def _value(measured: Measurements, what: str, at: Any, k: int, quantity: str) -> float:
    return measured.sample(what, at, f"k = {k}", quantity).mean


def _judge(experiment: OptimalDepth, measured: Measurements) -> Judgement:
    proved, risen = [], []
    wrong: dict[str, list[JudgedCurve]] = {}
    cube, degrees = f"hypercube:{experiment.dimension}", experiment.degrees
    for name in experiment.activations:
        for family in FAMILIES:
            what = f"{family} {name}"
            pairs = [(k, k + 2) for k in degrees if k + 2 in degrees]
            points, falls = [], []
            others: dict[str, list[Any]] = {"NNGP for NTK": [], "one layer more": []}
            for k in degrees:
                value = _value(measured, what, "best", k, "fraction")
                at = [_value(measured, what, "best", k, q) for q in ("weight", "bias")]
                depth = int(_value(measured, what, "best", k, "depth"))
                points.append(
                    _held(experiment, cube, family, name, depth, at, k, value)
                )
                other = "ntk" if family == "nngp" else "nngp"
                others["NNGP for NTK"].append(
                    _held(experiment, cube, other, name, depth, at, k, value)
                )
                others["one layer more"].append(
                    _held(experiment, cube, family, name, depth + 1, at, k, value)
                )
            for low, high in pairs:
                fall = _value(measured, what, "best", low, "depth") - _value(
                    measured, what, "best", high, "depth"
                )
                falls.append(enclosed(max(fall, 0.0), 0.0, experiment.margins.layers))
            proved.append(JudgedCurve(what, PROVED, degrees, tuple(points), "k"))
            for title, found in others.items():
                curve = JudgedCurve(what, PROVED, degrees, tuple(found), "k")
                wrong.setdefault(title, []).append(curve)
            if pairs:
                grid = tuple(low for low, _ in pairs)
                risen.append(JudgedCurve(what, RISING, grid, tuple(falls), "k"))
    controls = tuple(Control.against(t, curves, proved) for t, curves in wrong.items())
    return Judgement((*proved, *risen), controls)


def _held(
    experiment: OptimalDepth,
    cube: str,
    family: str,
    name: str,
    depth: int,
    at: list[float],
    k: int,
    value: float,
):
    """A float64 fraction against the enclosure of a kernel's."""
    weight, bias = (Fraction(x).limit_denominator(10**6) for x in at)
    read = kernels.ntk if family == "ntk" else kernels.nngp
    kernel = read(name, depth=depth, weight_variance=weight, bias_variance=bias)
    s = spectrum(kernel, cube, digits=15)
    level = s.level(k)
    trace = sum(float(x.eigenvalue) * float(x.multiplicity) for x in s.levels)
    exact = float(level.eigenvalue) * float(level.multiplicity) / trace
    if not exact:
        return enclosed(float("inf") if value else 0.0, 0.0, experiment.margins.proved)
    return enclosed(value / exact - 1, 1e-13, experiment.margins.proved)


def _picture(experiment: OptimalDepth, measured: Measurements) -> Picture:
    panels = []
    shown = experiment.degrees[:7]
    for name in experiment.activations:
        for family in FAMILIES:
            what = f"{family} {name}"
            series = []
            for color, k in enumerate(shown):
                x = tuple(float(d) for d in experiment.depths)
                y = tuple(
                    _value(measured, what, d, k, "fraction") for d in experiment.depths
                )
                series.append(PlottedSeries(f"k = {k}", "theory", color, x, y))
                best = float(_value(measured, what, "best", k, "depth"))
                top = _value(measured, what, "best", k, "fraction")
                series.append(
                    PlottedSeries(f"k = {k}", "kernel", color, (best,), (top,))
                )
            title = f"{family.upper()}, {'ReLU' if name == 'relu' else name}"
            panels.append(
                Axes(
                    "hidden layers",
                    "largest fractional variance",
                    tuple(series),
                    log="xy",
                    title=title,
                )
            )
    names = (("theory", "best over variances"), ("kernel", "best depth"))
    return Picture(tuple(panels), names=names)


def _table(experiment: OptimalDepth, measured: Measurements) -> Rows:
    headings = (
        Heading("kernel", "kernel", "kernel"),
        Heading("k", "k", "$k$"),
        Heading("depth", "depth", "depth"),
        Heading("weight_variance", "σ_w²", r"$\sigma_w^2$"),
        Heading("bias_variance", "σ_b²", r"$\sigma_b^2$"),
        Heading("fraction", "fraction", "fraction", "float64"),
    )
    rows = []
    for name in experiment.activations:
        for family in FAMILIES:
            what = f"{family} {name}"
            for k in experiment.degrees:
                depth, weight, bias, top = (
                    _value(measured, what, "best", k, q)
                    for q in ("depth", "weight", "bias", "fraction")
                )
                cells = (what, k, int(depth), f"{weight:g}", f"{bias:g}", float(top))
                rows.append(cells)
    title = (
        "The depth and variances with the largest fractional variance of each degree"
    )
    return Rows(headings, tuple(rows), title, 1e-9)
