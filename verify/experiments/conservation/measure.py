"""Nets and their kernels on the same data sets, mode by mode."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from theory.numbers import rational
from verify.experiments.base import Tell
from verify.experiments.conservation.parts import split, start_kernels
from verify.experiments.conservation.specification import Conservation, NetCase
from verify.experiments.learning.causes import width_bound
from verify.experiments.measurements import Measurements
from verify.experiments.net import Net
from verify.experiments.net_cells import Nets, join, run_and_load
from verify.networks import Architecture, Cell, CircleData, Training
from verify.networks.model.linearized import linearized_descent, steps_to_stop


def source_of(experiment: Conservation) -> CircleData:
    """All modes on all points of the circle."""
    q = float(rational(experiment.input_variance, "input_variance", least=0))
    points = int(experiment.place.size)
    return CircleData(points, experiment.modes, experiment.seed, norm=math.sqrt(2 * q))


def cell_of(experiment: Conservation, case: NetCase) -> Cell:
    """The nets of a case, as one resumable cell."""
    net = case.net
    trials = tuple(range(experiment.trials))
    top = None
    if experiment.view == "sums":
        inner, _ = kernels(experiment, net, case.n)
        top = tuple(float(np.linalg.eigvalsh(k)[-1]) for k in inner)
    # a narrow net's own λ_max may be twice that of the infinite one: it sets the rate
    return Cell(
        Architecture(
            net.depth,
            case.width,
            net.activation,
            float(rational(net.weight_variance, "weight_variance", least=0)),
            float(rational(net.bias_variance, "bias_variance", least=0)),
        ),
        Training(
            learning_rate=experiment.learning_rate,
            max_steps=experiment.max_steps,
            stop_mse=experiment.stop_mse,
            dtype=experiment.dtype,
            target_scale=case.scale,
            shared_initialization=case.shared,
        ),
        source_of(experiment),
        case.n,
        trials,
        experiment.seed,
        top,
    )


def kernels(
    experiment: Conservation, net: Net, n: int, family: str = "ntk"
) -> tuple[np.ndarray, np.ndarray]:
    """K_DD [trial, n, n] and K_*D [trial, m, n] of every data set."""
    examples = source_of(experiment).examples(n, tuple(range(experiment.trials)))
    assert examples.indices is not None
    q = experiment.input_variance
    full = net.gram(examples.test_inputs, q, family)
    inner = np.stack([full[np.ix_(rows, rows)] for rows in examples.indices])
    return inner, np.stack([full[:, rows] for rows in examples.indices])


def kernel_learnability(
    experiment: Conservation, net: Net, n: int, family: str = "ntk"
) -> tuple[np.ndarray, np.ndarray]:
    """Learnability by kernel regression, and yᵀK⁻¹y, both [trial, mode]."""
    inner, cross = kernels(experiment, net, n, family)
    examples = source_of(experiment).examples(n, tuple(range(experiment.trials)))
    learned, energy = [], []
    for row, y in enumerate(examples.train_targets):
        weights = np.linalg.solve(inner[row], y.T)
        fits = (cross[row] @ weights).T
        f = examples.test_targets
        learned.append(np.sum(fits * f, axis=1) / np.sum(f**2, axis=1))
        energy.append(np.sum(y.T * weights, axis=0))
    return np.array(learned), np.array(energy)


def measure(
    experiment: Conservation, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Train what is missing; enter each mode, the sums, and deviations from the kernel."""
    cases = experiment.cases
    cells = [cell_of(experiment, case) for case in cases]
    count = len(experiment.modes) * experiment.trials
    stage = f"{len(cases)} kinds of nets, {count} of each"
    results = run_and_load(cells, folder, stage, tell, device)
    table = Measurements()
    sizes: dict[NetCase, dict[str, np.ndarray]] = {}
    for case, cell, result in zip(cases, cells, results, strict=True):
        nets = join([result])
        kernel, energy = kernel_learnability(experiment, case.net, case.n)
        other, _ = kernel_learnability(experiment, case.net, case.n, "nngp")
        rho = energy / case.width
        bound = np.vectorize(lambda r, w=case.width: width_bound(r, w))(rho)
        gap = nets.learnability - kernel
        stopped = stopped_learnability(experiment, case, nets.learning_rate)
        for column, mode in enumerate(experiment.modes):
            for what, values in (
                ("nets", nets.learnability),
                ("kernel", kernel),
                ("nets − kernel", gap),
                ("stopped − kernel", stopped - kernel),
                ("nets − NNGP", nets.learnability - other),
            ):
                table.add(what, case.label, mode, "learnability", values[:, column])
            table.add("nets", case.label, mode, "rho", rho[:, column])
        for what, values in (("nets", nets.learnability), ("kernel", kernel)):
            table.add(what, case.label, "Σ", "learnability", values.sum(axis=1))
            gap_of_sum = abs(values.sum(axis=1) - case.n)
            table.add(what, case.label, "Σ", "distance from n", gap_of_sum)
            lacking = values[:, 1:].sum(axis=1)
            table.add(
                what, case.label, "Σ without the constant", "learnability", lacking
            )
        deviation = np.sqrt(np.mean((nets.learnability - stopped) ** 2, axis=1))
        table.add("nets", case.label, "", "deviation", deviation)
        table.add("nets", case.label, "", "covered", np.mean(abs(gap) <= bound, axis=1))
        for quantity, value in (
            ("stability", np.nanmax(nets.stability)),
            ("steps", nets.steps.max()),
            ("train_mse", np.nanmax(nets.train_mse)),
            ("rho", rho.max()),
            ("diverged", len(nets.divergences)),
        ):
            table.add("nets", case.label, "", quantity, [float(value)])
        if experiment.view == "width":
            parts = _parts(experiment, case, cell, nets)
            for name, values in parts.items():
                table.add("nets", case.label, "", name, values)
            sizes[case] = {"slope": deviation} | {
                f"slope {name}": np.sqrt(parts[name]) for name in ("start", "drift")
            }
    if experiment.view == "width":
        _slopes(experiment, table, sizes)
    return table


