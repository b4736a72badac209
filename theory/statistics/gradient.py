"""The mean squared gradient of the predictor: how rough what was learned is."""

from typing import Any

from sympy import IndexedBase, Symbol

from theory import notation
from theory.constant import EIGENLEARNING, L, total
from theory.formula import formulas
from theory.notation import d, i, k, n
from theory.notation import test_mse as E

g: Any = notation.g
power: Any = notation.power
radius = Symbol("rho", positive=True)
roughness: Any = IndexedBase("gamma", nonnegative=True)
mean_squared_gradient = Symbol("G", nonnegative=True)

level_roughness = formulas.declare(
    name="roughness_of_a_level",
    says="The mean squared tangential gradient of a harmonic of degree k on a sphere.",
    lhs=roughness[k],
    rhs=k * (k + d - 2) / radius**2,
    status="exact",
    source=EIGENLEARNING,
    given="sphere of radius ρ in d dimensions; k² on the unit circle",
)
gradient = formulas.declare(
    name="mean_squared_gradient",
    says="Roughness of the predictor: of what it learned, and of what it made up.",
    lhs=mean_squared_gradient,
    rhs=total(roughness[i] * (power[i] * L**2 + g[i] * L**2 * E / n)),
    status="approximation",
    source=EIGENLEARNING,
    given=(
        "γ_i is the mean squared gradient of a mode of level i; gradients of "
        "different modes are orthogonal"
    ),
)
