"""Files of the user's: read as they are, and refused with the line that is wrong."""

import numpy as np
import pytest

from theory import OutOfDomain
from verify.data import load_data

GOOD = "a,b,y\n1,2,0.5\n2,1,1.5\n0,3,-1.25\n"


def written(folder, text, name="mine.csv"):
    path = folder / name
    path.write_text(text)
    return path


def test_a_csv_file_with_and_without_header(tmp_path):
    with_header = load_data(written(tmp_path, GOOD), task="given")
    without = load_data(written(tmp_path, GOOD.partition("\n")[2]), task="given")
    assert with_header.points.tolist() == [[1, 2], [2, 1], [0, 3]]
    assert np.array_equal(with_header.points, without.points)
    assert with_header.targets.tolist() == [[0.5, 1.5, -1.25]]
    named = load_data(written(tmp_path, GOOD), label="a", task="given")
    assert named.targets.tolist() == [[1, 2, 0]]
    plain = load_data(written(tmp_path, GOOD), label=None)
    assert plain.targets is None
    assert plain.dimension == 3


def test_names_of_classes_are_labels(tmp_path):
    text = "x,z,kind\n1,2,cat\n2,1,dog\n3,3.5,cat\n"
    found = load_data(written(tmp_path, text))
    assert found.targets.tolist() == [[1, -1, 1]]
    assert found.target_names == ("cat against the rest",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("a,b,y\n", "a header and no rows"),
        ("1,2,0.5\n", "1 row"),
        (GOOD + "1,2\n", "line 5 has 2 fields, line 1 has 3"),
        (GOOD + "1,oops,2\n", "line 5, column b: 'oops' is not a number"),
        (GOOD + "1,,2\n", "line 5, column b: the entry is missing"),
        (GOOD + "1,nan,2\n", "row 4, column b: nan is not a finite number"),
        (GOOD + "1,2,\n", "line 5: the label is missing"),
        (GOOD + "1,2,NaN\n", "line 5: the label is missing"),
        (GOOD + "0,0,2\n", "row 4 is zero"),
        (GOOD + "1,2,2\n", "rows 1 and 4 are the same point"),
        ("1\n2\n3\n", "one column only"),
        ("1,2,3\n1,2,4\n1,2,5\n", "every column is constant"),
    ],
)
def test_a_broken_csv_file_is_named(tmp_path, text, said):
    with pytest.raises(OutOfDomain, match=said) as caught:
        load_data(written(tmp_path, text))
    assert "mine.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_npy_and_npz_files(tmp_path):
    x = np.array([[1.0, 2], [2, 1], [3, 3.5]])
    y = np.array([0, 1, 1])
    np.savez(tmp_path / "two.npz", x=x, y=y)
    np.save(tmp_path / "one.npy", np.column_stack([x, y]))
    for name in ("two.npz", "one.npy"):
        found = load_data(tmp_path / name)
        assert np.array_equal(found.points, x)
        assert found.targets.tolist() == [[1, -1, -1]]
    np.savez(tmp_path / "bare.npz", x=x)
    assert load_data(tmp_path / "bare.npz").targets is None


def test_broken_arrays_are_named(tmp_path):
    np.savez(tmp_path / "other.npz", spam=np.eye(3))
    with pytest.raises(OutOfDomain, match=r"no array x of points \(it holds spam\)"):
        load_data(tmp_path / "other.npz")
    np.save(tmp_path / "flat.npy", np.arange(4.0))
    with pytest.raises(OutOfDomain, match=r"shape \(4,\)"):
        load_data(tmp_path / "flat.npy")
    np.save(tmp_path / "words.npy", np.array([["a", "b"], ["c", "d"]]))
    with pytest.raises(OutOfDomain, match="numbers are needed"):
        load_data(tmp_path / "words.npy")
    for name in ("text.npy", "text.npz"):
        written(tmp_path, "no array at all", name)
        with pytest.raises(OutOfDomain, match=r"not a \.np[yz] file that can be read"):
            load_data(tmp_path / name)
    np.save(tmp_path / "objects.npy", np.array([{}, []], dtype=object))
    with pytest.raises(OutOfDomain, match=r"not a \.npy file that can be read"):
        load_data(tmp_path / "objects.npy")


def test_a_missing_file_and_an_unknown_kind(tmp_path):
    with pytest.raises(OutOfDomain, match="there is no such file"):
        load_data(tmp_path / "nowhere.csv")
    with pytest.raises(OutOfDomain, match=r"nor a file \.csv"):
        load_data(written(tmp_path, GOOD, "mine.pickle"))
    with pytest.raises(OutOfDomain, match="label = 'q': there is no such column"):
        load_data(written(tmp_path, GOOD), label="q")
