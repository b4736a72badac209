"""Verdicts on kernels and nets of every design, and theories that must be refuted."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from verify.experiments.held_out.engineered.specification import Engineered
from verify.experiments.held_out.engineered.theory import held_out, predicted
from verify.experiments.judgement import Control, JudgedCurve, Judgement, difference
from verify.experiments.measurements import Measurements

KERNEL_L = "kernel − theory, learnability"
NETS_L = "nets − kernel, learnability"
HELD_OUT = "held-out learnability of nets minus that of theory"
FEWER = Fraction(19, 20)


def judge(experiment: Engineered, measured: Measurements) -> Judgement:
    """The verdicts on every curve, and the controls."""
    margins, sizes = experiment.margins, experiment.sizes
    points = int(experiment.place.size)
    kernel, nets, outside = [], [], []
    wrong: dict[str, list[JudgedCurve]] = {}
    for design in experiment.designs:
        net, label = design.net, design.net.label

        def curve(values: list[float], label: str = label) -> JudgedCurve:
            agreements = tuple(
                difference(
                    measured.sample("kernel", n, label, "learnability"),
                    value,
                    margins.learnability,
                )
                for n, value in zip(sizes, values, strict=True)
            )
            return JudgedCurve(label, KERNEL_L, sizes, agreements)

        right = [predicted(experiment, net, n) for n in sizes]
        kernel.append(curve(right))
        for name, values in (
            ("NNGP for NTK", [predicted(experiment, net, n, "nngp") for n in sizes]),
            (
                "one layer more",
                [predicted(experiment, net.deeper(1), n) for n in sizes],
            ),
            ("n − 5 %", [predicted(experiment, net, n, "ntk", FEWER) for n in sizes]),
            ("chance: n/M", [n / points for n in sizes]),
        ):
            wrong.setdefault(name, []).append(curve(values))
        if not experiment.trains:
            continue
        pairs = tuple(
            difference(
                measured.sample("nets − kernel", n, label, "learnability"),
                0.0,
                margins.nets,
            )
            for n in sizes
        )
        nets.append(JudgedCurve(label, NETS_L, sizes, pairs))
        left = tuple(
            difference(
                measured.sample("nets", n, label, "held out"),
                float(held_out(np.array(value), n, points)),
                2 * margins.nets,
            )
            for n, value in zip(sizes, right, strict=True)
        )
        outside.append(JudgedCurve(label, HELD_OUT, sizes, left))
    controls = [Control.against(t, curves, kernel) for t, curves in wrong.items()]
    return Judgement((*kernel, *nets, *outside), tuple(controls))
