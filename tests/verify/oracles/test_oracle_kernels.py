"""Our kernels are neural-tangents' own: always against the frozen table, live on request."""

import numpy as np
import pytest

from theory import kernels
from verify.oracles import Environment, compare, frozen, tanh
from verify.oracles.cases import ACTIVATIONS, cases, inputs
from verify.regression import kernel_matrix
from verify.verdicts.verdict import Verdict

KEPT = frozen.read()
X = inputs()
ALL = cases()
SHALLOW = [c for c in ALL if c.depth <= 2]


def test_the_frozen_table_answers_the_question_of_this_code():
    assert frozen.stale() == ""
    versions = frozen.sidecar()["versions"]
    assert (versions["neural_tangents"], versions["jax"]) == ("0.6.5", "0.5.3")
    assert set(KEPT) == {(c.name, f) for c in cases() for f in c.families}


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.ours)
def test_entries_are_the_frozen_ones(activation):
    report = compare.compare("oracle", activation, ALL, KEPT, X)
    assert report.verdict is Verdict.CONFIRMED, str(report)
    assert report.checks >= 50


def test_norm_one_and_norm_root_d_are_told_apart_by_the_input_variance():
    """The way of equal norms: points 0, 1 have norm 1, points 2, 3 have norm √5."""
    for case in [c for c in SHALLOW if c.activation.ours in {"relu", "erf", "gelu"}]:
        for rows, variance in (([0, 1], "1/5"), ([2, 3], "1")):
            K = kernels.parse(f"ntk:{case.name},input_variance={variance}")
            expected = KEPT[case.name, "ntk"][np.ix_(rows, rows)]
            np.testing.assert_allclose(
                kernel_matrix(K, X[rows], norms="equal"), expected, rtol=2e-13
            )


def test_wrong_kernels_are_refuted():
    report = compare.controls("controls", cases(), KEPT, X)
    assert report.verdict is Verdict.CONFIRMED, str(report)
    relu = [c for c in SHALLOW if c.activation.ours == "relu"]
    moved = {key: K.copy() for key, K in KEPT.items()}
    moved[relu[0].name, "ntk"][0, 1] *= 1 + 1e-11
    report = compare.compare("oracle", relu[0].activation, relu, moved, X)
    assert report.verdict is Verdict.REFUTED
    assert "inputs 0 and 1: ours" in report.counterexample


def test_where_the_oracle_divides_by_the_sine_our_value_is_the_moment():
    """E x₊² y₊² for y = 3x is 9 · 3 q²/2; the oracle has −0.19 or so in its place."""
    case = next(c for c in cases() if c.activation.ours == "Max(0, z)**2")
    assert case.bias_variance == "0"
    v = float(case.weight_variance) / 5
    assert kernel_matrix(case.kernel("nngp"), X, norms="own")[0, 4] == pytest.approx(
        13.5 * v**2
    )
    assert np.all(np.isnan(np.diag(KEPT[case.name, "nngp"])[:1]))
    assert abs(KEPT[case.name, "ntk"][0, 4] - 0.315) > 0.1


def test_a_table_that_was_changed_is_named(monkeypatch, tmp_path):
    changed = tmp_path / "kernels.csv"
    changed.write_text(frozen.TABLE.read_text().replace("0.1", "0.2", 1))
    monkeypatch.setattr(frozen, "TABLE", changed)
    assert frozen.stale().startswith("table_sha256 differ")


def test_frozen_and_live_are_compared():
    assert frozen.agree(KEPT, KEPT).verdict is Verdict.CONFIRMED
    key = ("erf:depth=1,weight_variance=2,bias_variance=0", "nngp")
    moved = KEPT | {key: KEPT[key] * (1 + 1e-13)}
    assert frozen.agree(moved, KEPT).verdict is Verdict.REFUTED
    fewer = {k: v for k, v in KEPT.items() if k != key}
    assert frozen.agree(fewer, KEPT).verdict is Verdict.REFUTED
    assert frozen.as_table(KEPT) == frozen.TABLE.read_text()


def test_tanh_is_proved_and_the_oracle_is_off():
    from flint import fmpq

    assert tanh.intact()
    report = tanh.weakness()
    assert report.verdict is Verdict.CONFIRMED, str(report)
    nngp, ntk = tanh.proved(1, fmpq(1, 2))
    rows = [r for r in tanh.read() if (r["depth"], r["t"]) == ("1", "1/2")]
    for row in rows:
        kept = row["proved"].strip("[]").split(" +/- ")
        truth = nngp if row["family"] == "nngp" else ntk
        assert abs(float(truth) - float(kept[0])) <= float(kept[1]) + 1e-16
    # a second way: the same two means with 300 nodes in each direction
    nodes, weights = np.polynomial.hermite_e.hermegauss(300)
    weights = weights / np.sqrt(2 * np.pi)
    v, s = 2.26, 9 / 8 + 0.01
    rho = s / v
    x = np.sqrt(v) * nodes[:, None]
    y = np.sqrt(v) * (rho * nodes[:, None] + np.sqrt(1 - rho**2) * nodes)
    value = weights @ (np.tanh(x) * np.tanh(y)) @ weights
    slope = weights @ ((1 - np.tanh(x) ** 2) * (1 - np.tanh(y) ** 2)) @ weights
    assert float(nngp) == pytest.approx(value, rel=1e-9)
    assert float(ntk) == pytest.approx(value + s * slope, rel=1e-9)


def test_the_engines_tanh_nets_meet_the_proved_values():
    """Moments of 1/sinh against Hermite coefficients, both enclosed."""
    from flint import arb, fmpq

    from numerics.spectra.kernel_evaluation import evaluator
    from theory import Hypercube

    for family, place in (("nngp", 0), ("ntk", 1)):
        K = f"{family}:tanh:depth=1,weight_variance=9/4,bias_variance=0.01"
        run = evaluator(kernels.parse(K), Hypercube(8))
        for t in (fmpq(1), fmpq(1, 2), fmpq(-1, 4)):
            ours = arb(run((1 - t) / 2))
            assert ours.overlaps(tanh.proved(1, t)[place])
            assert float(ours.rad()) < 1e-13


@pytest.mark.oracle
def test_the_live_oracle_says_what_is_frozen():
    environment = Environment.default()
    if not environment.is_ready:
        pytest.skip("no oracle here; `learnability verify oracle` builds it")
    few = [c for c in SHALLOW if c.activation.ours in {"relu", "erf"}]
    answers = environment.ask(frozen.question(few))
    assert next(answers)["versions"] == frozen.sidecar()["versions"]
    live = frozen.gather(answers, few)
    frozen_part = {key: KEPT[key] for key in live}
    assert frozen.agree(live, frozen_part).verdict is Verdict.CONFIRMED
