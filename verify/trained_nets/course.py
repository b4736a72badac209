"""The loss of nets at every recorded step against the theory at that time.

Steps are translated into the time of gradient flow by the learning rate and the factor of
the loss (``numerics.training.stopping.flow_time``), so losses logged elsewhere are judged
in the same way. One verdict a curve; ridge regression with the ridge 1/τ is tested on the
same losses as a wrong theory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from numerics import predict, spectrum
from numerics.training.stopping import flow_time
from theory import Kernel, OutOfDomain, domains, kernels
from theory.domains import Domain
from verify.networks import Architecture, HypercubeData, Training, net_key, trajectory
from verify.suites import Request
from verify.verdicts.curves import curve_report, judged, refutation
from verify.verdicts.report import Report

MARGIN = 0.05
"""In units of the target's power: the theory's own error, and what finite width leaves."""


@dataclass(frozen=True)
class LoggedCourse:
    """Test losses of trained nets, recorded at some steps.

    Attributes
    ----------
    steps
        Steps (epochs of full batches) after which the loss was recorded.
    losses
        Test MSE of each net, over the whole domain, shape [net, step]; every net has a data
        set of its own.
    rate, n
        Learning rate, and training points.
    mean, half
        Whether the loss that was trained on is the mean over points, not the sum; whether
        it has the factor ½.
    width
        Of the nets; it stands in the claim.
    rho
        Mean of yᵀK⁻¹y/width, where known: how far such nets move from their kernel.
    """

    steps: Sequence[int]
    losses: np.ndarray
    rate: Any
    n: int
    mean: bool = True
    half: bool = False
    width: int | None = None
    rho: float | None = None

    def __post_init__(self) -> None:
        shape = np.shape(self.losses)
        if len(shape) != 2 or shape[1] != len(self.steps) or shape[0] < 2:
            raise OutOfDomain(
                f"losses has shape {shape}; it must be [net, step] with "
                f"{len(self.steps)} steps, and at least two nets"
            )

    @property
    def times(self) -> list[Any]:
        """The time of gradient flow at each step."""
        flags = {"mean": self.mean, "half": self.half}
        return [flow_time(self.rate, step, self.n, **flags) for step in self.steps]

    def __str__(self) -> str:
        loss = ("½ " if self.half else "") + ("mean" if self.mean else "sum")
        size = "" if self.width is None else f" of width {self.width}"
        rho = "" if self.rho is None else f", ρ = {self.rho:.2g}"
        return f"nets{size}{rho}, trained on the {loss} of squares"


def judge_course(
    logged: LoggedCourse,
    kernel: str | Kernel,
    domain: str | Domain,
    target: Mapping[int, Any],
    noise: Any = 0,
    *,
    sampling: str = "distinct",
    margin: float = MARGIN,
    seed: int = 0,
    name: str = "networks/course",
) -> list[Report]:
    """Whether theory describes a course of training within a margin, and 1/τ does not.

    Parameters
    ----------
    logged
        What was recorded.
    kernel, domain, target, noise, sampling
        As ``spectrum`` and ``predict`` take them; the kernel is the nets' tangent kernel.
        Losses are on labels without noise where ``noise`` is that of training labels.
    margin
        Largest difference at any step that counts as agreement, in units of the target's
        power.

    Examples
    --------
    >>> losses = np.array([[0.9, 0.5], [1.1, 0.7], [1.0, 0.6]])
    >>> logged = LoggedCourse([0, 9], losses, "1/10", 4)
    >>> [x.verdict.value for x in judge_course(logged, "exponential", "hypercube:4", {1: 1})]
    ['inconclusive', 'inconclusive']
    """
    start = perf_counter()
    s = spectrum(kernel, domain)
    fresh = float(predict(s, target, logged.n, noise=noise).noise.flat[0])
    ask = {"noise": noise, "sampling": sampling}
    p = predict(s, target, logged.n, time=logged.times, **ask)
    late = [time for time in logged.times if time > 0]
    power = float(predict(s, target, 0).test_mse)
    units = [power] * len(late)
    q = predict(s, target, logged.n, [1 / time for time in late], **ask)
    measured = np.asarray(logged.losses, dtype=float).T
    steps = (
        f"{len(logged.steps)} steps, τ = {float(late[0]):.3g} … {float(late[-1]):.3g}"
    )
    moving = [row for row, t in zip(measured, logged.times, strict=True) if t > 0]
    theory = [
        value - fresh
        for value, t in zip(p.test_mse, logged.times, strict=True)
        if t > 0
    ]
    return [
        curve_report(
            name,
            f"the loss of {logged} is that of gradient flow within {margin:.0%} of "
            f"the target's power at {steps}",
            judged(moving, theory, margin, units),
            seed,
            start,
            "the power",
        ),
        refutation(
            f"{name}/ridge as time",
            f"the ridge 1/τ does not describe {logged} within {margin:.0%} of the target's "
            "power",
            judged(moving, q.test_mse - fresh, margin, units),
            seed,
            start,
            "the power",
        ),
    ]


NET = Architecture(1, 1024, "relu", bias_variance=0.1)
CUBE = 7
LEVELS = (1, 2)
N = 40
RATE = 0.25
STEPS = (2, 6, 20, 60, 200, 600)
NETS = 64


def follow(level: int, nets: int, seed: int, device: str | None = None) -> LoggedCourse:
    """Train nets on parities of the cube, and record their loss on all points."""
    data = HypercubeData(CUBE, (f"parity:{level}",), seed)
    examples = data.examples(N, tuple(range(nets)))
    kernel = _kernel()
    losses, rho = [], []
    for trial in range(nets):
        x, y = examples.train_inputs[trial], examples.train_targets[trial, 0]
        way = trajectory(
            NET,
            Training(learning_rate=RATE),
            x,
            y,
            examples.test_inputs,
            net_key(seed, N, trial),
            STEPS,
            device=device,
        )
        losses.append(
            np.mean((way.predictions - examples.test_targets[0]) ** 2, axis=1)
        )
        matrix = kernel.matrix(x, norms="equal")
        rho.append(float(y @ np.linalg.solve(matrix, y)) / NET.width)
    return LoggedCourse(
        STEPS, np.array(losses), str(RATE), N, width=NET.width, rho=float(np.mean(rho))
    )


def _kernel() -> Any:
    return kernels.ntk(
        NET.activation,
        depth=NET.depth,
        weight_variance=NET.weight_variance,
        bias_variance=str(NET.bias_variance),
    )


def course_reports(level: int, request: Request) -> list[Report]:
    """Both reports on the nets of one target."""
    logged = follow(level, NETS, request.seed, request.device)
    domain = domains.parse(f"hypercube:{CUBE}")
    name = f"networks/course/parity:{level}"
    return judge_course(
        logged, _kernel(), domain, {level: 1}, seed=request.seed, name=name
    )
