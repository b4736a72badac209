"""The proved error of the quadrature holds where few nodes are taken, and is no giant."""

import pytest

from numerics.numbers.precision import working_precision
from numerics.spectra.quadrature import angle_quadrature as rule
from numerics.spectra.quadrature.panels import panels
from theory import Hypersphere, kernels


@pytest.mark.parametrize("d", [2, 4])
def test_few_nodes_err_by_less_than_the_bound_and_by_no_less_than_a_fraction(d):
    [panel] = panels(kernels.parse("expr:exp(t)"), Hypersphere(d))
    with working_precision(200):
        exact = rule.moments([panel], d, 3, 150).cosine
        ratios = []
        for rho, count in ((2.3, 4), (2.3, 6), (2.3, 8), (3.2, 8)):
            plan = rule.Plan(panel, rho, panel.shape.log2_bound(rho), count)
            angles, masses, values = rule._samples(plan, d)
            weighted = [m * v for m, v in zip(masses, values, strict=True)]
            sums = rule._cosine_sums(angles, weighted, 3)
            bound = rule._errors(plan, d)
            for j, (found, truth) in enumerate(zip(sums, exact, strict=True)):
                ratio = bound(j) / abs(found - truth)
                assert ratio > 1
                ratios.append(float(ratio.mid()))
    assert min(ratios) < 300
