"""A formula says where it lives, and what it says is there."""

from importlib import import_module

import pytest
from house import TOP

from theory import formulas
from theory.formula import Registry
from theory.source import Source
from verify.regression.measured import BY_DATA_SET, BY_TARGET, FORMULAS
from verify.whereabouts import whereabouts


def test_a_declaration_is_in_the_line_that_is_named():
    for name in formulas:
        module, line = formulas.declared(name)
        path = import_module(module).__file__
        assert path is not None
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        assert "declare" in lines[line - 1], (name, module, line)
        assert str(TOP) in path


def test_every_judge_that_is_named_is_there():
    for name in ("test_mse", "learnability_by_eigenvalue", "implicit_equation"):
        found = whereabouts(formulas[name])
        assert found.judges
        for judge in found.judges:
            module, _, function = judge.rpartition(".")
            assert callable(getattr(import_module(module), function))


def test_a_derivation_is_named_with_the_step_that_states_it():
    found = formulas["conservation"].whereabouts()
    assert found.derived == ("learnability derive conservation, step 10 of 13",)
    assert "learnability verify regression (learned)" in found.measured
    assert {"learnability reproduce fig2", "learnability reproduce lazy"} <= set(
        found.measured
    )


@pytest.mark.parametrize(
    ("name", "declared", "derivation"),
    [
        ("test_mse", "statistics/predictions", "mse, step 11"),
        ("implicit_equation", "constant/definition", "constant, step 6"),
        ("learnability", "constant/definition", "universality, step 9"),
        ("susceptibility", "constant/", "mse, step 8"),
        ("constant_by_samples", "constant/", "constant, step 12"),
        ("constant_by_ridge", "constant/", "constant, step 13"),
        ("constant_by_eigenvalue", "constant/", "constant, step 14"),
        ("conservation", "data_set/conservation", "conservation, step 10"),
        ("train_mse_from_slopes", "data_set/theorems", "mse, step 6"),
        ("learnability_by_eigenvalue", "data_set/theorems", "sherman_morrison, step 9"),
        ("arc_cosine_1", "activations/arc_cosine", "arc_cosine, step 1"),
    ],
)
def test_a_formula_leads_to_its_place_judges_and_derivation(name, declared, derivation):
    found = whereabouts(formulas[name])
    assert found.declared.startswith(f"theory/{declared}")
    assert found.judges
    assert all((TOP / file).exists() for file in found.computed)
    assert any(f"derive {derivation} of" in x for x in found.derived)


def test_both_ways_to_a_number_are_named():
    ways = formulas["test_mse"].whereabouts().computed
    assert ways[:2] == tuple(
        f"numerics/statistics/predict_{way}.py" for way in ("floats", "proved")
    )
    solvers = formulas["implicit_equation"].whereabouts().computed
    assert "numerics/implicit_equation/proved_solver.py" in solvers


def test_what_nobody_tests_is_said():
    mine = Registry().declare(
        name="mine", says="x", lhs=formulas["bias"].lhs, rhs=formulas["bias"].lhs,
        status="definition", source=Source("x"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="mine"):
        whereabouts(mine)


@pytest.mark.parametrize("statistic", [*BY_TARGET, *BY_DATA_SET])
def test_every_measured_statistic_names_its_formula(statistic):
    assert FORMULAS[statistic] in formulas
