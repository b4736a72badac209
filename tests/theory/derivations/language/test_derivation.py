"""A derivation of one's own: right and wrong steps, changed assumptions, files."""

import json

import pytest
from sympy import Derivative, Eq, Ge, Gt, Limit, Sum, Symbol, log, oo

from learnability import load, save
from theory import Disagreement, OutOfDomain, Unsupported
from theory.constant import L, U, total
from theory.data_set.symbols import L_D, K, R, slope
from theory.derivations import Derivation, derive
from theory.derivations.checks.symbolic import SymbolicIdentity
from theory.derivations.language.storage import as_data, content_hash, from_data
from theory.derivations.steps.step import Step
from theory.notation import C, g, i, lam, modes, n, noise, ridge
from theory.notation import bias as B
from theory.notation import overfitting as E0
from theory.notation import test_mse as E

alpha = Symbol("alpha", real=True)


@pytest.fixture(scope="module")
def optimal():
    """The slope of a learning curve along the optimal ridge is 1 − E₀."""
    D = Derivation("slope", "The slope along the optimal ridge")
    D.assume(Eq(slope(E, ridge), 0), why="the ridge is optimal")
    D.step(Eq(alpha, n * slope(E, n) / E), why="the slope in a log-log plot")
    D.step(Eq(alpha, 1 - E0), why="both derivatives through C", from_=1)
    return D


@pytest.fixture
def light():
    """Without a ridge the learnabilities sum to n."""
    D = Derivation("no ridge", "Without a ridge")
    D.assume(Eq(ridge, 0), why="interpolation")
    D.step(Eq(alpha, total(g[i] * L)), why="the sum of learnabilities")
    D.step(Eq(alpha, n), why="the implicit equation", from_=1)
    return D


def test_what_is_not_in_the_registry_is_derived(optimal):
    assert optimal.check()
    assert [step.status for step in optimal.steps] == ["definition", "consequence"]


def test_a_wrong_step_is_not_entered_and_says_where_it_fails(optimal):
    found = optimal.step(Eq(alpha, 1 - 2 * E0), from_=1)
    assert found.verdict == "refuted"
    assert found.number is None
    assert "λ = (1)" in found.counterexample
    assert len(optimal.steps) == 2


def test_a_dropped_assumption_names_the_first_step_that_breaks(light, tmp_path):
    again = Derivation.replay(light.save(tmp_path / "light.json"))
    found = again.drop(ridge)
    assert not found
    assert found.broken.number == 2
    assert found.broken.counterexample
    assert again.check().verdict == "refuted"
    assert again.assume(Eq(ridge, 0))
    assert again.check()


def test_a_replay_is_the_same_and_notices_another_verdict(light, tmp_path):
    file = save(light, tmp_path / "light.json")
    again = load(file)
    assert (again.text(), again.latex()) == (light.text(), light.latex())
    made = json.loads(file.read_text("utf-8"))
    made["steps"][1]["verdict"] = "inconclusive"
    file.write_text(json.dumps(made), "utf-8")
    with pytest.raises(OutOfDomain, match="not the one that was saved"):
        load(file)
    made["sha256"] = content_hash(made)
    file.write_text(json.dumps(made), "utf-8")
    with pytest.raises(Disagreement, match="was inconclusive"):
        Derivation.replay(file)
    file.write_text("{}", "utf-8")
    with pytest.raises(OutOfDomain, match="holds no derivation"):
        Derivation.replay(file)


def test_an_assumption_on_the_same_letter_is_replaced():
    D = Derivation("no ridge")
    D.assume(Eq(ridge, 0))
    assert D.step(Eq(total(g[i] * L), n))
    assert D.step(Eq(E0, n / total(g[i] * L * U)))
    found = D.assume(Gt(ridge, 0))
    assert len(D.assumptions) == 1
    assert found.broken.number == 1
    assert "step 1 breaks" in str(found)


def test_an_inequality_is_tested_where_it_is_an_equality():
    D = Derivation("bounds")
    assert D.step(Ge(E0, 1))
    assert D.step(Ge(E0, 1 + noise / 10**9)).verdict == "refuted"
    assert D.step(Gt(E, E0 * noise)).verdict == "refuted"  # a target of power 0


