"""Training, step by step, against an independent trainer written in NumPy."""

import math
import threading

import jax
import numpy as np
import pytest

import verify.networks.batches.memory as memory
import verify.networks.batches.net_queue as net_queue
from verify.networks import (
    Architecture,
    DivergenceError,
    MemoryLimitError,
    SettingError,
    Training,
    empirical_ntk,
    initialize,
    linearized_descent,
    net_key,
    train,
    trajectory,
)
from verify.networks.model.training_rule import OUTCOMES
from verify.networks.steps.precision import arithmetic

_ERF = np.vectorize(math.erf)
FUNCTIONS = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "sin": (np.sin, np.cos),
    "leaky_relu:0.2": (
        lambda z: np.where(z > 0, z, 0.2 * z),
        lambda z: np.where(z > 0, 1, 0.2),
    ),
    "erf": (_ERF, lambda z: 2 / np.sqrt(np.pi) * np.exp(-(z**2))),
    "gelu": (
        lambda z: z * (1 + _ERF(z / np.sqrt(2))) / 2,
        lambda z: (
            (1 + _ERF(z / np.sqrt(2))) / 2
            + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        ),
    ),
    "polynomial:0.5,1,0.25": (lambda z: 0.5 + z + z**2 / 4, lambda z: 1 + z / 2),
}
X = np.array([[1.0, 0.3], [-0.4, 1.2], [0.5, -1.1], [-1.3, 0.2], [0.9, 0.8]])
Y = np.array([1.0, -0.5, 0.7, -1.2, 0.1])
TEST = np.array([[0.2, 0.1], [-1.0, 1.0], [0.6, 0.4]])


def naive(net, weights, biases, x, y, test, rate, steps):
    """Gradient descent with backpropagation by hand; yields centered test outputs."""
    phi, slope = FUNCTIONS[net.activation]
    ntk = net.parameterization == "ntk"
    a = [
        math.sqrt((net.weight_variance if i < net.depth else 1) / w.shape[0])
        if ntk
        else 1.0
        for i, w in enumerate(weights)
    ]
    s = math.sqrt(net.bias_variance) if ntk else float(net.bias_variance > 0)

    def forward(x):
        hs, zs = [x], []
        for i in range(net.depth):
            zs.append(a[i] * hs[-1] @ weights[i] + s * biases[i])
            hs.append(phi(zs[-1]))
        return hs, zs, a[-1] * (hs[-1] @ weights[-1])[:, 0]

    start, start_test = forward(x)[2], forward(test)[2]
    for _ in range(steps + 1):
        yield forward(test)[2] - start_test
        hs, zs, f = forward(x)
        delta = (2 / len(y) * (f - start - y))[:, None]
        updates = []
        for i in reversed(range(net.depth + 1)):
            updates.append((i, a[i] * hs[i].T @ delta, s * delta.sum(axis=0)))
            if i:
                delta = a[i] * delta @ weights[i].T * slope(zs[i - 1])
        for i, w, b in updates:
            weights[i] = weights[i] - rate * w
            if i < net.depth:
                biases[i] = biases[i] - rate * b


