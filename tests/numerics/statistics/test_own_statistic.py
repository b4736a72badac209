"""A statistic that lives in this file alone works everywhere: docs/howto/statistic.md."""

import json
import pickle

import numpy as np
import pytest
from sympy import Symbol, sqrt

from learnability import table
from learnability.table.predictions import records
from numerics import Spectrum, predict, spectrum
from theory import Formula, OutOfDomain, notation
from theory.source import OURS
from theory.statistics import STATISTICS, Statistic
from theory.statistics.registry import Statistics, outside, unbounded, whole
from verify.exact.testing.law import examine
from verify.formulas.registry import judges_of
from verify.formulas.suite import all_formulas
from verify.verdicts.verdict import Verdict

# statistic: begin
EXCESS = Formula(
    name="excess_in_test",
    says="Test MSE beyond the label noise, in units of it and the target.",
    lhs=Symbol("X_ex", nonnegative=True),
    rhs=(notation.test_mse - notation.noise) / (1 + notation.noise),
    status="definition",
    source=OURS,
)
n, N, noise = notation.n, notation.modes, notation.noise


@pytest.fixture
def excess():
    row = STATISTICS.register(
        Statistic(
            name="excess",
            formula=EXCESS,
            heading="excess",
            at_none=whole / (1 + noise),
            at_all=unbounded(outside + noise) - noise / (1 + noise),
            beyond=((outside + noise) * n / (n - N) - noise) / (1 + noise),
        )
    )
    # statistic: end
    yield row
    STATISTICS.remove("excess")


ENDS = [0, 2, 4, 6]


@pytest.mark.parametrize("sampling", ["independent", "distinct"])
def test_it_is_predicted_in_both_arithmetics_with_its_limits(excess, sampling):
    s = spectrum("expr:(1+t)^2", "hypercube:3")  # 7 modes of 8
    sizes = [0, 2, 5, 7, 8]
    p = predict(s, {1: 1, 3: 1}, sizes, noise="1/2", sampling=sampling)
    q = predict(s, {1: 1, 3: 1}, sizes, noise="1/2", sampling=sampling, digits=15)
    if sampling == "independent":  # its limits are those of the published equation
        said = (p.test_mse - 0.5) / 1.5
        assert np.all((p.excess == said) | np.isclose(p.excess, said, rtol=1e-13))
    assert np.array_equal(p.excess.astype(float), q.excess.astype(float)) or np.all(
        np.isclose(p.excess[:3], q.excess[:3].astype(float), rtol=1e-13)
    )
    assert not np.isnan(p.excess).any()


# use: begin
def test_it_stands_in_tables_rows_and_labelled_datasets(excess):
    xarray = pytest.importorskip("xarray")
    p = predict(Spectrum.from_levels([(1, 4)]), {0: 1}, ENDS)
    assert [row["excess"] for row in p.rows()] == [1, 0.5, 0, 0]
    made = table.prediction(p)
    (column,) = [x for x in made.columns if x.key == "excess"]
    assert (column.heading, column.latex) == ("excess", "$X_{ex}$")
    assert column.source == "excess_in_test"
    assert "excess" in made.text()
    rows = json.loads(json.dumps(records(p)))
    assert float(rows[1]["excess"]) == pytest.approx(0.5)
    data = p.to_xarray()
    assert isinstance(data, xarray.Dataset)
    assert data["excess"].values.tolist() == [1, 0.5, 0, 0]
    assert pickle.loads(pickle.dumps(p)) == p
    assert "excess" in dir(p)


def test_it_is_differentiated_in_jax(excess):
    jax = pytest.importorskip("jax")
    from numerics.differentiable import traced

    with jax.enable_x64(True):
        jnp = jax.numpy
        one = jnp.ones(1)
        chain = traced.curve("test_mse", one, 4 * one, one, jnp.array(ENDS, float))
        assert chain.tolist() == [1, 0.5, 0, 0]
        slope = jax.grad(
            lambda x: traced.statistic("test_mse", one, 4 * one, one, x, 0.0, 0.0)
        )
        assert float(slope(2.0)) == pytest.approx(-0.25)
        noisy = traced.curve(
            "test_mse", one, 4 * one, one, jnp.array(ENDS, float), 0, 0.5
        )
        assert noisy.tolist() == [1.5, 1.5, np.inf, 1.5]


# use: end
def test_its_limits_are_judged_and_mutated(excess):
    names = [x.name for x in excess.limits()]
    listed = {x.name for x in all_formulas()}
    assert {names[0], names[2]} <= listed  # multiples of ∞ are the same
    for place in excess.limits():
        (make,) = judges_of(place.name)
        assert examine(make(place), 15, 0).verdict is Verdict.CONFIRMED
    wrong = excess.limits()[2]
    (make,) = judges_of(wrong.name)
    from dataclasses import replace

    bad = replace(wrong, rhs=wrong.rhs + outside)
    assert examine(make(bad), 15, 0).verdict is Verdict.REFUTED


def test_what_is_no_row_is_refused():
    other = Statistics()
    row = STATISTICS["bias"]
    other.register(row)
    with pytest.raises(OutOfDomain, match="is there already"):
        other.register(row)
    with pytest.raises(OutOfDomain, match="is unknown"):
        other["variance"]
    made = {"heading": "x", "at_all": 0, "beyond": 0}
    with pytest.raises(OutOfDomain, match="C and levels are gone"):
        Statistic(name="x", formula=EXCESS, at_none=sqrt(notation.C), **made)
    with pytest.raises(OutOfDomain, match="a word"):
        Statistic(name="x y", formula=EXCESS, at_none=0, **made)
