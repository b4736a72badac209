"""Activations of nets against the formula of the same name, values and slopes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sympy import Lambda

from numerics.duals.line_functions import line_function
from theory.activations import ACTIVATIONS, activation, z
from theory.activations.functions.breakpoints import slope_of
from verify.networks.errors import SettingError
from verify.networks.model.activations import activation as in_nets

X = np.array([-30.0, -2.5, -0.3, 0.4, 1.7, 25.0])
TEXTS = ["z*sigmoid(z)", "exp(-z^2)", "1/(1 + z^2)", "max(z - 1, 0)", "relu(z)*z"]


@pytest.mark.parametrize("name", [*ACTIVATIONS, *TEXTS])
def test_every_activation_is_its_formula(name):
    phi = activation(name).expression
    run = in_nets(name)
    values = np.asarray(run(jnp.asarray(X, jnp.float32)))
    assert values.dtype == np.float32
    assert np.allclose(values, line_function(Lambda(z, phi))(X), rtol=3e-5, atol=1e-6)
    slopes = np.asarray(
        jax.vmap(jax.grad(lambda x: run(x)))(jnp.asarray(X, jnp.float32))
    )
    exact = line_function(Lambda(z, slope_of(phi)))(X)
    assert np.allclose(slopes, exact, rtol=3e-5, atol=1e-6)


def test_unknown_names_are_refused():
    with pytest.raises(SettingError, match="known: relu"):
        in_nets("rleu")
