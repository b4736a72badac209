"""Exact laws of lazy nets: a tiny target moves no kernel, so nets obey kernel theory.

Targets are divided by 1000 or more and outputs multiplied back. What is left over is of
the order of that scale, so the bounds here are known before anything is trained.
"""

from dataclasses import replace

import numpy as np

from verify.networks import (
    Architecture,
    Cell,
    CircleData,
    HypercubeData,
    Training,
    linearized_descent,
    linearized_flow,
    net_key,
    trajectory,
)
from verify.networks.data_sources.examples import DataSource
from verify.networks.model.linearized import steps_to_stop
from verify.networks.steps.precision import arithmetic, find_device
from verify.suites import Request
from verify.trained_nets.measured import Claim, Found, kernels_of, within
from verify.verdicts.verdict import Verdict

_WAVES = ("cos:0", "cos:1", "sin:1", "cos:2", "sin:2", "cos:3", "sin:3", "cos:4")
_LAZY = Training(dtype="float64", target_scale=1e-3, stop_mse=1e-10, max_steps=300_000)
_CIRCLE = CircleData(8, _WAVES)
SUM_BOUND = 1e-3
"""Allowed |Σ L − n|: targets are a thousandth, and outputs curve by about as much."""

_NETS: tuple[tuple[Architecture, int], ...] = (
    (Architecture(1, 64, "relu", bias_variance=0.1), 3),
    (Architecture(2, 64, "tanh", bias_variance=0.1), 4),
    (Architecture(3, 64, "gelu", 1.7, 0.3), 5),
)


def _sums(
    net: Architecture, training: Training, data: DataSource, n: int, request: Request
):
    trials = tuple(range(request.examples or 3))
    cell = Cell(net, training, data, n, trials, request.seed)
    result = cell.run(device=request.device)
    untrained = ~(result.train_mse < training.stop_mse)
    sums = result.learnability.sum(axis=1) - n
    sums[untrained.any(axis=1)] = np.nan  # the law is about nets that fit their data
    return sums


def _conservation(request: Request) -> Found:
    differences = [_sums(net, _LAZY, _CIRCLE, n, request) for net, n in _NETS]
    return within(np.concatenate(differences), SUM_BOUND, "Σ L − n")


def _own_initializations(request: Request) -> Found:
    """Break the law on purpose: with a kernel for each mode the sum is off."""
    own = replace(_LAZY, shared_initialization=False)
    net, n = _NETS[0]
    off = np.abs(_sums(net, own, _CIRCLE, n, request))
    seen = bool((off > SUM_BOUND).any())
    effect = f"|Σ L − n| from {off.min():.2g} to {off.max():.2g}"
    return Found(Verdict.CONFIRMED if seen else Verdict.REFUTED, off.size, effect)


_POINTS = HypercubeData(4, ("parity:1", "parity:2", "parity:4"))
_TINY = replace(_LAZY, target_scale=1e-5)
_FOLLOWED: tuple[Architecture, ...] = (
    Architecture(1, 48, "leaky_relu:0.1"),
    Architecture(2, 48, "erf", 1.5, 0.1),
    Architecture(1, 48, "sin", parameterization="standard", weight_variance=1.0),
)
PATH_BOUND = 1e-3
"""Allowed deviation of outputs of order 1 from the closed form, at every step."""


def _paths(request: Request, dynamics: str) -> Found:
    n, off = 6, []
    for index, net in enumerate(_FOLLOWED):
        trial = index
        examples = _POINTS.examples(n, (trial,))
        x, test = examples.train_inputs[0], examples.test_inputs
        key = net_key(request.seed, n, trial)
        training = replace(_TINY, dynamics=dynamics, flow_tolerance=1e-7)
        with arithmetic("float64", find_device(request.device)):
            for y in examples.train_targets[0]:
                if dynamics == "flow":
                    off.append(_flow(net, training, x, y, test, key, request))
                else:
                    off.append(_descent(net, training, x, y, test, key, request))
    words = "output − closed form"
    return within(np.concatenate([o.ravel() for o in off]), PATH_BOUND, words)


def _descent(net, training, x, y, test, key, request):
    steps = [*range(50), 100, 200, 400]
    way = trajectory(net, training, x, y, test, key, steps, device=request.device)
    square, cross = kernels_of(net, way.parameters[0], test, x)
    oracle = linearized_descent(square, cross, y, way.learning_rate, steps)
    return way.predictions - oracle


def _flow(net, training, x, y, test, key, request):
    from verify.networks import train

    off = []
    for time in (0.25, 1.0, 4.0):
        until = replace(training, max_time=time, stop_mse=0.0)
        done = train(net, until, [x], [[y]], test, [[key]], device=request.device)
        start = trajectory(net, training, x, y, test, key, [0], device=request.device)
        square, cross = kernels_of(net, start.parameters[0], test, x)
        oracle = linearized_flow(square, cross, y, [float(done.time[0, 0])])
        off.append(done.predictions[0, 0] - oracle[0])
    return np.stack(off)


def _steps(request: Request) -> Found:
    """Compare where training stops with where the closed form says it stops."""
    n, net = 6, Architecture(2, 48, "tanh", 1.5, 0.1)
    training = replace(_TINY, stop_mse=1e-4)
    trials = tuple(range(request.examples or 3))
    result = Cell(net, training, _POINTS, n, trials, request.seed).run(
        device=request.device
    )
    examples = _POINTS.examples(n, trials)
    off = []
    for trial in trials:
        x = examples.train_inputs[trial]
        key = net_key(request.seed, n, trial)
        with arithmetic("float64", find_device(request.device)):
            start = trajectory(
                net, training, x, examples.train_targets[trial, 0], x, key, [0],
                device=request.device,
            )  # fmt: skip
            square, _ = kernels_of(net, start.parameters[0], x, x)
        for j, y in enumerate(examples.train_targets[trial]):
            rate = float(result.learning_rate[trial, j])
            count = steps_to_stop(
                square, y, rate, stop_mse=1e-4, max_steps=training.max_steps
            )
            off.append(float(result.steps[trial, j] - count))
    # the last look may fall to the other side of the bound by the little that's left
    return within(off, training.check_every, "steps − predicted")


CLAIMS = (
    Claim(
        "networks/conservation",
        "Σ L = n holds for trained nets that share their initialization and are lazy",
        _conservation,
    ),
    Claim(
        "networks/one-initialization",
        "Σ L = n fails for trained nets when every mode has an initialization of its own",
        _own_initializations,
    ),
    Claim(
        "networks/descent",
        "a lazy net follows gradient descent on its own kernel, in closed form, at "
        "every step",
        lambda request: _paths(request, "descent"),
    ),
    Claim(
        "networks/flow",
        "a lazy net in gradient flow follows the closed form in time",
        lambda request: _paths(request, "flow"),
    ),
    Claim(
        "networks/steps",
        "a lazy net stops at the step that its kernel predicts",
        _steps,
    ),
)
