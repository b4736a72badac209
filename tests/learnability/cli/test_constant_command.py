import json
import sys
from fractions import Fraction
from math import comb

import pytest


def excess(levels, c, ridge):
    """Σ g λ/(λ + c) + δ/c in rational arithmetic."""
    return sum(g * lam / (lam + c) for lam, g in levels) + ridge / c


SPECTRUM = [("1/2", 3), ("1e-10", 40), ("7", 1)]


@pytest.fixture
def levels_file(tmp_path):
    path = tmp_path / "levels.csv"
    path.write_text("lambda,g\n" + "\n".join(f"{lam},{g}" for lam, g in SPECTRUM))
    return f"levels:{path}"


@pytest.mark.parametrize("n", ["1", "7/2", "43", "43.999999999999999999"])
@pytest.mark.parametrize("ridge", ["0", "1/3", "1e-20"])
def test_the_interval_brackets_the_root(command, levels_file, n, ridge):
    data = command(
        "constant", levels_file, "-n", n, "--ridge", ridge, "--format", "json"
    ).data
    assert set(data) == {"n", "ridge", "C", "radius"}
    levels = [(Fraction(lam), g) for lam, g in SPECTRUM]
    c, radius = Fraction(data["C"]), Fraction(data["radius"])
    assert excess(levels, c - radius, Fraction(ridge)) >= Fraction(n)
    assert excess(levels, c + radius, Fraction(ridge)) <= Fraction(n)
    assert radius < c / 10**30


def test_more_digits_than_python_writes(command):
    before = sys.get_int_max_str_digits()
    words = ("constant", "hypercube:8", "gaussian", "-n", "256-1e-19000")
    found = command(*words, "--digits", "5000", "--format", "json").data
    assert sys.get_int_max_str_digits() == before
    assert len(found["C"]) > 5000
    # near all N modes C is (N − n)/(Σ g/λ), linear in the distance
    near = command(*words[:-1], "256-1e-18000", "--format", "json").data["C"]
    (digits, _, power), (same, _, larger) = (
        x.partition("e") for x in (found["C"], near)
    )
    assert digits.startswith(same[:30])
    assert int(larger) - int(power) == 1000


def test_a_single_level_has_the_closed_form(command, tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("2/3,7\n")
    data = command("constant", f"levels:{path}", "-n", "3", "--format", "json").data
    error = abs(Fraction(data["C"]) - Fraction(2, 3) * 4 / 3)
    assert error <= Fraction(data["radius"])


def test_the_ends_are_limits(command):
    words = ("constant", "hypercube:4", "exponential", "-n", "0,16", "--format", "json")
    none, all_modes = command(*words).data
    assert (none["C"], none["radius"]) == ("inf", "0")
    assert (all_modes["C"], all_modes["radius"]) == ("0", "0")


def test_a_kernel_with_rational_eigenvalues(command):
    d = 5
    words = (
        "constant",
        f"hypercube:{d}",
        "expr:1/(2 - t)",
        "-n",
        "6",
        "--digits",
        "60",
    )
    data = command(*words, "--format", "json").data
    levels = []
    for k in range(d + 1):
        total = Fraction(0)
        for m in range(d + 1):
            signs = sum(
                (-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1)
            )
            total += comb(d, m) * signs / (1 + Fraction(2 * m, d))
        levels.append((total / comb(d, k) / 2**d, comb(d, k)))
    c, radius = Fraction(data["C"]), Fraction(data["radius"])
    assert excess(levels, c - radius, 0) > 6 > excess(levels, c + radius, 0)
    assert radius < c / 10**60


def test_lists_and_kernels_make_rows_and_columns(command):
    words = ("constant", "hypercube:6", "ntk:relu:depth=1..2", "-n", "1:3")
    text = command(*words).out.splitlines()
    assert len(text) == 4
    assert text[0].split() == [
        "n", "C,", "ntk:relu:depth=1", "C,", "ntk:relu:depth=2",
    ]  # fmt: skip
    rows = json.loads(command(*words, "--format", "json").out)
    assert [row["n"] for row in rows] == ["1", "1", "2", "2", "3", "3"]
    assert rows[1]["kernel"].startswith("ntk:relu:depth=2")


def test_columns_of_levels_are_found_by_their_names(tmp_path, command):
    path = tmp_path / "levels.csv"
    path.write_text("multiplicity,eigenvalue\n1,4\n3,2\n")
    out = command("constant", f"levels:{path}", "-n", "2", "--digits", "10").out
    # 4/(4 + C) + 6/(2 + C) = 2 is C² + C − 8 = 0
    assert "2.37228132" in out
    path.write_text("first,second\n1,4\n3,2\n")
    assert (
        "called first, second" in command("constant", f"levels:{path}", "-n", "2").err
    )
