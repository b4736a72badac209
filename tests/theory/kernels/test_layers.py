"""Deep kernels: the stable chain is the textbook recursion, at any depth."""

import mpmath
import pytest
from sympy import Rational, acos, cos, diff, pi, simplify, sqrt, symbols

from theory import formulas, kernels
from theory.activations.angle import angle, sine_lag
from theory.notation import t, u


def recursion(t, depth, tangent, w, b, q0=1):
    """The ReLU recursion as neural-tangents states it, in mpmath: a second typing."""
    w, b, q0, t = map(mpmath.mpf, (w, b, q0, t))
    q, s = w * q0 + b, w * q0 * t + b
    theta = s
    for layer in range(1, depth + 1):
        c = max(min(s / q, mpmath.mpf(1)), mpmath.mpf(-1))
        angle = mpmath.acos(c)
        new = q / (2 * mpmath.pi) * (mpmath.sin(angle) + (mpmath.pi - angle) * c)
        slope = (mpmath.pi - angle) / (2 * mpmath.pi)
        last = layer == depth
        ww, bb = (1, 0) if last else (w, b)
        s = ww * new + bb
        theta = s + ww * theta * slope
        q = ww * q / 2 + bb
    return theta if tangent else s


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("family", ["ntk", "nngp"])
@pytest.mark.parametrize("bias", ["0", "3/2"])
def test_both_chains_are_the_recursion(depth, family, bias):
    kernel = kernels.parse(f"{family}:relu:depth={depth},bias_variance={bias}")
    written = kernel(t)
    chain = kernel.half()
    with mpmath.workdps(90):  # arccos near 1 costs the oracle half of them
        for at in (Rational(-1), Rational(-3, 7), Rational(5, 9), Rational(1)):
            cosine = mpmath.mpf(at.p) / at.q
            b = mpmath.mpf(Rational(bias).p) / Rational(bias).q
            want = recursion(cosine, depth, family == "ntk", 2, b)
            for form, variable, value in ((chain, u, (1 - at) / 2), (written, t, at)):
                got = _value(form, variable, value)
                assert abs(got - want) < mpmath.mpf(10) ** -32


def _value(form, variable, value):
    """Evaluate binding by binding at 40 digits."""
    values = {variable: value}
    for symbol, e in getattr(form, "bindings", ()):
        values[symbol] = e.subs(values).evalf(40)
    result = getattr(form, "result", form)
    return mpmath.mpf(str(result.subs(values).evalf(40)))


def test_stable_forms_equal_the_textbook_forms_by_derivatives():
    gap, kappa = formulas["arc_cosine_1_gap"], formulas["arc_cosine_1"]
    x = symbols("x", positive=True)
    stable = gap.rhs.replace(sine_lag, lambda v: sine_lag(v).definition)
    stable = stable.replace(angle, lambda v: acos(1 - 2 * v))
    difference = stable - (1 - kappa.rhs.subs(t, 1 - 2 * u))
    slope = simplify(diff(difference.subs(u, x), x).rewrite(sqrt))
    at = [Rational(1, 7), Rational(1, 2), Rational(9, 10)]
    assert all(abs(slope.subs(x, v).evalf(50)) < 1e-45 for v in at)
    assert simplify(difference.subs(u, 0)) == 0
    assert formulas["arc_cosine_0_angle"].rewrites == "arc_cosine_0"


def test_known_values_at_the_diagonal():
    for layers in (1, 4, 128):
        b = Rational(1, 100)
        kernel = kernels.ntk("relu", depth=layers, bias_variance=b)
        expected = layers + 1 + b / 2 * (layers + Rational(layers * (layers + 1), 2))
        values = {u: Rational(0)}
        for symbol, e in kernel.half().bindings:
            values[symbol] = e.subs({x: values[x] for x in e.free_symbols})
        assert kernel.half().result.subs(values) == expected


def test_one_layer_without_bias_is_the_classical_form():
    written = kernels.ntk("relu", depth=1)(t)
    classical = formulas["arc_cosine_1"].rhs + t * formulas["arc_cosine_0"].rhs
    assert simplify(written - classical) == 0
    assert written.subs(t, 1) == 2
    assert (
        simplify(written.subs(t, cos(pi / 3)) - classical.subs(t, Rational(1, 2))) == 0
    )


def test_deep_kernels_stay_linear_in_depth():
    lengths = [len(kernels.ntk("relu", depth=k).half().bindings) for k in (16, 32, 64)]
    assert lengths[2] - lengths[1] == 2 * (lengths[1] - lengths[0])
