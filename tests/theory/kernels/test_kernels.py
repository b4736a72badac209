"""Kernels: text and back, textbook and half-angle forms, combinations."""

import pytest
from sympy import Rational, Symbol, exp

from theory import kernels
from theory.chain import Chain
from theory.errors import OutOfDomain
from theory.kernels import parse
from theory.notation import d, t, u

TEXTS = [
    "polynomial:degree=3",
    "inhomogeneous:degree=2,constant=1/2",
    "geometric:ratio=1/3",
    "exponential:beta=-2",
    "gaussian:width=2,input_variance=1/2",
    "laplace:width=3/2",
    "arc_cosine:order=2",
    "arc_cosine:order=5",
    "ntk:relu:depth=2,bias_variance=0.1",
    "nngp:erf:depth=1",
    "nngp:gelu:depth=1",
    "expr:1/(2 - t)",
    "sum:[ntk:relu][exponential:beta=1]",
    "product:[polynomial:degree=2][geometric:ratio=1/3]",
    "compose:[exponential:beta=2][arc_cosine:order=1]",
    "normalized:[ntk:relu:depth=2]",
    "normalized:[sum:[ntk:relu][geometric:ratio=1/2]]",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_and_back(text):
    kernel = parse(text)
    assert parse(str(kernel)) == kernel
    assert hash(parse(str(kernel))) == hash(kernel)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("at", [Rational(-1, 2), Rational(1, 3)])
def test_half_angle_form_is_the_same_function(text, at):
    kernel = parse(text)
    left = kernel(at).subs(d, 3).evalf(25)
    right = kernel.half().subs({u: (1 - at) / 2, d: 3}).expand().evalf(25)
    assert abs(left - right) < 1e-20


def test_combinations():
    a, b = kernels.polynomial(2), kernels.exponential(1)
    assert (a + b)(t) == t**2 + exp(t)
    assert (a * b)(t) == t**2 * exp(t)
    assert kernels.exponential(1).compose(a)(t) == exp(t**2)
    assert kernels.ntk("relu").normalized()(1) == 1
    assert (a + b).positive_definite
    assert (a + parse("expr:-t")).positive_definite is None


def test_combinations_of_deep_kernels_stay_chains():
    deep = kernels.ntk("relu", depth=6)
    both = deep + deep.normalized()
    chain = both(t)
    assert isinstance(chain, Chain)
    assert len({symbol for symbol, _ in chain.bindings}) == len(chain.bindings)
    assert isinstance((deep * kernels.polynomial(1))(t), Chain)


@pytest.mark.parametrize(
    "text",
    ["sum:[ntk]", "sum:[ntk][", "sum:ntk", "geometric:ratio=2", "arc_cosine:order=-1"],
)
def test_malformed_texts_are_refused(text):
    with pytest.raises(OutOfDomain):
        parse(text)


def test_symbolic_parameters():
    r = Symbol("r", positive=True)
    assert kernels.geometric(r)(t) == 1 / (1 - r * t)
    beta = Symbol("beta", positive=True)
    assert kernels.exponential(beta)(0) == 1


@pytest.mark.parametrize("order", range(7))
def test_arc_cosine_orders_at_one(order):
    # J_n(0)/π = 1·3·5⋯(2n−1)
    product = 1
    for j in range(1, 2 * order, 2):
        product *= j
    assert kernels.arc_cosine(order)(1) == product