@pytest.mark.parametrize(
    ("depth", "activation", "bias_variance", "parameterization", "dtype", "points"),
    # 3 points: held by points, not by weights
    [
        (3, "tanh", 0.2, "ntk", "float64", 5),
        (2, "tanh", 0.2, "ntk", "float64", 3),
        (2, "relu", 0.2, "ntk", "float32", 5),
        (2, "sin", 0.2, "standard", "float64", 3),
        (2, "leaky_relu:0.2", 0.2, "standard", "float64", 5),
        # one hidden layer is padded; this activation doesn't vanish at 0
        (1, "polynomial:0.5,1,0.25", 0.2, "ntk", "float64", 5),
        (1, "polynomial:0.5,1,0.25", 0.2, "ntk", "float64", 3),
        (1, "erf", 0.0, "ntk", "float64", 5),
        # homogeneous: the read-out's slope comes from that of the weights
        (1, "relu", 0.2, "ntk", "float64", 5),
        (1, "relu", 0.2, "ntk", "float32", 3),
        (1, "leaky_relu:0.2", 0.0, "standard", "float64", 3),
        (2, "gelu", 0.0, "standard", "float64", 5),
    ],
)
def test_every_step_is_that_of_an_independent_trainer(
    depth, activation, bias_variance, parameterization, dtype, points
):
    x, y = X[:points], Y[:points]
    net = Architecture(depth, 10, activation, 1.5, bias_variance, parameterization)
    key, rate, steps = net_key(0, points, 0), 0.05, 60
    training = Training(learning_rate=rate, dtype=dtype)
    way = trajectory(net, training, x, y, TEST, key, range(steps + 1))
    ours, first = way.predictions, way.parameters[0]
    assert {str(leaf.dtype) for leaf in jax.tree.leaves(first)} == {dtype}
    weights = [np.asarray(layer.weights, np.float64) for layer in first]
    biases = [np.zeros(10)] * depth
    if bias_variance:
        biases = [np.asarray(layer.bias, np.float64) for layer in first[:-1]]
    theirs = list(naive(net, weights, biases, x, y, TEST, rate, steps))
    tolerance = 1e-9 if dtype == "float64" else 2e-5
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)
    assert np.abs(ours[-1]).max() > 0.1  # it did learn something


def test_a_lazy_net_follows_its_linearization_at_every_step():
    net, key = Architecture(2, 40, "tanh"), net_key(1, 5, 0)
    training = Training(dtype="float64", target_scale=1e-5)
    steps = [0, 1, 2, 3, 10, 100, 1000]
    way = trajectory(net, training, X, Y, TEST, key, steps)
    with arithmetic("float64"):
        first = initialize(net, 2, key, "float64")
        kernel = empirical_ntk(net, first, jax.numpy.asarray(X))
        cross = empirical_ntk(net, first, jax.numpy.asarray(TEST), jax.numpy.asarray(X))
    oracle = linearized_descent(kernel, cross, Y, way.learning_rate, steps)
    # what is left is of the order of the scale: 1e-5 times a curvature
    np.testing.assert_allclose(way.predictions, oracle, atol=2e-4)
    assert np.abs(oracle).max() > 0.3


def _nets(n=5, trials=3, targets=2, seed=0):
    random = np.random.default_rng(seed)
    x = random.standard_normal((trials, n, 2))
    y = random.standard_normal((trials, targets, n))
    keys = [[net_key(seed, n, trial)] * targets for trial in range(trials)]
    return x, y, TEST, keys


NET = Architecture(2, 12, "tanh")


def test_a_batch_of_nets_comes_to_what_single_nets_come_to():
    """Queue, padding of n = 5 to 6, refilled slots: none of it may be seen."""
    x, y, test, keys = _nets()
    training = Training(dtype="float64", stop_mse=1e-3, check_every=7, max_steps=2000)
    batch = train(NET, training, x, y, test, keys, slots=4)
    assert len(set(batch.steps.ravel())) > 3  # they finish at different steps
    for i in range(3):
        for j in range(2):
            steps = batch.steps[i, j]
            way = trajectory(
                NET, training, x[i], y[i, j], np.vstack([test, x[i]]), keys[i][j],
                [steps - 7, steps],
            )  # fmt: skip
            np.testing.assert_allclose(
                batch.predictions[i, j], way.predictions[1, :3], rtol=1e-8
            )
            before, after = ((way.predictions[:, 3:] - y[i, j]) ** 2).mean(axis=1)
            assert OUTCOMES[batch.outcome[i, j]] == "converged"
            assert steps % 7 == 0
            assert after < 1e-3 <= before
            assert batch.train_mse[i, j] == pytest.approx(after, rel=1e-8)


def test_the_number_of_slots_changes_nothing():
    x, y, test, keys = _nets()
    training = Training(dtype="float64", stop_mse=1e-3)
    one, *others = (
        train(NET, training, x, y, test, keys, slots=slots) for slots in (2, 1, 6)
    )
    for other in others:
        np.testing.assert_array_equal(one.steps, other.steps)
        np.testing.assert_allclose(one.predictions, other.predictions, rtol=1e-9)


