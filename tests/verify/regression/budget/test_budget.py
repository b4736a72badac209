"""Error budgets: parts measured apart from the gap make the gap, or say that they do not."""

from dataclasses import replace

import numpy as np
import pytest

from theory import OutOfDomain
from verify.regression import Mean, kernel_matrix, kernel_regression, problem
from verify.regression.budget import (
    Budget,
    Part,
    net_budget,
    regression_budget,
    stopped,
)
from verify.regression.domains.hypercube import CubeArrays

NTK = "ntk:relu:depth=2,bias_variance=0.1"


def budgets(asked, **options):
    return {b.statistic: b for b in regression_budget(asked, **options)}


def test_parts_add_up_on_a_finite_domain_with_ridge_and_noise():
    found = budgets(problem(NTK, "hypercube:6", {1: 1}, 24, 1, "1/4"), trials=1500)
    for budget in found.values():
        assert budget.adds_up, str(budget)
        # (2.2) explains what a random rotation adds to Gaussian features
        finite = budget.part("finite domain")
        assert finite.explained is not None
        assert finite.seen
        assert abs(finite.shift - finite.explained) < 5 * finite.error


def test_repeated_points_carry_their_own_part():
    asked = problem(NTK, "hypercube:6", {1: 1}, 30, sampling="with_replacement")
    found = budgets(asked, trials=800)["learnability"]
    part = found.part("repeated points")
    assert found.adds_up, str(found)
    assert part.shift < -8 * part.error
    assert part.shift == pytest.approx(part.explained, rel=0.15)
    # left out, the rest does not make the gap
    kept = tuple(p for p in found.parts if p.cause != "repeated points")
    assert not replace(found, parts=kept).adds_up


def test_a_cut_spectrum_carries_its_own_part():
    asked = problem(NTK, "sphere:5", {1: 1}, 20, "1/10")
    found = budgets(asked, trials=400, levels=6)
    for budget in found.values():
        assert budget.adds_up, str(budget)
        cut = budget.part("truncated spectrum")
        assert abs(cut.shift) > 0.02
        kept = tuple(p for p in budget.parts if p.cause != "truncated spectrum")
        assert not replace(budget, parts=kept).adds_up
        assert budget.part("repeated points") == Part(
            "repeated points", 0.0, 0.0, "cannot act here"
        )


def test_rounding_is_proved():
    found = budgets(problem(NTK, "hypercube:5", {2: 1}, 9), trials=20)
    part = found["test_mse"].part("rounding")
    assert part.how == "8 proved digits"
    assert abs(part.shift) < 1e-10
    assert part.error < 1e-6


def test_without_ridge_and_noise_a_rotation_of_the_data_changes_nothing():
    # T = ΛΦᵀ(ΦΛΦᵀ)⁻¹Φ sees the span of the features alone
    part = budgets(problem(NTK, "hypercube:5", {1: 1}, 9), trials=20)["learnability"]
    assert abs(part.part("finite domain").shift) < 1e-12


def cube_nets():
    place, n = CubeArrays(4), 6
    everything = np.arange(16)
    matrix = kernel_matrix(
        problem(NTK, "hypercube:4", {1: 1}, 1).kernel,
        place.coordinates(everything),
        norms="equal",
    )
    indices = place.draw(n, range(10), 0, replace=False)
    values = np.stack([place.mode(k, 0, everything) for k in (1, 2)])
    return matrix, indices, values


def test_an_infinite_net_that_hardly_stops_is_kernel_regression():
    matrix, indices, values = cube_nets()
    exact = kernel_regression(matrix, indices, values)
    rates = 0.8 * 6 / exact.lambda_max
    learned, mse = stopped(matrix, indices, values, rates, stop_mse=1e-22)
    assert np.allclose(learned, exact.learnability, atol=1e-8)
    assert np.allclose(mse, exact.test_mse, atol=1e-8)
    early, _ = stopped(matrix, indices, values, rates, stop_mse=1e-2)
    assert np.abs(early - exact.learnability).mean() > 1e-3
    with pytest.raises(OutOfDomain, match="learning_rates"):
        stopped(matrix, indices, values, rates[:3])


