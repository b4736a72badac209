"""Regression by a spectral filter: every statistic as a contour integral over ridges.

A residual function that is analytic around the spectrum of K_DD is a superposition of
ridges, h(K) = ∮ ds/(2πi) h(−s)/s · s (K + s)⁻¹, on a contour around [−s_max, 0] counted
counterclockwise; for h that decays the contour may stay open to the left. So each
statistic of ridge regression that is linear in the predictor becomes one integral, and
each second-order one a double integral of the two-ridge error.
"""

from sympy import Expr, Function, I, Integral, Symbol, pi

from theory.constant import total
from theory.constant.learnability import unlearned
from theory.formula import formulas
from theory.notation import (
    C,
    bias,
    i,
    lam,
    n,
    noise,
    overfitting,
    points,
    power,
    s,
    variance,
)
from theory.notation import test_mse as E
from theory.notation import train_mse as E_train
from theory.source import OURS
from theory.training.two_ridges import error, resolvent, s_1, s_2

h = Function("h")
left = Symbol("U_i")
signal = Symbol("S", nonnegative=True)
noise_gain = Symbol("N_noise", nonnegative=True)
filtered_trace = Symbol("tr_h")
learned = Symbol("z")
residual = Symbol("h")
residual_1, residual_2 = Symbol("h_1"), Symbol("h_2")
AROUND = (
    "h analytic around the spectrum; the contour encloses 0 and the spectrum of −K_DD; "
    "C = C(s) and h = h(−s) on it"
)


def contour(integrand: Expr, *variables: Symbol) -> Expr:
    """∮ ds/(2πi) of an integrand, once for each variable.

    Examples
    --------
    >>> contour(1 / s, s)
    -I*Integral(1/s, s)/(2*pi)
    """
    for variable in variables:
        integrand = Integral(integrand, variable) / (2 * pi * I)
    return integrand


mode_integrand: Expr = residual / s * unlearned(lam[i], C)
filtered_unlearned = formulas.declare(
    name="filtered_unlearned",
    says="What a filter leaves of a mode, on average: 1 − L_i.",
    lhs=left,
    rhs=contour(mode_integrand, s),
    status="approximation",
    source=OURS,
    given=AROUND,
)
signal_integrand: Expr = residual_1 * residual_2 / (s_1 * s_2) * error
filtered_signal = formulas.declare(
    name="filtered_signal",
    says="The test error of a filter without noise, from the two-ridge error.",
    lhs=signal,
    rhs=contour(signal_integrand, s_1, s_2),
    status="approximation",
    source=OURS,
    given=AROUND + "; E_12 the two-ridge error without noise",
)
# (1 − h)² without its 1, whose integral vanishes: (n C − s)/s² falls like 1/s²
noise_integrand: Expr = residual * (2 - residual) * (n * C - s) / s**2
filtered_noise = formulas.declare(
    name="filtered_noise",
    says="The variance that unit label noise adds to the filtered predictor.",
    lhs=noise_gain,
    rhs=contour(noise_integrand, s),
    status="approximation",
    source=OURS,
    given=AROUND,
)
filtered_mse = formulas.declare(
    name="filtered_test_mse",
    says="The test MSE of a filter: signal, the noise it fitted, and fresh noise.",
    lhs=E,
    rhs=signal + noise * (1 + noise_gain),
    status="approximation",
    source=OURS,
)
train_integrand: Expr = residual**2 / n * (resolvent + noise / C)
filtered_train_mse = formulas.declare(
    name="filtered_train_mse",
    says="The MSE of a filter on its noisy training labels.",
    lhs=E_train,
    rhs=contour(train_integrand, s),
    status="approximation",
    source=OURS,
    given=AROUND + "; G the power resolvent",
)
trace_integrand: Expr = residual / C
filtered_trace_formula = formulas.declare(
    name="filtered_trace",
    says="The trace of h(K_DD): what the learnabilities lack of n.",
    lhs=filtered_trace,
    rhs=contour(trace_integrand, s),
    status="approximation",
    source=OURS,
    given=AROUND,
)
DISTINCT = AROUND + "; n distinct points out of M: C solves their equation, z = Σ g L"
noise_integrand_distinct: Expr = residual * (2 - residual) * C * learned / s**2
filtered_noise_distinct = formulas.declare(
    name="filtered_noise_distinct",
    says="The variance that unit label noise adds, for n distinct points out of M.",
    lhs=noise_gain,
    rhs=contour(noise_integrand_distinct, s),
    status="conjecture",
    source=OURS,
    given=DISTINCT,
)
inverse_trace_distinct: Expr = (1 - learned / points) / C
train_integrand_distinct: Expr = (
    residual**2 / n * (resolvent + noise * inverse_trace_distinct)
)
filtered_train_mse_distinct = formulas.declare(
    name="filtered_train_mse_distinct",
    says="The MSE of a filter on its training labels, for n distinct points out of M.",
    lhs=E_train,
    rhs=contour(train_integrand_distinct, s),
    status="conjecture",
    source=OURS,
    given=DISTINCT + "; G the power resolvent",
)
trace_integrand_distinct: Expr = residual * inverse_trace_distinct
filtered_trace_distinct = formulas.declare(
    name="filtered_trace_distinct",
    says="The trace of h(K_DD) for n distinct points out of M.",
    lhs=filtered_trace,
    rhs=contour(trace_integrand_distinct, s),
    status="conjecture",
    source=OURS,
    given=DISTINCT,
)
filtered_overfitting = formulas.declare(
    name="filtered_overfitting_coefficient",
    says="The test MSE of a filter on pure unit noise.",
    lhs=overfitting,
    rhs=1 + noise_gain,
    status="approximation",
    source=OURS,
)
filtered_variance = formulas.declare(
    name="filtered_variance",
    says="Variance of the filtered predictor over data sets and label noise.",
    lhs=variance,
    rhs=signal + noise * noise_gain - bias,
    status="exact",
    source=OURS,
    given="the error is bias, variance and fresh noise",
)
filtered_bias = formulas.declare(
    name="filtered_bias",
    says="Squared distance of the mean filtered predictor from the target.",
    lhs=Symbol("B_h", nonnegative=True),
    rhs=total(power[i] * left**2),
    status="approximation",
    source=OURS,
)
