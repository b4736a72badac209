"""Constants of the decay that a singularity at t = ±1 causes.

λ_k[(1−t)^ν] in powers of w = k + (d−2)/2, and the coefficient of √(1−t) in the tangent
kernel of a ReLU net of any depth, by one step per layer.
"""

from typing import Any

from sympy import Add, Expr, Integer, gamma, pi, sqrt, sympify

from theory.eigenvalues.asymptotics import gamma_series
from theory.errors import OutOfDomain
from theory.kernels import Kernel
from theory.notation import k as symbol_k

MAX_ORDER = 12


def leading_power(nu: Any, d: Any, k: Any = symbol_k, *, order: int = 1) -> Expr:
    """λ_k[(1−t)^ν] in powers of w = k + (d−2)/2, with ``order`` terms in 1/w² after it.

    The quotient Γ(k−ν)/Γ(k+ν+d−1) is even in w, up to the power w^{−2ν−d+1} in front.

    Parameters
    ----------
    nu, d, k
        Power, dimension and level; numbers or symbols.
    order
        0 for the leading power alone, up to 12.

    Raises
    ------
    OutOfDomain
        When the order is out of range.

    Examples
    --------
    >>> from sympy import Rational
    >>> from theory.eigenvalues.sphere.endpoint import levels_of
    >>> exact = levels_of(Rational(1, 2), Integer(8))(20).evalf()
    >>> [abs(leading_power(Rational(1, 2), 8, 20, order=j) / exact - 1).evalf(2)
    ...  for j in (0, 1, 2)]
    [0.039, 0.0011, 2.8e-5]
    """
    if order not in range(MAX_ORDER + 1):
        raise OutOfDomain(f"order = {order} must be in 0..{MAX_ORDER}")
    nu, d, k = sympify(nu, rational=True), sympify(d), sympify(k)
    w, half = k + (d - 2) / 2, (d - 2) / 2 + nu
    head = 2 ** (nu + d - 2) * gamma(d / 2) * gamma(nu + (d - 1) / 2)
    head /= sqrt(pi) * gamma(-nu)
    series = gamma_series.quotient(-half, half + 1, 2 * order)
    falling = Add(*(c.factor() / w**n for n, c in enumerate(series)))
    return head * w ** (1 - d - 2 * nu) * falling


def relu_constant(kernel: Kernel) -> Expr:
    """The coefficient of √(1−t) at t = 1 in the tangent kernel of a ReLU net, exactly.

    One step per layer: c → W (c − Θ √(2r)/π)/2, Θ → s + W Θ/2, r → r W q/(2 q′), where
    1 − (correlation) ≈ r (1 − t).

    Examples
    --------
    >>> from theory import kernels
    >>> relu_constant(kernels.ntk("relu", depth=1))
    -sqrt(2)/pi
    >>> deep = kernels.ntk("relu", depth=4, bias_variance="0.01")
    >>> relu_constant(deep).evalf(12)
    -4.51289039643
    """
    if kernel.family != "ntk" or kernel["activation"] != "relu":
        raise OutOfDomain(f"{kernel} is not the tangent kernel of a ReLU net")
    W, b = kernel["weight_variance"], kernel["bias_variance"]
    q = W * kernel["input_variance"] + b
    r = W * kernel["input_variance"] / q
    tangent, c = q, Integer(0)
    depth = int(kernel["depth"])
    for layer in range(1, depth + 1):
        weight, bias = (Integer(1), Integer(0)) if layer == depth else (W, b)
        c = weight * (c - tangent * sqrt(2 * r) / pi) / 2
        after = weight * q / 2 + bias
        tangent = after + weight * tangent / 2
        r, q = r * weight * q / (2 * after), after
    return c
