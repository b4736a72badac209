"""Online gradient descent against full enumeration of every batch, in ℚ."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from sympy import Integer

from numerics import Spectrum, predict, spectrum
from numerics.training.online import (
    OnlineDescent,
    critical_rate,
    online_course,
    stationary_sum,
)
from theory import OutOfDomain, Unsupported
from theory.domains import KNOWN, Domain, register
from theory.domains.domain import written
from theory.training import online as theory_online


@dataclass(frozen=True)
class Pairs(Domain):
    """The ten pairs of five things, a Johnson scheme: a domain of this file alone."""

    kind = "pairs_of_five"
    last_level = Integer(2)
    size = Integer(10)
    ambient = Integer(4)

    def multiplicity(self, k: Any) -> Any:
        return Integer((1, 4, 5)[int(k)])

    def definition(self, kernel: Any, k: Any) -> Any:
        steps = ((1, 1, 1), (6, 1, -2), (3, -2, 1))
        cosines = (Integer(1), Integer(1) / 6, -Integer(2) / 3)
        return sum(
            row[int(k)] * written(kernel, t, self.ambient) / 10
            for row, t in zip(steps, cosines, strict=True)
        )


@pytest.fixture(autouse=True, scope="module")
def registered():
    register(Pairs)
    yield
    KNOWN.pop(Pairs.kind)


def projectors_of_pairs():
    """Of the graph in which pairs that share a thing are neighbors: 6, 1 and −2."""
    pairs = [(a, b) for a in range(5) for b in range(a)]
    near = fmpq_mat(10, 10, [int(len({*p, *q}) == 3) for p in pairs for q in pairs])
    one = fmpq_mat(10, 10, [int(i == j) for i in range(10) for j in range(10)])
    found = []
    for value in (6, 1, -2):
        made = one
        for other in {6, 1, -2} - {value}:
            made = made * (near - fmpq(other) * one) * fmpq(1, value - other)
        found.append(made)
    return found, [1, 4, 5]


def projectors_of_cube():
    """Levels 0 to 3 of the 3-cube, by their characters."""
    corners = list(product((1, -1), repeat=3))
    characters = [
        [int(np.prod([x[a] for a in range(3) if s[a]])) for x in corners]
        for s in product((0, 1), repeat=3)
    ]
    sizes = [sum(s) for s in product((0, 1), repeat=3)]
    found = []
    for k in range(4):
        rows = [c for c, size in zip(characters, sizes, strict=True) if size == k]
        made = fmpq_mat(8, 8)
        for c in rows:
            made += fmpq_mat(8, 8, [a * b for a in c for b in c]) * fmpq(1, 8)
        found.append(made)
    return found, [1, 3, 3, 1]


def enumerated(levels, lam, target, noise, rule, steps, *, distinct):
    """Second moments of residual, direction and sum of residuals over every batch."""
    size = target.nrows()
    K = fmpq_mat(size, size)
    for value, P in zip(lam, levels, strict=True):
        K += fmpq(value.numerator, value.denominator) * size * P
    draws = permutations if distinct else lambda x, m: product(x, repeat=m)
    batches = list(draws(range(size), rule.batch))
    one = fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    zero, m = fmpq_mat(size, size), rule.batch
    beta = fmpq(int(rule.momentum.p), int(rule.momentum.q))
    second = target * target.transpose()
    # blocks of the second moment of (Δ, u, sum of Δ)
    state = {(a, b): zero for a in "dus" for b in "dus"}
    for a, b in product("ds", "ds"):
        state[a, b] = second
    found = [dict(state)]
    for step in range(steps):
        rate = rule.rate_at(step)
        eta = fmpq(int(rate.p), int(rate.q))
        after = {key: zero for key in state}
        for batch in batches:
            pick = fmpq_mat(size, size)
            for x in batch:
                pick[x, x] += fmpq(1, m)
            G = K * pick
            rows = {
                "d": {"d": one - eta * G, "u": -eta * beta * one},
                "u": {"d": G, "u": beta * one},
            }
            rows["s"] = rows["d"] | {"s": one}
            chance = fmpq(1, len(batches))
            # noise of every draw is its own
            fresh = K * (pick * fmpq(noise.numerator, noise.denominator * m)) * K
            into = {"d": -eta, "u": fmpq(1), "s": -eta}
            for a, b in state:
                total = fresh * (into[a] * into[b])
                for c, left in rows[a].items():
                    for d, right in rows[b].items():
                        total += left * state[c, d] * right.transpose()
                after[a, b] += total * chance
        state = after
        found.append(dict(state))
    place = ("s", "s") if rule.averaged else ("d", "d")
    by_level = []
    for step, moments in enumerate(found):
        share = fmpq(1, (step + 1) ** 2 * size if rule.averaged else size)
        by_level.append(
            [sum(((P * moments[place])[i, i] for i in range(size)), fmpq(0)) * share
             for P in levels]
        )  # fmt: skip
    return by_level


PLACES = {"cube": projectors_of_cube, "pairs": projectors_of_pairs}
RULES = (
    "sgd:rate=1/3",
    "sgd:rate=1/3,batch=2",
    "sgd:rate=1/4,batch=2,momentum=1/2",
    "sgd:rate=1/2,batch=2,averaged,horizon=3",
    "sgd:rate=1/2,horizon=2,momentum=1/3",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("distinct", [False, True])
@pytest.mark.parametrize("text", RULES)
def test_every_batch_of_a_small_domain(place, distinct, text):
    """Exactly equal in ℚ, with power in a level of eigenvalue 0 and label noise."""
    levels, g = PLACES[place]()
    size, noise = levels[0].nrows(), Fraction(1, 7)
    lam = [Fraction(1, 2), Fraction(1, 5), Fraction(0), Fraction(1, 9)][: len(g)]
    target = fmpq_mat(
        size, 1, [fmpq(3 * i * i % 7 - 2, 1 + i % 3) for i in range(size)]
    )
    rule = OnlineDescent.parse(text)
    wanted = enumerated(levels, lam, target, noise, rule, 3, distinct=distinct)
    exact = lambda x: Fraction(int(x.p), int(x.q))
    fraction = lambda x: Fraction(int(x.p), int(x.q))
    power = np.array([[fraction(x) for x in wanted[0]]], dtype=object)
    found = online_course(
        np.array(lam, dtype=object),
        np.array([Fraction(x) for x in g], dtype=object),
        power,
        [noise],
        rule,
        range(4),
        size if distinct else None,
        exact,
    )
    assert found.left[:, 0].tolist() == [[fraction(x) for x in row] for row in wanted]


def test_published_numbers():
    """Values that another program found by enumeration, to their digits."""
    s = spectrum("exponential:beta=1", "hypercube:5")
    target = {1: "3/5", 3: "2/5"}
    ask = {"noise": "1/10", "rule": "sgd:rate=3/10"}
    wanted = [1.1656727, 1.0759100, 0.89462472, 0.7933832, 0.4191015]
    p = predict(s, target, [1, 5, 12, 20, 200], **ask)
    np.testing.assert_allclose(p.test_mse, wanted, atol=6e-8)
    q = predict(s, target, [1, 5, 12, 20, 200], digits=15, **ask)
    np.testing.assert_allclose(p.test_mse, q.test_mse.astype(float), rtol=1e-13)
    lam, g = s.floats().at_scale(0)
    assert stationary_sum(lam, g, 0.3, 1) == pytest.approx(0.407742274, abs=6e-10)
    critical = [critical_rate(lam, g, m) for m in (1, 4, 16, 10**12)]
    known = [0.7357588823, 1.5912044318, 1.7976344856, 1.8108689652]
    np.testing.assert_allclose(critical, known, atol=6e-11)
    heavy = predict(
        spectrum("exponential:beta=2", "hypercube:4"),
        {1: "64/100", 2: "36/100"},
        [1, 5, 25],
        noise="1/10",
        rule="sgd:rate=8/100,momentum=7/10",
    )
    np.testing.assert_allclose(
        heavy.test_mse, [1.0435174, 0.93182063, 0.90043113], atol=6e-8
    )
    sphere = predict(
        spectrum("exponential:beta=2", "sphere:3"),
        {1: 1},
        [2, 10, 40, 120],
        noise="1/10",
        rule="sgd:rate=12/100,batch=2",
    )
    known = [0.92701801, 0.47728058, 0.14690055, 0.12913222]
    np.testing.assert_allclose(sphere.test_mse, known, atol=6e-9)
    assert np.isnan(sphere.train_mse).all()


@pytest.mark.parametrize("points", [None, 64])
def test_a_constant_rate_ends_at_the_stationary_excess(points):
    lam, g = np.array([0.5, 0.1, 0.0]), np.array([3.0, 20.0, 2.0])
    power, noise = np.array([[1.0, 0.5, 0.3]]), 0.2
    rule = OnlineDescent.parse("sgd:rate=1/3,batch=3")
    found = online_course(lam, g, power, [noise], rule, [4000], points)
    values = {
        theory_online.stationary: stationary_sum(lam, g, 1 / 3, 3, points),
        theory_online.null: 0.3,
        theory_online.noise: noise,
        theory_online.batch: 3,
        theory_online.spread: 1 / 3 if points is None else 61 / (3 * 63),
    }
    end = float(theory_online.stationary_excess.rhs.subs(values))
    assert found.left.sum() == pytest.approx(end, rel=1e-9)


@pytest.mark.parametrize(("share", "grows"), [(0.99, False), (1.01, True)])
@pytest.mark.parametrize(("batch", "points"), [(1, None), (4, None), (4, 32)])
def test_the_critical_rate_divides_decay_from_growth(share, grows, batch, points):
    lam, g = np.array([0.2, 0.05]), np.array([5.0, 20.0])
    rate = share * critical_rate(lam, g, batch, points)
    rule = OnlineDescent(str(rate), batch)
    power = np.array([[1.0, 1.0]])
    found = online_course(lam, g, power, [0.0], rule, [4000, 5000], points)
    first, last = found.left.sum(axis=(1, 2))
    assert (last > first) == grows


def test_a_small_rate_is_gradient_flow_of_the_population():
    s = spectrum("exponential:beta=1", "hypercube:5")
    p = predict(s, {1: 1, 2: 1}, 20000, rule="sgd:rate=1/2000")
    lam = [float(s.level(k).eigenvalue) for k in (1, 2)]
    assert p.test_mse.item() == pytest.approx(
        sum(np.exp(-20 * np.array(lam))), abs=2e-3
    )


def test_a_plug_in_domain_is_predicted_and_batches_may_be_distinct():
    s = spectrum("exponential:beta=1", Pairs())
    ask = {"noise": "1/4", "rule": "sgd:rate=1/2,batch=5"}
    p = predict(s, {1: 1}, [0, 5, 50], **ask)
    q = predict(s, {1: 1}, [0, 5, 50], sampling="distinct", **ask)
    assert p.test_mse[0] == q.test_mse[0] == 1.25
    assert q.test_mse[1] < p.test_mse[1]
    assert p.equation == "sgd_unlearned_power"


class Unequal(Pairs):
    """The same set without the addition theorem."""

    kind = "unequal_pairs"
    addition_theorem = False


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        ({"rule": "sgd:batch=2"}, OutOfDomain, "rate = … is missing"),
        ({"rule": "sgd:rate=1,speed=2"}, OutOfDomain, "speed=2"),
        ({"rule": "sgd:rate=0"}, OutOfDomain, "rate = 0"),
        ({"rule": "sgd:rate=1,momentum=1"}, OutOfDomain, "below 1"),
        ({"rule": "sgd:rate=1,momentum=1/2,averaged"}, OutOfDomain, "momentum"),
        ({"rule": "sgd:rate=1,batch=3"}, OutOfDomain, "whole batches of 3"),
        ({"rule": "sgd:rate=1", "time": 1}, OutOfDomain, "leave time out"),
        ({"rule": "sgd:rate=1", "ridge": 1}, OutOfDomain, "no ridge"),
        ({"rule": "sgd:rate=9", "n": 4000}, Unsupported, "do not converge"),
    ],
)
def test_bad_questions_are_refused_by_name(ask, error, said):
    s = spectrum("exponential:beta=1", "hypercube:5")
    with pytest.raises(error, match=said):
        predict(s, {1: 1}, **({"n": 4} | ask))


def test_without_the_addition_theorem_it_is_refused():
    register(Unequal)
    try:
        s = spectrum("exponential:beta=1", Unequal())
        with pytest.raises(Unsupported, match="addition_theorem"):
            predict(s, {1: 1}, 4, rule="sgd:rate=1/2")
    finally:
        KNOWN.pop(Unequal.kind)
    with pytest.raises(Unsupported, match="without a domain"):
        predict(Spectrum.from_levels([(1, 4)]), {0: 1}, 4, rule="sgd:rate=1/2")