def stopped_learnability(
    experiment: Conservation, case: NetCase, rates: np.ndarray
) -> np.ndarray:
    """The infinitely wide net under the nets' own rates and stopping rule [trial, mode]."""
    inner, cross = kernels(experiment, case.net, case.n)
    fits = stopped_fits(experiment, case, rates, inner[:, None], cross[:, None])
    f = source_of(experiment).examples(case.n, (0,)).test_targets
    return np.sum(fits * f, axis=2) / np.sum(f**2, axis=1)


def stopped_fits(
    experiment: Conservation, case: NetCase, rates: np.ndarray, inner, cross
) -> np.ndarray:
    """Descent on kernels under the nets' own rates and stopping rule [trial, mode, m].

    ``inner`` [trial, mode or 1, n, n] and ``cross`` [trial, mode or 1, m, n].
    """
    examples = source_of(experiment).examples(case.n, tuple(range(experiment.trials)))
    stop = {"stop_mse": experiment.stop_mse, "max_steps": experiment.max_steps}
    rows = []
    for trial, labels in enumerate(examples.train_targets):
        row = []
        for mode, y in enumerate(labels):
            rate, of = float(rates[trial, mode]), min(mode, inner.shape[1] - 1)
            one = inner[trial, of]
            steps = steps_to_stop(one, y, rate, **stop)
            row.append(linearized_descent(one, cross[trial, of], y, rate, [steps])[0])
        rows.append(row)
    return np.array(rows)


def _parts(
    experiment: Conservation, case: NetCase, cell: Cell, nets: Nets
) -> dict[str, np.ndarray]:
    """How far nets are from the infinite one in function: by their start, by drift."""
    examples = source_of(experiment).examples(case.n, tuple(range(experiment.trials)))
    assert examples.indices is not None
    rates, rows = nets.learning_rate, examples.indices
    whole = start_kernels(cell, examples.test_inputs, shared=case.shared)
    inner = np.stack([k[:, r][:, :, r] for k, r in zip(whole, rows, strict=True)])
    cross = np.stack([k[:, :, r] for k, r in zip(whole, rows, strict=True)])
    start = stopped_fits(experiment, case, rates, inner, cross)
    inner, cross = kernels(experiment, case.net, case.n)
    infinite = stopped_fits(experiment, case, rates, inner[:, None], cross[:, None])
    return split(nets.predictions, start, infinite)


def _slopes(
    experiment: Conservation,
    table: Measurements,
    sizes: dict[NetCase, dict[str, np.ndarray]],
) -> None:
    """Exponents of deviations in the width, by data set, for every net and n."""
    x = np.log(np.array(experiment.widths, float))
    x = x - x.mean()
    for net in experiment.nets:
        for n in experiment.sizes:
            cases = [
                NetCase(net, width, n, experiment.scales[0], experiment.starts[0])
                for width in experiment.widths
            ]
            for name in sizes[cases[0]]:
                slopes = x @ np.array([np.log(sizes[c][name]) for c in cases]) / (x @ x)
                table.add("nets", f"{net.label}, n {n}", "", name, slopes)
