"""A kernel engineered for a target: parity, by one net that can and one that cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from numerics import Spectrum, predict, spectrum
from theory import OutOfDomain, domains
from theory.domains import Hypercube
from verify.experiments.experiment import (
    Tell,
    kind,
    positive,
    rising,
    silent,
    whole_numbers,
)
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.judgement import Control, Judged, Judgement, difference
from verify.experiments.learning.causes import width_bound
from verify.experiments.learning.specification import Margins
from verify.experiments.measurements import Measurements, Sample
from verify.experiments.net import Net
from verify.experiments.picture import Panel, Picture, Series
from verify.experiments.training import join, run_and_load
from verify.networks import Architecture, HypercubeData, Training, sweep
from verify.sampling import problem, simulate

KERNEL_L = "kernel − theory, learnability"
NETS_L = "nets − kernel, learnability"
HELD_OUT = "held-out learnability of nets minus that of theory"
MAX_POINTS = 4096
FEWER = Fraction(19, 20)


@dataclass(frozen=True)
class Design:
    """A net of the comparison, with its width."""

    net: Net
    width: int = 128

    PARTS: ClassVar[dict[str, type]] = {"net": Net}

    def __post_init__(self) -> None:
        whole_numbers(self, {"width": 1})


@kind("engineered")
@dataclass(frozen=True)
class Engineered:
    """Nets of several designs learn one level of the hypercube; others are held out.

    Attributes
    ----------
    name, title
        Permanent name, and a line for people.
    domain
        ``hypercube:D``.
    target
        The level: the parity of the first k bits.
    designs
        The nets that are compared.
    sizes
        Numbers of training points; all points that were not drawn are the test set.
    kernel_trials, net_trials
        Data sets for kernel regression, and the first of them for nets.
    pairs
        Whether theory counts x and −x as one point where the kernel has one parity.
    learning_rate, stop_mse, max_steps
        How nets are trained; None for the stable learning rate.
    seed
        Fixes data sets and initial parameters.
    margins
        What counts as agreement; ``mse`` is not used.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    name: str
    title: str = ""
    domain: str = "hypercube:8"
    target: int = 8
    designs: tuple[Design, ...] = (Design(Net("relu", 4)), Design(Net("sin", 1)))
    sizes: tuple[int, ...] = (128,)
    kernel_trials: int = 400
    net_trials: int = 4
    pairs: bool = True
    learning_rate: float | None = None
    stop_mse: float = 1e-3
    max_steps: int = 10_000
    seed: int = 0
    margins: Margins = field(default_factory=lambda: Margins(nets=0.05))

    kind: ClassVar[str]
    PARTS: ClassVar[dict[str, type]] = {"designs": Design, "margins": Margins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        d = int(self.place.d)
        least = {"kernel_trials": 4, "net_trials": 0, "max_steps": 1, "seed": 0}
        whole_numbers(self, least | {"target": 0})
        positive(self, "stop_mse")
        if self.learning_rate is not None:
            positive(self, "learning_rate")
        if self.target > d:
            msg = f"target = {self.target}: levels of {self.domain} are 0..{d}"
            raise OutOfDomain(msg)
        designs = self.designs
        put(
            self,
            "designs",
            (designs,) if isinstance(designs, Design) else tuple(designs),
        )
        if not self.designs:
            msg = "designs must be one or more nets"
            raise OutOfDomain(msg)
        put(self, "sizes", rising(self.sizes, "sizes", 1, 2**d - 1))
        if self.kernel_trials % 2:
            msg = f"kernel_trials = {self.kernel_trials} must be even"
            raise OutOfDomain(msg)
        if self.net_trials == 1 or self.net_trials > self.kernel_trials:
            msg = (
                f"net_trials = {self.net_trials} must be 0 or between 2 and "
                f"kernel_trials = {self.kernel_trials}"
            )
            raise OutOfDomain(msg)
        for design in self.designs:
            design.net.kernel()
        if not isinstance(self.pairs, bool):
            msg = f"pairs = {self.pairs!r} must be true or false"
            raise OutOfDomain(msg)

    @property
    def place(self) -> Hypercube:
        """The hypercube, parsed."""
        place = domains.parse(self.domain)
        if not isinstance(place, Hypercube) or int(place.size) > MAX_POINTS:
            msg = (
                f"domain = {self.domain}: hypercube:D with at most {MAX_POINTS} points"
            )
            raise OutOfDomain(msg)
        return place

    @property
    def trains(self) -> bool:
        """Whether nets are trained."""
        return self.net_trials > 0

    def preflight(self) -> tuple[str, ...]:
        """Refuse a margin that kernel regression cannot resolve, by a pilot."""
        from verify.experiments.learning.resolution import samples_needed

        n = min(self.sizes)
        spreads = [
            float(_regress(self, d.net, n, None, 12, self.seed + 1)[0].std(ddof=1))
            for d in self.designs
        ]
        needed = samples_needed(min(spreads), self.margins.learnability)
        if needed > self.kernel_trials:
            msg = (
                f"margins.learnability = {self.margins.learnability:g} cannot be "
                f"resolved by kernel_trials = {self.kernel_trials}: learnability spreads "
                f"by {min(spreads):.2g}; about {needed} data sets could"
            )
            raise OutOfDomain(msg)
        return ()

    def measure(
        self, folder: Path, tell: Tell = silent, device: str | None = None
    ) -> Measurements:
        """Kernel regression of every design, and its nets on the first data sets."""
        table = Measurements()
        points = int(self.place.size)
        cells = [(d, n) for d in self.designs for n in self.sizes]
        for step, (design, n) in enumerate(cells):
            label = design.net.label
            stage = f"kernel regression, {self.kernel_trials} data sets"
            tell(stage, step / len(cells), f"{label}, n = {n}")
            learned, _ = _regress(
                self, design.net, n, folder, self.kernel_trials, self.seed
            )
            table.add("kernel", n, label, "learnability", learned)
            table.add("kernel", n, label, "held out", held_out(learned, n, points))
        tell(f"kernel regression, {self.kernel_trials} data sets", 1.0, "done")
        if self.trains:
            self._train(folder, tell, device, table)
        return table

    def _train(
        self, folder: Path, tell: Tell, device: str | None, table: Measurements
    ) -> None:
        count = self.net_trials
        data = HypercubeData(int(self.place.d), (f"parity:{self.target}",), self.seed)
        for design in self.designs:
            net, label = design.net, design.net.label
            kernel = net.kernel()
            cells = sweep(
                Architecture(
                    net.depth,
                    design.width,
                    net.activation,
                    float(kernel["weight_variance"]),
                    float(kernel["bias_variance"]),
                ),
                Training(
                    learning_rate=self.learning_rate,
                    stop_mse=self.stop_mse,
                    max_steps=self.max_steps,
                ),
                data,
                self.sizes,
                trials=count,
                block=2,
                seed=self.seed,
            )
            stage = f"{label} of width {design.width}, {count} data sets"
            results = run_and_load(cells, folder, stage, tell, device)
            for n in self.sizes:
                own = [r for c, r in zip(cells, results, strict=True) if c.n == n]
                nets = join(own)
                learned = nets.learnability[:, 0]
                pair, energy = _paired(self, net, n)
                table.add("nets", n, label, "learnability", learned)
                table.add("nets − kernel", n, label, "learnability", learned - pair)
                outside = _outside(own, nets.predictions)
                table.add("nets", n, label, "held out", outside[0])
                table.add("nets", n, label, "accuracy", outside[1])
                rho = energy / design.width
                for quantity, value in (
                    ("stability", np.nanmax(nets.stability)),
                    ("steps", nets.steps.max()),
                    ("train_mse", np.nanmax(nets.train_mse)),
                    ("rho", rho.max()),
                    ("diverged", len(nets.divergences)),
                ):
                    table.add("nets", n, label, quantity, [float(value)])

    def examine(self, measured: Measurements) -> Findings:
        """Theory, verdicts, figure."""
        return Findings(
            _judge(self, measured),
            _picture(self, measured),
            _table(self, measured),
            _diagnostics(self, measured),
            _errors(self, measured),
            _remarks(self),
        )


def held_out(learned: np.ndarray, n: int, points: int) -> np.ndarray:
    """Learnability on the points that were not drawn, of a rule that interpolates.

    Examples
    --------
    >>> held_out(np.array([0.75]), 2, 4)
    array([0.5])
    """
    return (points * learned - n) / (points - n)


def _regress(
    experiment: Engineered,
    net: Net,
    n: int,
    folder: Path | None,
    trials: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Learnability and MSE of kernel regression [trial]."""
    what = problem(net.kernel(), experiment.domain, {experiment.target: 1}, n)
    found = simulate(what, trials, seed, folder=folder)
    return found.learnability[:, 0], found.test_mse[:, 0]


@lru_cache(maxsize=4)
def _full(net: Net, d: int) -> np.ndarray:
    examples = HypercubeData(d, ("parity:0",)).examples(1, (0,))
    return net.gram(examples.test_inputs)


def _paired(experiment: Engineered, net: Net, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Learnability by kernel regression and yᵀK⁻¹y on the nets' data sets."""
    d = int(experiment.place.d)
    data = HypercubeData(d, (f"parity:{experiment.target}",), experiment.seed)
    examples = data.examples(n, tuple(range(experiment.net_trials)))
    assert examples.indices is not None
    full, f = _full(net, d), examples.test_targets[0]
    learned, energy = [], []
    for rows, y in zip(examples.indices, examples.train_targets[:, 0], strict=True):
        weights = np.linalg.lstsq(full[np.ix_(rows, rows)], y, rcond=None)[0]
        learned.append(float(f @ (full[:, rows] @ weights) / (f @ f)))
        energy.append(float(y @ weights))
    return np.array(learned), np.array(energy)


def _outside(results: Any, predictions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Held-out learnability and share of right signs of nets [trial]."""
    targets = results[0].test_targets[0]
    indices = np.concatenate([r.indices for r in results])
    learned, right = [], []
    for rows, fit in zip(indices, predictions[:, 0], strict=True):
        left = np.setdiff1d(np.arange(len(targets)), rows)
        y, f = targets[left], fit[left]
        learned.append(float(y @ f / (y @ y)))
        right.append(float(np.mean(np.sign(f) == np.sign(y))))
    return np.array(learned), np.array(right)


@lru_cache(maxsize=16)
def _spectrum(net: Net, domain: str, family: str) -> Spectrum:
    return spectrum(net.kernel(family=family), domain, digits=20)


def effective_size(s: Spectrum, n: Any, points: int, target: int) -> Any:
    """How many different points n draws are to a kernel without the other parity.

    An odd kernel, or an even one, sees x and −x as one point, known or unknown together:
    n draws from M points are on average (M/2)(1 − (M−n)(M−n−1)/(M(M−1))) such pairs.

    Examples
    --------
    >>> odd = spectrum("polynomial:degree=3", "hypercube:3")       # levels 1 and 3
    >>> effective_size(odd, 4, 8, 3)
    Fraction(22, 7)
    """
    other = [x for x in s.levels if (x.index - target) % 2]
    if any(x.eigenvalue.sign for x in other):
        return n
    share = Fraction(points - n) * (points - n - 1) / (points * (points - 1))
    return Fraction(points, 2) * (1 - share)


def _theory(
    experiment: Engineered, net: Net, n: int, family: str = "ntk", factor: Any = 1
) -> float:
    s, points = _spectrum(net, experiment.domain, family), int(experiment.place.size)
    size = n
    if experiment.pairs:
        size = effective_size(s, n, points, experiment.target)
    size = min(size * factor, s.modes)
    return float(predict(s, {experiment.target: 1}, size).target_learnability)


def _judge(experiment: Engineered, measured: Measurements) -> Judgement:
    margins, sizes = experiment.margins, experiment.sizes
    points = int(experiment.place.size)
    kernel, nets, outside = [], [], []
    wrong: dict[str, list[Judged]] = {}
    for design in experiment.designs:
        net, label = design.net, design.net.label

        def curve(values: list[float], label: str = label) -> Judged:
            agreements = tuple(
                difference(
                    measured.sample("kernel", n, label, "learnability"),
                    value,
                    margins.learnability,
                )
                for n, value in zip(sizes, values, strict=True)
            )
            return Judged(label, KERNEL_L, sizes, agreements)

        right = [_theory(experiment, net, n) for n in sizes]
        kernel.append(curve(right))
        for name, values in (
            ("NNGP for NTK", [_theory(experiment, net, n, "nngp") for n in sizes]),
            ("one layer more", [_theory(experiment, net.deeper(1), n) for n in sizes]),
            ("n − 5 %", [_theory(experiment, net, n, "ntk", FEWER) for n in sizes]),
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
        nets.append(Judged(label, NETS_L, sizes, pairs))
        left = tuple(
            difference(
                measured.sample("nets", n, label, "held out"),
                float(held_out(np.array(value), n, points)),
                2 * margins.nets,
            )
            for n, value in zip(sizes, right, strict=True)
        )
        outside.append(Judged(label, HELD_OUT, sizes, left))
    controls = [Control.against(t, curves, kernel) for t, curves in wrong.items()]
    return Judgement((*kernel, *nets, *outside), tuple(controls))


def _picture(experiment: Engineered, measured: Measurements) -> Picture:
    points = int(experiment.place.size)
    fine = np.unique(np.round(np.geomspace(1, 0.98 * points, 60))).astype(int)
    whole, left = [], []
    for color, design in enumerate(experiment.designs):
        label = design.net.label
        values = np.array([_theory(experiment, design.net, int(n)) for n in fine])
        x = tuple(float(n) for n in fine)
        whole.append(Series(label, "theory", color, x, tuple(map(float, values))))
        outside = [float(held_out(v, int(n), points)) for n, v in zip(fine, values)]  # noqa: B905
        left.append(Series(label, "theory", color, x, tuple(outside)))
        for what in ("kernel", "nets"):
            for panel, quantity in ((whole, "learnability"), (left, "held out")):
                found = [
                    (n, measured.get(what, n, label, quantity))
                    for n in experiment.sizes
                ]
                sound = [(n, s) for n, s in found if s is not None and s.sound]
                if sound:
                    panel.append(
                        Series(
                            label,
                            what,
                            color,
                            tuple(float(n) for n, _ in sound),
                            tuple(s.mean for _, s in sound),
                            tuple(s.error for _, s in sound),
                        )
                    )
    ends = (1.0, float(points))
    left.append(Series("nothing learned", "guide", -1, ends, (0.0, 0.0)))
    x = r"training points $n$"
    return Picture(
        (
            Panel(x, r"learnability $\mathcal{L}$, all points", tuple(whole)),
            Panel(x, r"learnability, held-out points", tuple(left)),
        )
    )


def _table(experiment: Engineered, measured: Measurements) -> Rows:
    headings = (
        Heading("net", "net", "net"),
        Heading("n", "n", "$n$"),
        Heading("theory", "L theory", r"$\mathcal{L}$", "float64"),
        Heading("kernel", "L kernel", r"$\mathcal{L}$ kernel", "standard error"),
        Heading("nets", "L nets", r"$\mathcal{L}$ nets", "standard error"),
        Heading("held_out", "held-out L, nets", "held out", "standard error"),
        Heading("accuracy", "held-out accuracy, nets", "accuracy", "standard error"),
    )
    rows = []
    for design in experiment.designs:
        label = design.net.label
        for n in experiment.sizes:
            rows.append(
                (
                    label,
                    n,
                    _theory(experiment, design.net, n),
                    measured.get("kernel", n, label, "learnability"),
                    measured.get("nets", n, label, "learnability"),
                    measured.get("nets", n, label, "held out"),
                    measured.get("nets", n, label, "accuracy"),
                )
            )
    return Rows(headings, tuple(rows), f"Who learns parity: {experiment.domain}", 1e-12)


def _diagnostics(experiment: Engineered, measured: Measurements) -> Rows:
    headings = (
        Heading("net", "net", "net"),
        Heading("n", "n", "$n$"),
        Heading("rho", "ρ, largest", r"$\rho$, largest"),
        Heading("stability", "2·lr·λ_max/n", r"$2\,\mathrm{lr}\,\lambda_{\max}/n$"),
        Heading("steps", "steps, largest", "steps, largest"),
        Heading("train_mse", "train MSE, largest", "train MSE, largest"),
        Heading("diverged", "diverged", "diverged"),
    )
    rows = []
    for design in experiment.designs:
        for n in experiment.sizes:
            cells: list[Any] = [design.net.label, n]
            for quantity, form in (
                ("rho", ".3g"),
                ("stability", ".2f"),
                ("steps", ".0f"),
                ("train_mse", ".1e"),
                ("diverged", ".0f"),
            ):
                found = measured.get("nets", n, design.net.label, quantity)
                cells.append("–" if found is None else f"{found.mean:{form}}")
            rows.append(tuple(cells))
    return Rows(headings, tuple(rows), "Where agreement can be expected")


def _errors(experiment: Engineered, measured: Measurements) -> tuple[ErrorRow, ...]:
    rows = []
    for design in experiment.designs:
        label = design.net.label
        for n in experiment.sizes:
            kernel = measured.get("kernel", n, label, "learnability")
            if kernel is not None:
                value = _theory(experiment, design.net, n)
                gap = Sample(kernel.mean - value, kernel.error, kernel.samples)
                rows.append(
                    ErrorRow("kernel − theory", "learnability", label, str(n), gap)
                )
            nets = measured.get("nets − kernel", n, label, "learnability")
            rho = measured.get("nets", n, label, "rho")
            if nets is not None and rho is not None:
                shares = {"width bound": width_bound(rho.mean, design.width)}
                rows.append(
                    ErrorRow(
                        "nets − kernel", "learnability", label, str(n), nets, shares
                    )
                )
    return tuple(rows)


def _remarks(experiment: Engineered) -> tuple[str, ...]:
    d = int(experiment.place.d)
    found = [
        "A dot-product kernel with non-negative Taylor coefficients has λ_d ≤ λ_{d−2} ≤ …: "
        "the full parity's learnability is at most n/2^(d−1), and what is learned of it on "
        "held-out points is at most n/(2^d − n).",
        "A rule that interpolates has n of the M points right for free: held-out "
        "learnability is (M L − n)/(M − n), and 0 means that nothing was learned.",
    ]
    if experiment.target != d:
        found = found[1:]
    odd = [
        design.net.label
        for design in experiment.designs
        if effective_size(
            _spectrum(design.net, experiment.domain, "ntk"), 2, 2**d, experiment.target
        )
        != 2
    ]
    if odd:
        words = "counts them as one" if experiment.pairs else "does not know that"
        found.append(
            f"The kernel of {', '.join(odd)} has one parity and sees x and −x as one point: "
            f"n draws hold fewer different ones. Theory here {words}."
        )
    if experiment.learning_rate is not None:
        found.append(f"The learning rate is {experiment.learning_rate}, as published.")
    return tuple(found)
