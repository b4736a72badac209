"""Nets share one program: what it gives is what each net's own chain gives."""

import pytest
from flint import arb, fmpq
from sympy import Rational, sqrt

from numerics import working_precision
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import build
from numerics.spectra.kernel_evaluation import bound_chain, evaluator
from theory import Hypercube, kernels
from theory.notation import u

CUBE = Hypercube(5)
VARIANCES = [(2, 0, 1), ("3/2", "1/10", "1/3"), ("1/2", 1, "3/2"), (sqrt(2), 0, 1)]


@pytest.mark.parametrize("name", ["relu", "erf", "sin", "gelu", "exp", "leaky_relu"])
@pytest.mark.parametrize("family", ["ntk", "nngp"])
def test_a_shared_program_gives_what_the_chain_of_each_net_gives(name, family):
    for w, b, q in VARIANCES:
        kernel = getattr(kernels, family)(
            name, depth=2, weight_variance=w, bias_variance=b, input_variance=q
        )
        own = build(bound_chain(kernel, CUBE), BALLS)
        with working_precision(200):
            fast = evaluator(kernel, CUBE).compiled()
            for at in (fmpq(0), fmpq(2, 7), fmpq(1)):
                shared, truth = evaluator(kernel, CUBE)(at), own({u: at})
                assert isinstance(shared, fmpq) == isinstance(truth, fmpq)
                assert arb(shared).overlaps(arb(truth))
                if 0 < at < 1:
                    assert abs(fast(arb(at)) - truth) < abs(truth) * arb(10) ** -20


def test_variances_that_print_alike_are_not_taken_for_one_another():
    near = [Rational(1, 10) + Rational(k, 10**30) for k in range(3)]
    made = [kernels.ntk("relu", depth=2, bias_variance=b) for b in near]
    with working_precision(300):
        values = [arb(evaluator(kernel, CUBE)(fmpq(1, 3))) for kernel in made]
        assert values[0] < values[1] < values[2]
        assert values[2] - values[0] < arb(10) ** -28