def test_lanes_give_the_bits_of_a_rerun_and_the_numbers_of_one_lane(monkeypatch):
    """Three threads, each with its share of the nets, whatever cores there are."""
    x, y, test, keys = _nets()
    training = Training(dtype="float64", stop_mse=1e-3)
    monkeypatch.setattr(memory, "cores", lambda: 3)
    first, again = (train(NET, training, x, y, test, keys, slots=6) for _ in range(2))
    np.testing.assert_array_equal(first.predictions, again.predictions)
    monkeypatch.setattr(memory, "cores", lambda: 1)
    alone = train(NET, training, x, y, test, keys, slots=6)
    np.testing.assert_array_equal(first.steps, alone.steps)
    np.testing.assert_allclose(first.predictions, alone.predictions, rtol=1e-9)


def test_an_error_in_a_lane_or_in_the_progress_stops_all_lanes(monkeypatch):
    x, y, test, keys = _nets()
    monkeypatch.setattr(memory, "cores", lambda: 3)
    training = Training(dtype="float64", stop_mse=1e-3)

    def stop(finished, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(NET, training, x, y, test, keys, slots=6, progress=stop)
    assert not any("work" in thread.name for thread in threading.enumerate())
    advance = net_queue.advance

    def fail(*arguments, **options):
        if threading.current_thread() is not threading.main_thread():
            raise LookupError
        return advance(*arguments, **options)

    monkeypatch.setattr(net_queue, "advance", fail)
    with pytest.raises(LookupError):
        train(NET, training, x, y, test, keys, slots=6)
    assert not any("work" in thread.name for thread in threading.enumerate())


def test_dropping_free_slots_changes_nothing(monkeypatch):
    """Which is done for big nets only, since it compiles; here for small ones too."""
    x, y, test, keys = _nets()
    training = Training(dtype="float64", stop_mse=1e-3)
    kept = train(NET, training, x, y, test, keys, slots=6)
    sizes = []
    monkeypatch.setattr(net_queue, "_CPU", net_queue.Pace(2e11, 0.0))
    keep = net_queue.keep
    monkeypatch.setattr(
        net_queue,
        "keep",
        lambda slots, order: (sizes.append(len(order)), keep(slots, order))[1],
    )
    dropped = train(NET, training, x, y, test, keys, slots=6)
    assert sizes[0] < 6
    assert sizes[-1] == 1
    np.testing.assert_array_equal(kept.steps, dropped.steps)
    np.testing.assert_allclose(kept.predictions, dropped.predictions, rtol=1e-9)


def test_the_default_learning_rate_is_at_most_0_8_of_the_stability_edge():
    x, y, test, keys = _nets()
    done = train(NET, Training(max_steps=0), x, y, test, keys)
    with arithmetic("float32"):
        for i in range(3):
            first = initialize(NET, 2, keys[i][0])
            points = jax.numpy.asarray(x[i], "float32")
            top = np.linalg.eigvalsh(np.asarray(empirical_ntk(NET, first, points)))[-1]
            np.testing.assert_allclose(done.lambda_max[i], top, rtol=1e-5)
            rate = min(0.5, 0.8 * 5 / top)
            np.testing.assert_allclose(done.learning_rate[i], rate, rtol=1e-5)
            np.testing.assert_allclose(done.stability[i], 2 * rate * top / 5, rtol=1e-5)
    assert (done.predictions == 0).all()  # no step, centered


def test_a_given_largest_eigenvalue_sets_the_learning_rate():
    x, y, test, keys = _nets()
    top = [10.0, 40.0, 20.0]
    done = train(NET, Training(max_steps=1), x, y, test, keys, lambda_max=top)
    np.testing.assert_allclose(done.learning_rate[:, 0], [0.4, 0.1, 0.2])
    np.testing.assert_allclose(done.stability, 1.6)


@pytest.mark.parametrize(
    ("settings", "outcome", "steps"),
    [
        ({"max_steps": 25}, "max_steps", 25),
        ({"max_time": 0.3}, "max_time", 30),
        ({"stop_mse": 100.0}, "converged", 0),
    ],
)
def test_training_stops_by_steps_time_or_loss(settings, outcome, steps):
    x, y, test, keys = _nets()
    training = Training(**{"learning_rate": 0.01, "stop_mse": 0.0, **settings})
    done = train(NET, training, x, y, test, keys)
    assert {OUTCOMES[k] for k in done.outcome.ravel()} == {outcome}
    assert set(done.steps.ravel()) == {steps}
    np.testing.assert_allclose(done.time, 0.01 * steps, rtol=1e-6)


def test_divergence_is_recorded_and_named_and_never_averaged():
    x, y, test, keys = _nets()
    linear = Architecture(1, 12, "polynomial:0,1")
    top = np.array([1.0, 1.0, 1.0])
    # far beyond the edge for a linear net of this size: it can't be caught again
    training = Training(learning_rate=50.0, max_steps=500)
    done = train(linear, training, x, y, test, keys, lambda_max=top)
    assert done.diverged.all()
    assert np.isnan(done.predictions).all()
    assert (done.steps < 500).all()
    line = done.divergences()[0]
    for words in (
        "trial 0, target 0 diverged at step",
        "training MSE",
        "= 20 (edge 2)",
    ):
        assert words in line
    with pytest.raises(DivergenceError, match="trial 2, target 1"):
        done.check()


def test_one_diverging_net_leaves_its_neighbors_alone():
    x, y, test, keys = _nets()
    training = Training(dtype="float64", max_steps=300, stop_mse=1e-3)
    linear = Architecture(2, 12, "polynomial:0,1")
    alone = train(linear, training, x[1:], y[1:], test, keys[1:], slots=2)
    x[0] *= 1e3  # with a learning rate for small inputs this one explodes
    top = [1.0, *alone.lambda_max[:, 0]]
    mixed = train(linear, training, x, y, test, keys, lambda_max=top, slots=2)
    assert mixed.diverged[0].all()
    assert not mixed.diverged[1:].any()
    np.testing.assert_array_equal(mixed.steps[1:], alone.steps)
    np.testing.assert_allclose(mixed.predictions[1:], alone.predictions, rtol=1e-8)


def test_out_of_memory_says_what_was_asked_what_there_is_and_what_to_change():
    x, y, test, keys = _nets()
    with pytest.raises(MemoryLimitError, match=r"about \d+ bytes and 10 are.*width"):
        train(NET, Training(), x, y, test, keys, memory=10)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x, y, t, k: (x[0], y, t, k), "inputs: shape"),
        (lambda x, y, t, k: (x, y[:, :, :3], t, k), r"must be \[trials, n, dim\]"),
        (lambda x, y, t, k: (x, y, t[:, :1], k), r"must be \[trials, n, dim\]"),
        (lambda x, y, t, k: (x, y, t, k[:1]), "keys: must be 3 rows of 2"),
        (lambda x, y, t, k: (x * np.nan, y, t, k), "inputs: must be finite"),
        (lambda x, y, t, k: (x, y[:, :0], t, k), "targets: shape"),
    ],
)
def test_arrays_that_do_not_fit_are_named(change, words):
    with pytest.raises(SettingError, match=words):
        train(NET, Training(), *change(*_nets()))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"learning_rate": 0.0}, "learning_rate = 0.0: must be a finite number > 0"),
        ({"learning_rate": float("inf")}, "learning_rate = inf"),
        ({"max_steps": -1}, "max_steps = -1"),
        ({"max_steps": 2**31}, "max_steps = 2147483648"),
        ({"check_every": 0}, "check_every = 0"),
        ({"stop_mse": -1e-5}, "stop_mse = -1e-05"),
        ({"dtype": "float16"}, "must be one of float32, float64"),
        ({"dynamics": "adam"}, "must be one of descent, flow"),
        ({"centered": 1}, "centered = 1: must be True or False"),
        ({"max_time": 0}, "max_time = 0"),
    ],
)
def test_bad_training_is_named_with_what_is_allowed(settings, words):
    with pytest.raises(SettingError, match=words):
        Training(**settings)