def test_every_move_is_judged():
    D = Derivation("moves")
    entered = [
        D.sherman_morrison(),
        D.trace_is_cyclic(K, R),
        D.orthogonality(),
        D.average_over_signs(),
        D.inverse_of_sum(),
        D.substitute("test_mse", E),
        D.differentiate("bias", ridge),
        D.expand("overfitting_coefficient", n, 0, order=1),
        D.sum_by_levels(Sum(lam[i] ** 2, (i, 1, modes))),
        D.simplify(total(g[i] * L) - total(g[i] * L**2)),
    ]
    assert all(entered), [str(x) for x in entered if not x]
    assert [x.number for x in entered] == list(range(1, 11))


@pytest.mark.parametrize(
    "wrong",
    [
        Eq(K * R, 2 * R * K),
        Eq(Sum(L_D(i), (i, 1, modes)), n),
        Eq(Limit(E0, n, 0), 2),
        Eq(slope(B, n), 2 * E0 * B / n),
        Eq(log(E), log(E0) + log(B) + log(noise)),
    ],
    ids=str,
)
def test_wrong_statements_are_refuted(wrong):
    found = Derivation("wrong").step(wrong)
    assert found.verdict == "refuted", str(found)
    assert found.counterexample


def test_the_conservation_law_needs_no_ridge():
    D = Derivation("conservation without ridge")
    D.assume(Eq(ridge, 0))
    law = Eq(Sum(L_D(i), (i, 1, modes)), n)
    assert D.step(law)
    assert D.drop(ridge).broken.number == 1


def test_a_known_letter_cannot_be_given_another_meaning():
    D = Derivation("letters")
    assert D.step(Eq(E0, 2), status="definition").verdict == "refuted"
    assert D.step(Eq(alpha, 2)).how.startswith("proved: it gives")
    assert D.step(Eq(alpha, 3)).verdict == "refuted"


def test_what_is_cited_or_assumed_must_be_there():
    D = Derivation("empty")
    with pytest.raises(OutOfDomain, match="steps 1 to 0"):
        D.step(Eq(E0, 1), from_=1)
    with pytest.raises(OutOfDomain, match="nothing is assumed"):
        D.drop(ridge)
    with pytest.raises(OutOfDomain, match="is no equation"):
        D.step(E0)
    with pytest.raises(OutOfDomain, match="does not occur"):
        D.substitute("bias", C)
    D.step(Eq(L + U, 1), check_by=SymbolicIdentity())
    with pytest.raises(Unsupported, match="way of checking of its own"):
        D.save("nowhere.json")


def test_the_height_of_a_peak_needs_its_place():
    """At n = N the error grows like 1/√δ: E₀² δ → N²/(4 U₁)."""
    D = Derivation("peak")
    D.assume(Eq(n, modes))
    height = D.expand(E0**2 * ridge, ridge, 0)
    assert height, str(height)
    assert "N²/(4 U₁)" in height.text()
    assert D.expand(E0, ridge, 0).statement.rhs == oo
    assert D.assume(Gt(n, modes)).broken.number == 1


def test_derivatives_of_sympy_are_slopes_and_are_saved(tmp_path):
    D = Derivation("slopes")
    D.assume(Eq(Derivative(E, ridge), 0))
    assert D.assume(Eq(2 * slope(E, ridge), 0))  # which says nothing new
    assert D.step(Eq(Derivative(C, n), -C * E0 / n))
    again = Derivation.replay(D.save(tmp_path / "slopes.json"))
    assert again.text() == D.text()


def test_an_approximation_is_never_confirmed():
    D = Derivation("approximate")
    D.step(Eq(alpha, E0))
    D.step(Eq(alpha, 1), status="approximation")
    assert D.check().verdict == "inconclusive"


@pytest.mark.parametrize("name", ["conservation", "mse", "low_mode_rise"])
def test_three_of_the_derivations_are_written_in_this_language(name):
    assert isinstance(derive(name), Derivation)
    assert all(isinstance(step, Step) for step in derive(name).steps)


@pytest.mark.parametrize(
    "e",
    [E, total(g[i] * L**2), Limit(E0, n, 0), slope(C, lam[i]), K * R, L_D(i), alpha],
)
def test_expressions_come_back_from_files(e):
    assert from_data(json.loads(json.dumps(as_data(e)))) == e


def test_files_are_never_executed():
    with pytest.raises(OutOfDomain, match="no expression"):
        from_data({"head": "__import__", "args": []})
