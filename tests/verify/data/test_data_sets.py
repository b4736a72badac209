"""Broken data are named before any work; good data become points and targets."""

import numpy as np
import pytest

from theory import OutOfDomain
from verify.data import data_set, load_data
from verify.data.labels import targets_of

GOOD = np.array([[1.0, 2.0], [2.0, 1.0], [0.0, 3.0], [1.0, 1.0]])
LABELS = [0.5, 1.5, -1.0, 2.25]


def changed(row, column, value):
    x = GOOD.copy()
    x[row, column] = value
    return x


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (changed(1, 0, np.nan), "row 2, column 1: nan is not a finite number"),
        (changed(2, 1, np.inf), "row 3, column 2: inf is not a finite number"),
        (changed(0, 1, 1e200), "row 1, column 2: 1e.200 is too large"),
        (changed(2, 1, 0.0), "row 3 is zero"),
        ([[1, 2]], "1 row"),
        ([], "points must be an array"),
        ([[1, 2], [1]], "not an array of numbers"),
        ([["a", "b"], ["c", "d"]], "not an array of numbers"),
        ([1, 2, 3], "points must be an array"),
        ([[1, 2], [1, 2], [1, 2]], "every column is constant"),
        (np.vstack([GOOD[:3], GOOD[1]]), "rows 2 and 4 are the same point"),
    ],
)
def test_broken_points_are_named(x, said):
    with pytest.raises(OutOfDomain, match=said):
        data_set(x, None if len(x) != 4 else LABELS)


@pytest.mark.parametrize(
    ("labels", "task", "said"),
    [
        ([1, 2, 3], None, r"labels of shape \(3,\) for 4 points"),
        ([1.0, np.nan, 2.0, 3.0], None, "label of row 2 is missing"),
        (["a", "", "b", "a"], None, "label of row 2 is missing"),
        ([7, 7, 7, 7], None, "every label is 7"),
        (["a", "b", "a", "b"], "values", "needs numbers"),
        ([1, 3, 5, 7], "parity", "same parity"),
        ([0.5, 1, 2, 3], "parity", "whole numbers"),
        ([1, 2, 1, 2], "1 against 4", "no label '4'"),
        ([1, 2, 1, 2], "1 against 1", "must differ"),
        ([1, 2, 1, 2], "odd ones", "task = 'odd ones' is unknown"),
        (None, "classes", "needs labels"),
        (np.zeros((2, 4)), None, "vanishes on every point"),
    ],
)
def test_broken_labels_are_named(labels, task, said):
    with pytest.raises(OutOfDomain, match=said):
        data_set(GOOD, labels, task=task)


def test_unknown_ways_are_named():
    with pytest.raises(OutOfDomain, match="scale = 'unit' is unknown"):
        data_set(GOOD, LABELS, scale="unit")
    with pytest.raises(OutOfDomain, match="duplicates = 'ignore' is unknown"):
        data_set(GOOD, LABELS, duplicates="ignore")


def test_too_many_points_are_refused_before_they_are_used():
    class Huge(np.ndarray):
        pass

    wide = np.broadcast_to(np.array([1.0, 2.0]), (60_000, 2)).view(Huge)
    with pytest.raises(
        OutOfDomain, match=r"60000 points needs 26\.8 GiB.*at most 8192"
    ):
        data_set(wide)


def test_duplicates_are_dropped_or_kept_on_request():
    x = np.vstack([GOOD, GOOD[0]])
    dropped = data_set(x, [*LABELS, 9.0], task="given", duplicates="drop")
    assert dropped.size == 4
    assert dropped.targets.tolist() == [LABELS]
    kept = data_set(x, [*LABELS, 9.0], duplicates="keep")
    assert kept.size == 5
    assert "rows 1 and 5 are the same point" in str(kept)


def test_standardized_features_have_unit_variance_and_constant_ones_are_left_out():
    x = np.column_stack([GOOD, np.full(4, 5.0)])
    found = data_set(x, LABELS, scale="standardized", columns=("a", "b", "c"))
    assert found.dimension == 2
    np.testing.assert_allclose(found.points.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(found.points.std(axis=0), 1, rtol=1e-15)
    assert "constant columns left out: c" in str(found)


def test_tasks_make_targets():
    digits = np.array([0, 1, 2, 3, 8])
    parity, *_ = targets_of(digits, "parity", 5, "x")
    assert parity.tolist() == [[1, -1, 1, -1, 1]]
    one, names, rows, _ = targets_of(digits, "3 against 8", 5, "x")
    assert one.tolist() == [[1, -1]]
    assert rows.tolist() == [3, 4]
    assert names == ("3 against 8",)
    three, names, *_ = targets_of(["a", "b", "c"], None, 3, "x")
    assert three.tolist() == [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    values, *_ = targets_of([1.5, 2.5, 8.0], None, 3, "x")
    assert values.mean() == pytest.approx(0, abs=1e-15)
    assert np.mean(values**2) == pytest.approx(1)


def test_bundled_sets_load_and_some_of_their_points():
    wine = load_data("wine")
    assert wine.targets.shape == (3, 178)
    few = load_data("digits", points=50, seed=3)
    assert (few.size, few.dimension) == (50, 64)
    assert "50 of 1797 points, chosen with seed 3" in str(few)
    same = load_data("digits", points=50, seed=3)
    assert np.array_equal(few.points, same.points)
    with pytest.raises(OutOfDomain, match="points = 2000 must be a whole number in 2"):
        load_data("digits", points=2000)
    with pytest.raises(OutOfDomain, match="did you mean 'digits'"):
        load_data("digit")


def test_without_scikit_learn_one_line_says_what_to_install(monkeypatch):
    from verify import extras

    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(extras.MissingExtra, match=r"learnability\[verify\]") as caught:
        load_data("wine")
    assert "\n" not in str(caught.value)
