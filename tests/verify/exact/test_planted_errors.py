"""Errors planted in the engine, one at a time, are refuted by some exact law."""

import pytest

from numerics.implicit_equation import float_solver, proved_solver
from numerics.spectra.domains import (
    circle,
    finite_domains,
    harmonics,
    hypercube,
    sphere,
    taylor_series,
)
from numerics.spectra.quadrature import angle_quadrature
from numerics.spectra.spectrum import _spectrum
from numerics.spectra.tails import Tail
from numerics.statistics import predict_floats, predict_proved
from theory import notation
from verify.exact.laws import closed_forms, engine
from verify.exact.problems.balance import Balance
from verify.exact.testing.choices import seeded
from verify.exact.testing.law import examine, judged
from verify.verdicts.verdict import Verdict

LAWS = {law.name: law for law in [*engine.laws(), *closed_forms.laws()]}


def scaled(factor):
    return lambda found: found * factor


def first(change):
    return lambda found: [change(found[0]), *found[1:]]


def last(change):
    return lambda found: [*found[:-1], change(found[-1])]


def one_off(split):
    low, high = split
    return proved_solver.Side(low.total + 1, low.slope), high


def swapped(split):
    return split[::-1]


class Louder:
    """The program of all statistics with one value doubled."""

    def __init__(self, right, symbol):
        self.right, self.symbol = right, symbol

    def bound(self, values):
        found = self.right.bound(values)
        return {**found, self.symbol: 2 * found[self.symbol]}


EXACT = "engine/eigenvalues"
PLANTED = {
    "split: off by one": (
        proved_solver.EquationData,
        "split",
        one_off,
        "engine/constant",
    ),
    "split: sides swapped": (
        proved_solver.EquationData,
        "split",
        swapped,
        "engine/constant",
    ),
    "learned: a factor": (proved_solver, "_learned", scaled(2), "engine/constant"),
    "unlearned: the sign": (proved_solver, "_unlearned", scaled(-1), "engine/constant"),
    "point: 12 digits": (
        proved_solver,
        "_point",
        lambda c: c * (1 + 2**-40),
        "engine/constant",
    ),
    "tail: a factor": (Tail, "learned", scaled(2), "closed_forms/constant"),
    "proved bias": (
        predict_proved,
        "_program",
        lambda program: Louder(program, notation.bias),
        "engine/statistics",
    ),
    "proved train": (
        predict_proved,
        "_program",
        lambda program: Louder(program, notation.train_mse),
        "engine/statistics",
    ),
    "float test": (
        predict_floats,
        "_statistics",
        lambda program: Louder(program, notation.test_mse),
        "engine/floats",
    ),
    "float C: 1e-6": (
        predict_floats,
        "solve_constant",
        scaled(1 + 1e-6),
        "engine/floats",
    ),
    "float Newton": (
        float_solver,
        "_both",
        lambda x: (x[0] * (1 + 1e-9), x[1]),
        "engine/floats",
    ),
    "float sides": (
        float_solver,
        "sides",
        lambda x: (x[0] * 1.001, *x[1:]),
        "engine/floats",
    ),
    "float sides: the sign": (
        float_solver,
        "sides",
        lambda x: (x[1], x[0], x[2]),
        "engine/floats",
    ),
    "cube: reversed": (hypercube, "transform", lambda x: x[::-1], EXACT),
    "cube: the sign": (hypercube, "transform", last(scaled(-1)), EXACT),
    "cube: a factor": (hypercube, "transform", lambda x: [2 * y for y in x], EXACT),
    "cube: binomials": (hypercube, "binomials", lambda x: (*x[:-1], 2), EXACT),
    "cube: all of it": (finite_domains, "levels", lambda x: x[::-1], EXACT),
    "circle: a factor": (circle, "_samples", last(scaled(2)), "closed_forms/trace"),
    "circle: folding": (
        finite_domains,
        "circle_eigenvalues",
        lambda x: x[::-1],
        "closed_forms/eigenvalues",
    ),
    "sphere: density": (
        angle_quadrature,
        "density",
        scaled(1 + 2**-40),
        "closed_forms/eigenvalues",
    ),
    "sphere: harmonics": (
        harmonics,
        "eigenvalues",
        first(scaled(2)),
        "closed_forms/eigenvalues",
    ),
    "sphere: multiplicity": (
        harmonics,
        "multiplicities",
        lambda g: [x + (k > 0) for k, x in enumerate(g)],
        "closed_forms/constant",
    ),
    "sphere: polynomials": (
        sphere,
        "sphere_eigenvalues",
        first(scaled(2)),
        "closed_forms/eigenvalues",
    ),
    "sphere: Taylor": (
        taylor_series,
        "eigenvalues",
        last(scaled(2)),
        "closed_forms/trace",
    ),
}


def forget():
    for kept in (
        _spectrum,
        predict_proved._program,
        predict_floats._statistics,
        hypercube.binomials,
    ):
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@pytest.fixture(autouse=True)
def fresh():
    """Nothing remembered from before a plant is used, and nothing planted stays."""
    forget()
    yield
    forget()


CASES = {
    # near n = N, where only the balance has digits
    "float sides: the sign": Balance([(1, 2), ("1/3", 5)], "1e-9", power=[1, 1]),
    "circle: folding": closed_forms.OnDomain("polynomial:degree=3", "circle:6"),
    "sphere: polynomials": closed_forms.OnDomain("polynomial:degree=2", "sphere:3"),
}


def refuted(plant, law, most=60):
    """By a case that is known to need what was planted, or by one of a few."""
    drawn = (law.build(seeded(1, example, law.name)) for example in range(most))
    cases = [CASES[plant]] if plant in CASES else drawn
    return any(judged(law, case).failure for case in cases)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_error_is_refuted(plant, monkeypatch):
    where, name, change, law = PLANTED[plant]
    right = getattr(where, name)
    monkeypatch.setattr(where, name, lambda *a, **k: change(right(*a, **k)))
    found = refuted(plant, LAWS[law])
    monkeypatch.undo()
    assert found


def test_a_refuted_plant_prints_a_case_that_refutes_it_again(monkeypatch):
    right, law = hypercube.transform, LAWS[EXACT]
    monkeypatch.setattr(hypercube, "transform", lambda x: [2 * y for y in right(x)])
    report = examine(law, 5)
    assert report.verdict is Verdict.REFUTED
    *imports, case = report.counterexample.splitlines()
    names: dict = {}
    exec("\n".join(imports), names)
    assert law.test(eval(case, names)).failure
    monkeypatch.undo()
    forget()
    assert not law.test(eval(case, names)).failure
