"""Tables of numeric duals within their stated errors, against 18 digits."""

import numpy as np
import pytest
from extended_quadrature import L, line_mean, pair_means
from sympy import Lambda

from numerics.duals.tables import fall_table, half_table
from theory.activations import activation, z
from theory.activations.functions.breakpoints import slope_of

# text: φ, φ′ between its jumps, where they are put together
FUNCTIONS = {
    "arctan": (np.arctan, lambda x: 1 / (1 + x * x), ()),
    "elu": (
        lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        lambda x: np.where(x > 0, L(1), np.exp(np.minimum(x, 0))),
        (0,),
    ),
    "Max(z - 1, 0)": (
        lambda x: np.maximum(x - 1, 0),
        lambda x: np.heaviside(x - 1, L(1) / 2),
        (1,),
    ),
}


@pytest.mark.parametrize("text", FUNCTIONS)
@pytest.mark.parametrize("u", [5e-9, 0.25, 0.95, 1.0])
def test_every_entry_is_within_its_stated_error(text, u):
    f, slope, breaks = FUNCTIONS[text]
    phi, q = activation(text).expression, 1.0
    whole, fall = half_table(Lambda(z, phi), q), fall_table(Lambda(z, phi), q)
    slopes = half_table(Lambda(z, slope_of(phi)), q)
    if u < 1:
        product, fallen = pair_means(f, breaks, q, u, width=0.8)
        of_slopes, _ = pair_means(slope, breaks, q, u, width=0.8)
    else:
        both = (*breaks, *(-b for b in breaks))
        product = line_mean(lambda x: f(x) * f(-x), both, q)
        of_slopes = line_mean(lambda x: slope(x) * slope(-x), both, q)
        fallen = line_mean(lambda x: (f(x) - f(-x)) ** 2 / 2, both, q)
    assert abs(float(whole(u)) - product) <= whole.error < 1e-13
    assert abs(float(slopes(u)) - of_slopes) <= slopes.error < 1e-13
    assert abs(float(fall(u)) - fallen) <= fall.error * u < 1e-12 * u