def test_the_budget_of_nets_closes_on_paired_data_sets():
    matrix, indices, values = cube_nets()
    exact = kernel_regression(matrix, indices, values)
    rates = 0.8 * 6 / exact.lambda_max
    ended = stopped(matrix, indices, values, rates, stop_mse=1e-3)[0][:, 0]
    kernel = exact.learnability[:, 0]
    nets = ended + 0.05 + 0.01 * np.sin(np.arange(10))
    found = net_budget("learnability", "1=1", float(kernel.mean()), nets, ended, kernel)
    assert found.total.shift == pytest.approx(found.gap.value, abs=1e-12)
    assert found.part("finite width").shift == pytest.approx(0.05, abs=0.01)
    assert found.part("finite width").error < 0.004


@pytest.mark.slow
def test_trained_nets_close_the_chain_from_theory_to_width(tmp_path):
    pytest.importorskip("jax", reason="needs the extra jax")
    from verify.networks import (
        Architecture,
        Folder,
        HypercubeData,
        Training,
        run_cells,
        sweep,
    )

    n, trials, kernel = 6, 24, "ntk:relu:depth=1,bias_variance=0.1"
    asked = problem(kernel, "hypercube:4", {1: 1}, n)
    data = HypercubeData(4, ("parity:1",))
    found = data.examples(n, tuple(range(trials)))
    matrix = kernel_matrix(asked.kernel, data.points, norms="equal")
    exact = kernel_regression(matrix, found.indices, found.test_targets)
    rates = list(0.8 * n / exact.lambda_max[:trials])
    training = Training(stop_mse=1e-4, max_steps=20_000)
    cells = sweep(
        Architecture(1, 512, "relu", 2.0, 0.1),
        training,
        data,
        (n,),
        trials=trials,
        seed=0,
        lambda_max=lambda _, some: [float(exact.lambda_max[t]) for t in some],
    )
    run_cells(cells, tmp_path)
    nets = np.concatenate([Folder(tmp_path).load(c.digest).learnability for c in cells])
    ended, _ = stopped(matrix, found.indices, found.test_targets, rates, stop_mse=1e-4)
    (first, _) = regression_budget(asked, trials=2000)
    budget = net_budget(
        "learnability",
        "1=1",
        first.theory,
        nets[:, 0],
        ended[:, 0],
        exact.learnability[:, 0],
        before=first.parts,
    )
    # the nets' data sets are few: the gap is known no better than they spread
    assert budget.adds_up, str(budget)
    assert abs(budget.part("finite width").shift) < 0.05
    assert budget.part("stop rule").shift < 0


def test_a_budget_prints_rows_and_says_when_it_does_not_add_up():
    parts = (Part("finite data", 0.0, 0.001),)
    broken = Budget("learnability", "1=1", 0.5, Mean(0.6, 0.001, 100), parts)
    assert not broken.adds_up
    assert "DOES NOT ADD UP" in str(broken)
    assert [row["cause"] for row in broken.rows()] == ["finite data", "gap"]


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (([1.0, 2.0], [1.0], [1.0, 2.0]), "shapes"),
        (([1.0], [1.0], [1.0]), "at least 2"),
        (([1.0, np.nan], [1.0, 2.0], [1.0, 2.0]), "not finite"),
    ],
)
def test_bad_nets_are_named(arguments, match):
    with pytest.raises(OutOfDomain, match=match):
        net_budget("learnability", "1", 0.0, *arguments)


def test_bad_problems_are_named():
    with pytest.raises(OutOfDomain, match="rotations"):
        regression_budget(problem(NTK, "hypercube:12", {1: 1}, 4), 10)
    asked = problem(NTK, "hypercube:3", {1: 1}, 9, 1, sampling="with_replacement")
    with pytest.raises(OutOfDomain, match="exceeds"):
        regression_budget(asked, 10)
