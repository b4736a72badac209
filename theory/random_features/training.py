"""Random features that are trained in time: the error of two ridges on the same features.

With κ in place of C, and the target's resolvent divided by κ, everything that a spectral
filter is made of (``theory.training.filtered_regression``) stays as it is for the kernel;
modes alone are learned by the constant C of the features.
"""

from sympy import Derivative, Function, Symbol, symbols

from theory.constant import U, total
from theory.formula import formulas
from theory.notation import C, i, n, noise, power, s, width
from theory.random_features.equations import (
    kappa,
    learned,
    rise,
)
from theory.random_features.errors import crossed
from theory.source import OURS, Source
from theory.training.two_ridges import (
    error,
    factor,
    resolvent,
    resolvent_1,
    resolvent_2,
    s_1,
    s_2,
)

TWO_TIMES = Source("bordelon2024dynamical")
kappa_1, kappa_2 = symbols("kappa_1 kappa_2")
learned_1, learned_2 = symbols("z_1 z_2")
left_1, left_2 = symbols("A_1 A_2")
left = Symbol("A")
across = Symbol("H")
kappa_slope = Symbol("kappa_C")
ridge_slope = Symbol("s_C")
SOLVED = "C solves the width equation with the complex ridge s off the negative axis, κ follows"
BOTH = "κ_j and z_j at the complex ridge s_j, for the same data and features"

left_power = formulas.declare(
    name="power_left",
    says="The target's power that is not learned, to first order.",
    lhs=left,
    rhs=total(power[i] * U),
    status="definition",
    source=OURS,
)
across_power = formulas.declare(
    name="power_crossed",
    says="The target's power by learned and not learned.",
    lhs=across,
    rhs=crossed,
    status="definition",
    source=OURS,
)
by_constant = formulas.declare(
    name="constant_of_data_by_features",
    says="The constant of the data from that of the features.",
    lhs=kappa,
    rhs=C * (1 - learned / width),
    status="exact",
    source=OURS,
    given="z = Σ g L",
    rewrites="constant_of_data",
)
resolvent_of_features = formulas.declare(
    name="width_resolvent",
    says="What random features put in place of the target's power over λ + C.",
    lhs=resolvent,
    rhs=left / kappa,
    status="approximation",
    source=OURS,
    given=SOLVED,
)
_kappa_of, _ridge_of, _G_of = (Function(x) for x in ("kappa", "s", "G"))
slope_of_kappa = formulas.declare(
    name="constant_of_data_slope",
    says="How κ moves with C at a fixed width.",
    lhs=Derivative(_kappa_of(C), C),
    rhs=(width - learned + rise) / width,
    status="exact",
    source=OURS,
    given="κ = C (1 − z/w)",
)
slope_of_ridge = formulas.declare(
    name="width_ridge_slope",
    says="How the complex ridge moves with C at fixed n and width.",
    lhs=Derivative(_ridge_of(C), C),
    rhs=(n - learned) * kappa_slope + rise * kappa / C,
    status="exact",
    source=OURS,
    given="s = (n − z) κ",
)
slope_of_resolvent = formulas.declare(
    name="width_resolvent_slope",
    says="How fast the resolvent of random features falls with the ridge.",
    lhs=-Derivative(_G_of(s), s),
    rhs=(left * kappa_slope / kappa - across / C) / (kappa * ridge_slope),
    status="exact",
    source=OURS,
    given="G = A/κ",
)
two_ridge_factor = formulas.declare(
    name="width_two_ridge_factor",
    says="The overfitting coefficient of two ridges on the same random features.",
    lhs=factor,
    rhs=1 / (1 - (kappa_2 * learned_2 - kappa_1 * learned_1) / (kappa_2 - kappa_1) / n),
    status="approximation",
    source=TWO_TIMES,
    given=BOTH,
)
two_ridge_error = formulas.declare(
    name="width_two_ridge_error",
    says="Mean product of the errors of two ridges on the same data and features.",
    lhs=error,
    rhs=factor * ((kappa_2 * left_1 - kappa_1 * left_2) / (kappa_2 - kappa_1) + noise),
    status="approximation",
    source=TWO_TIMES,
    given=BOTH,
)
two_ridge_signal = formulas.declare(
    name="width_two_ridge_signal_by_difference",
    says="The noise-free error of two ridges as a divided difference: the kernel's form.",
    lhs=error,
    rhs=n * kappa_1 * kappa_2 * (resolvent_2 - resolvent_1) / (s_1 - s_2),
    status="exact",
    source=OURS,
    given=BOTH + "; σ² = 0, G_j = A_j/κ_j",
    rewrites="width_two_ridge_error",
)
