"""The proved error of the quadrature holds where few nodes are taken, and is no giant."""

import pytest
from flint import arb

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


@pytest.mark.parametrize("count", [6, 7])
@pytest.mark.parametrize("top", [0, 1, 5, 8])
def test_sums_over_pairs_of_nodes_are_the_sums_over_nodes(count, top):
    [panel] = panels(kernels.parse("expr:exp(t)"), Hypersphere(3))
    with working_precision(150):
        plan = rule.Plan(panel, 2.3, panel.shape.log2_bound(2.3), count)
        angles, masses, values = rule._samples(plan, 3)
        weighted = [m * v for m, v in zip(masses, values, strict=True)]
        folded = rule._folded_sums(angles, weighted, top)
        for j, x in enumerate(folded):
            plain = sum(
                (g * (a * j).cos() for g, a in zip(weighted, angles, strict=True)),
                arb(0),
            )
            assert abs(x - plain) < arb(10) ** -40


def test_nodes_left_out_near_the_poles_change_nothing():
    """In d = 400 nearly all mass lies at the equator; the others' share is bounded."""
    [panel] = panels(kernels.parse("expr:exp(t)"), Hypersphere(400))
    few = rule.moments([panel], 400, 3, 60)
    many = rule.moments([panel], 400, 3, 2000)
    for x, y in zip(few.cosine, many.cosine, strict=True):
        assert x.overlaps(y)
        assert x.rad() < arb(2) ** -60
    with working_precision(100):
        plan = rule._plan(panel, 400, 3, 60)
        assert len(rule._samples(plan, 400)[0]) < plan.count
