"""Trained nets follow kernel regression with the NTK, and not with the NNGP."""

import numpy as np

from verify.networks import Architecture, Cell, HypercubeData, Training
from verify.networks.model.linearized import linearized_descent, steps_to_stop


def _arc_cosine(c):
    """Return E φ(u)φ(v) and E φ′(u)φ′(v) of ReLU, for variances 1 and correlation c."""
    angle = np.arccos(np.clip(c, -1, 1))
    first = (np.sqrt(np.clip(1 - c**2, 0, None)) + (np.pi - angle) * c) / (2 * np.pi)
    return first, (np.pi - angle) / (2 * np.pi)


def _kernels(cosine, depth, w2=2.0, b2=0.01):
    """Return the NTK and the NNGP of a ReLU net, by the layer-by-layer recursion."""
    q, s = w2 + b2, w2 * cosine + b2
    ntk = s
    for layer in range(depth):
        value, slope = _arc_cosine(s / q)
        value, slope = q * value, slope
        last = layer == depth - 1
        weight, bias = (1.0, 0.0) if last else (w2, b2)
        s, q = weight * value + bias, weight * q / 2 + bias
        ntk = s + weight * ntk * slope
    return ntk, s


def test_wide_nets_follow_the_ntk_and_not_the_nngp_step_for_step():
    """Paired on the same data sets, with the kernel stopped as the net is."""
    data = HypercubeData(5, ("parity:1", "parity:2"))
    net, n, trials = Architecture(2, 512), 12, tuple(range(6))
    examples = data.examples(n, trials)
    kernels = [
        _kernels(examples.test_inputs @ x.T / 5, net.depth)
        for x in examples.train_inputs
    ]
    rows = examples.indices
    top = tuple(
        float(np.linalg.eigvalsh(ntk[rows[t]])[-1])
        for t, (ntk, _) in enumerate(kernels)
    )
    result = Cell(net, Training(), data, n, trials, lambda_max=top).run()
    distance, steps = np.zeros(2), []
    for t in trials:
        for j, y in enumerate(examples.train_targets[t]):
            for k, cross in enumerate(kernels[t]):
                square = cross[rows[t]]
                rate = 0.8 * n / np.linalg.eigvalsh(square)[-1]
                rate = min(rate, 0.5)
                count = steps_to_stop(square, y, rate)
                if k == 0:
                    steps.append(result.steps[t, j] / count)
                f = linearized_descent(square, cross, y, rate, [count])[0]
                distance[k] += np.mean((result.predictions[t, j] - f) ** 2)
    # the number of steps is a prediction too: within a fifth on average
    assert abs(np.mean(steps) - 1) < 0.2, steps
    ntk, nngp = np.sqrt(distance / (2 * len(trials)))
    assert ntk < 0.15, ntk  # finite width: about 0.4 … 2/√512 in each prediction
    assert nngp > 2 * ntk, (ntk, nngp)


def test_the_empirical_kernel_of_a_wide_net_is_the_infinite_one():
    import jax

    from verify.networks import empirical_ntk, initialize

    points = HypercubeData(4, ("parity:0",)).points
    ours = []
    net = Architecture(2, 512)
    evaluate = jax.jit(
        lambda key: empirical_ntk(
            net, initialize(net, 4, key), jax.numpy.asarray(points, "float32")
        )
    )
    for seed in range(16):
        ours.append(np.asarray(evaluate(jax.random.key(seed))))
    ntk, _ = _kernels(points @ points.T / 4, 2)
    mean, error = np.mean(ours, axis=0), np.std(ours, axis=0, ddof=1) / 4
    z = (mean - ntk) / error
    assert np.abs(mean - ntk).max() < 0.06 * ntk.max()
    assert np.sqrt(np.mean(z**2)) < 2.5
