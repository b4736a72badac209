"""A net's function, against the definition written out in NumPy."""

import math

import jax
import numpy as np
import pytest

from verify.networks import Architecture, SettingError, apply, initialize
from verify.networks.model.activations import activation
from verify.networks.steps.precision import arithmetic

ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu:0.1": lambda z: np.where(z > 0, z, 0.1 * z),
    "erf": np.vectorize(math.erf),
    "tanh": np.tanh,
    "sin": np.sin,
    "gelu": lambda z: z * np.vectorize(math.erfc)(-z / math.sqrt(2)) / 2,
    "polynomial:1,-2,0,0.5": lambda z: 1 - 2 * z + 0.5 * z**3,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_is_the_function_of_its_name(name):
    z = np.linspace(-3, 3, 25)
    with arithmetic("float64"):
        ours = np.asarray(activation(name)(jax.numpy.asarray(z)))
    np.testing.assert_allclose(ours, ACTIVATIONS[name](z), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("parameterization", ["ntk", "standard"])
@pytest.mark.parametrize("bias_variance", [0.0, 0.3])
def test_output_is_the_definition_layer_by_layer(parameterization, bias_variance):
    net = Architecture(3, 7, "tanh", 1.7, bias_variance, parameterization)
    x = np.linspace(-1, 1, 10).reshape(5, 2)
    with arithmetic("float64"):
        parameters = initialize(net, 2, jax.random.key(3), "float64")
        ours = np.asarray(apply(net, parameters, jax.numpy.asarray(x)))
    h = x
    for index, (w, b) in enumerate(parameters):
        last = index == 3
        factor = (1.0 if last else 1.7) / h.shape[1]
        ntk = parameterization == "ntk"
        z = h @ np.asarray(w) * (math.sqrt(factor) if ntk else 1)
        if last or bias_variance == 0:
            assert b is None
        else:
            z = z + np.asarray(b) * (math.sqrt(bias_variance) if ntk else 1)
        h = np.tanh(z)
    np.testing.assert_allclose(ours, z[:, 0], rtol=1e-13)


def test_both_parameterizations_start_from_one_function():
    x = np.eye(3)
    with arithmetic("float64"):
        values = [
            np.asarray(apply(net, initialize(net, 3, jax.random.key(1), "float64"), x))
            for net in (
                Architecture(2, 16, parameterization=name)
                for name in ("ntk", "standard")
            )
        ]
    np.testing.assert_allclose(*values, rtol=1e-12)


def test_outputs_at_initialization_have_the_variance_of_the_infinite_net():
    """ReLU with σ_w² = 2, σ_b² = 0.01 maps q to q + 0.01 in each hidden layer."""
    net, count = Architecture(2, 64), 2000
    x = np.ones((1, 8), np.float32)
    keys = jax.random.split(jax.random.key(0), count)

    def output(key):
        return apply(net, initialize(net, 8, key), jax.numpy.asarray(x))[0]

    values = np.asarray(jax.vmap(output)(keys))
    # E f² = φ²-mean of the last layer: q₂/2 with q₁ = 2.01 and q₂ = 2.02
    expected = 2.02 / 2
    error = np.std(values**2) / math.sqrt(count)
    assert abs(np.mean(values**2) - expected) < 4.5 * error  # false alarm 7e-6


@pytest.mark.parametrize("parameterization", ["ntk", "standard"])
def test_count_is_the_number_of_parameters(parameterization):
    for bias_variance in (0.0, 0.01):
        net = Architecture(
            3, 5, bias_variance=bias_variance, parameterization=parameterization
        )
        leaves = jax.tree.leaves(initialize(net, 4, jax.random.key(0)))
        assert net.count(4) == sum(leaf.size for leaf in leaves)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"depth": 0}, "depth = 0: must be a whole number from 1"),
        ({"depth": 2.0}, "depth = 2.0"),
        ({"depth": True}, "depth = True"),
        ({"width": 0}, "width = 0"),
        ({"width": 10**9}, "width = 1000000000"),
        ({"weight_variance": 0}, "weight_variance = 0: must be a finite number > 0"),
        ({"weight_variance": float("nan")}, "weight_variance = nan"),
        ({"bias_variance": -1}, "bias_variance = -1: must be a finite number ≥ 0"),
        ({"bias_variance": "1"}, "bias_variance = '1'"),
        ({"activation": "swishy"}, "must be one of relu, erf, tanh, sin, gelu"),
        ({"activation": "relu:2"}, "must be one of"),
        ({"activation": "leaky_relu:1,2"}, "must be one of"),
        ({"activation": "leaky_relu:a"}, "must be finite numbers"),
        ({"activation": "polynomial:1,inf"}, "must be finite numbers"),
        ({"parameterization": "mup"}, "must be one of ntk, standard"),
    ],
)
def test_a_bad_architecture_is_named_with_what_is_allowed(settings, words):
    with pytest.raises(SettingError, match=words.replace("(", r"\(")):
        Architecture(**{"depth": 1, "width": 8, **settings})


def test_equal_architectures_hash_equally_whatever_type_their_numbers_have():
    one = Architecture(np.int64(2), 8, weight_variance=2)
    assert one == Architecture(2, 8, weight_variance=2.0)
    assert hash(one) == hash(Architecture(2, 8, weight_variance=2.0))
    assert type(one.weight_variance) is float


def test_nets_drawn_together_are_those_drawn_alone_and_old_keys_are_keys():
    net, seeds = Architecture(2, 6), (3, 4)
    keys = jax.numpy.stack([jax.random.key(seed) for seed in seeds])
    together = initialize(net, 2, keys)
    for index, seed in enumerate(seeds):
        for key in (jax.random.key(seed), jax.random.PRNGKey(seed)):
            alone = initialize(net, 2, key)
            for one, some in zip(
                jax.tree.leaves(alone), jax.tree.leaves(together), strict=True
            ):
                np.testing.assert_array_equal(one, some[index])
