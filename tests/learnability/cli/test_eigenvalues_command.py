import csv
import io
from fractions import Fraction
from math import comb

import mpmath
import pytest


def rational_eigenvalue(kernel, d, k):
    """2^-d Σ_m C(d, m) K(1 − 2m/d) K_k(m)/C(d, k), as the definition has it."""
    total = Fraction(0)
    for m in range(d + 1):
        signs = sum((-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1))
        total += comb(d, m) * signs * kernel(1 - Fraction(2 * m, d))
    return total / comb(d, k) / 2**d


def covers(row, truth):
    return abs(Fraction(row["eigenvalue"]) - truth) <= Fraction(row["radius"])


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("polynomial:degree=3", lambda t: t**3),
        ("expr:1/(2 - t)", lambda t: 1 / (2 - t)),
        ("expr:(1 + t)^2/4", lambda t: (1 + t) ** 2 / 4),
        ("expr:d*t + 7", lambda t: 6 * t + 7),
    ],
)
def test_eigenvalues_are_the_exact_rational_sums(command, name, function):
    data = command("eigenvalues", "hypercube:6", name, "--format", "json").data
    assert data["domain"] == "hypercube:6"
    assert [row["level"] for row in data["levels"]] == list(range(7))
    for row in data["levels"]:
        assert row["multiplicity"] == str(comb(6, row["level"]))
        assert covers(row, rational_eigenvalue(function, 6, row["level"]))


def ntk(t, depth, weight, bias):
    """The recursion of a ReLU net, layer by layer, in mpmath."""
    q, sigma, theta = weight + bias, weight * t + bias, weight * t + bias
    for _ in range(depth):
        c = min(sigma / q, mpmath.mpf(1))
        angle = mpmath.acos(c)
        slope = (mpmath.pi - angle) / (2 * mpmath.pi)
        value = q * (mpmath.sin(angle) + c * (mpmath.pi - angle)) / (2 * mpmath.pi)
        last = _ == depth - 1
        w, b = (1, 0) if last else (weight, bias)
        sigma, q = w * value + b, w * q / 2 + b
        theta = sigma + w * slope * theta
    return theta


@pytest.mark.parametrize(("d", "depth"), [(8, 4), (5, 1), (6, 16)])
def test_ntk_digits_cover_an_independent_sum(command, d, depth):
    kernel = f"ntk:relu:depth={depth},bias_variance=0.01"
    found = command("eigenvalues", f"hypercube:{d}", kernel, "--format", "json").data
    with mpmath.workdps(70):
        for row in found["levels"]:
            k = row["level"]
            total = mpmath.mpf(0)
            for m in range(d + 1):
                signs = sum(
                    (-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1)
                )
                t = mpmath.mpf(d - 2 * m) / d
                total += comb(d, m) * signs * ntk(t, depth, 2, mpmath.mpf(1) / 100)
            truth = total / comb(d, k) / 2**d
            error = abs(mpmath.mpf(row["eigenvalue"]) - truth)
            assert error <= mpmath.mpf(row["radius"]) + mpmath.mpf(10) ** -60
            assert mpmath.mpf(row["radius"]) < mpmath.mpf(10) ** -30 * truth


def test_points_of_the_circle(command):
    data = command("eigenvalues", "circle:12", "exponential", "--format", "json").data
    with mpmath.workdps(50):
        for row in data["levels"]:
            truth = sum(
                mpmath.exp(mpmath.cos(2 * mpmath.pi * j / 12))
                * mpmath.cos(2 * mpmath.pi * j * row["level"] / 12)
                for j in range(12)
            )
            error = abs(mpmath.mpf(row["eigenvalue"]) - truth / 12)
            assert error <= mpmath.mpf(row["radius"]) + mpmath.mpf(10) ** -45
    assert [row["multiplicity"] for row in data["levels"]] == [
        "1", "2", "2", "2", "2", "2", "1",
    ]  # fmt: skip


def test_tail_mass_is_the_trace_of_the_levels_not_listed(command):
    words = ("eigenvalues", "hypercube:6", "expr:1/(2 - t)", "--levels", "0:2")
    data = command(*words, "--format", "json").data
    above = sum(
        comb(6, k) * rational_eigenvalue(lambda t: 1 / (2 - t), 6, k)
        for k in range(3, 7)
    )
    error = abs(Fraction(data["tail_mass"]) - above)
    assert error <= Fraction(data["tail_mass_radius"])
    assert "Levels above 2" in command(*words).out


def test_closed_forms_are_the_numbers_beside_them(command):
    import sympy

    data = command("eigenvalues", "hypercube:5", "exponential", "--format", "json").data
    for row in data["levels"]:
        form = sympy.sympify(row["closed_form"]).evalf(40)
        assert (
            abs(form - sympy.Rational(row["eigenvalue"]))
            < sympy.Rational(row["radius"]) + sympy.Rational(10) ** -38
        )


def test_levels_default_to_ten_and_to_the_last(command):
    words = ("polynomial:degree=2", "--format", "json")
    assert len(command("eigenvalues", "hypercube:14", *words).data["levels"]) == 11
    assert len(command("eigenvalues", "hypercube:3", *words).data["levels"]) == 4


def test_several_kernels_make_several_columns(command):
    words = ("eigenvalues", "hypercube:4", "ntk:relu:depth=1..2", "gaussian:width=2")
    found = command(*words, "--format", "csv", "--digits", "12")
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert len(rows) == 5
    assert len(rows[0]) == 2 + 2 * 3
    assert len(command(*words, "--format", "json").data) == 3
    head = command(*words).out.splitlines()[0]
    assert head.split() == [
        "k", "multiplicity", "ntk:relu:depth=1", "ntk:relu:depth=2", "gaussian:width=2",
    ]  # fmt: skip


def test_what_is_proved_and_what_is_printed_differ(command):
    words = ("eigenvalues", "hypercube:4", "exponential", "--levels", "0")
    long = command(*words, "--digits", "50", "--format", "json").data["levels"][0]
    assert len(long["eigenvalue"]) > 50
    short = command(*words, "--digits", "50", "--show", "4").out
    assert "1.132(1)" in short
    assert len(short.splitlines()[1]) < 60


def test_output_suffix_chooses_the_format(command, tmp_path):
    for suffix, mark in ((".tex", "\\toprule"), (".md", "| --- |"), (".csv", "radius")):
        path = tmp_path / f"table{suffix}"
        words = ("eigenvalues", "hypercube:3", "exponential", "--output", str(path))
        ran = command(*words)
        assert ran.code == 0
        assert ran.out == ""
        assert mark in path.read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "table.csv", "table.md", "table.tex",
    ]  # fmt: skip
