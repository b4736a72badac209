"""One reader of targets: text, functions and values give the same powers and parts."""

import itertools
import math

import numpy as np
import pytest
from sympy import Rational

from numerics.targets.level_powers import level_powers
from numerics.targets.target_reading import read_target
from theory import Hypercube, Hypersphere
from theory.domains import UnitCircle
from theory.errors import OutOfDomain, Unsupported

CORNERS = list(itertools.product([1, -1], repeat=4))


def majority(x):
    return int(np.sign(x[0] + x[1] + x[2]))


def test_text_a_function_and_values_are_one_target():
    cube = Hypercube(4)
    values = [majority(x) for x in CORNERS]
    found = [
        read_target("expr:sign(x1 + x2 + x3)", cube),
        read_target("function: sign(x1 + x2 + x3)", cube),
        read_target(majority, cube),
        read_target(values, cube),
    ]
    for f in found:
        assert f == {1: Rational(3, 4), 3: Rational(1, 4)}
        assert np.allclose(f.at(CORNERS), values, atol=1e-15)


@pytest.mark.parametrize(
    ("text", "domain", "points", "f"),
    [
        ("exp(x1)*x2 + 1/3", Hypercube(4), CORNERS, lambda x: math.exp(x[0]) * x[1] + 1 / 3),
        ("Max(x1, x2, x4)^2 - x3/7", Hypercube(4), CORNERS, lambda x: 1 - x[2] / 7),
        ("exp(sin(theta))", UnitCircle(), [0.1, 2.0], lambda x: math.exp(math.sin(x))),
        ("theta^2", UnitCircle(points=7), [2 * math.pi * j / 7 for j in range(7)], lambda x: x * x),
    ],
)  # fmt: skip
def test_parts_add_up_to_the_function(text, domain, points, f):
    found = read_target(f"expr:{text}", domain)
    assert np.allclose(found.at(points), [f(x) for x in points], atol=1e-11)


def test_parts_on_the_sphere_are_harmonic_and_add_up():
    sphere = Hypersphere(4)
    f = read_target("expr:x1^2*x2 + x3", sphere)
    x = np.random.default_rng(0).standard_normal((4000, 4))
    x *= 2 / np.linalg.norm(x, axis=1)[:, None]
    assert np.allclose(f.at(x), x[:, 0] ** 2 * x[:, 1] + x[:, 2])
    # the cubic part has the mean square that its power says, by another way than moments
    cubic = f.at_level(3, x)
    assert np.mean(cubic**2) == pytest.approx(float(f[3]), rel=0.15)
    assert abs(np.mean(cubic * f.at_level(1, x))) < 0.05


def test_only_the_coordinates_that_occur_are_run_through():
    f = read_target("expr:x3*x99", Hypercube(100))
    assert f == {2: 1}
    assert f.at([1] * 98 + [-1, 1]) == -1
    many = "+".join(f"x{i}" for i in range(1, 22))
    with pytest.raises(Unsupported, match="at most 20 coordinates"):
        read_target(f"expr:sign({many})", Hypercube(30))


@pytest.mark.parametrize(("text", "parity"), [("sign(x1 - 2*x3)", 1), ("Abs(x2)", 0)])
def test_functions_of_one_direction_on_the_sphere(text, parity):
    found = read_target(f"expr:{text}", Hypersphere(5))
    assert {k % 2 for k in found} == {parity}
    assert float(sum(found.values())) == pytest.approx(1, abs=1e-12)
    assert 0 < found.left_out < 0.05
    x = np.random.default_rng(1).standard_normal((5, 5))
    x *= 5**0.5 / np.linalg.norm(x, axis=1)[:, None]
    names = {f"x{i + 1}": x[:, i] for i in range(5)}
    said = eval(text, {"sign": np.sign, "Abs": np.abs}, names)
    assert np.allclose(found.at(x), said, atol=1e-9)


def test_an_exponential_of_one_coordinate_has_its_exact_mean():
    # E e^{x1} = Σ E x1^{2m}/(2m)!, with E x1² = 1 and E x1⁴ = 3 d/(d + 2) on norm √d
    d, term, mean = 3, 1.0, 1.0
    for m in range(1, 30):
        term *= d * (2 * m - 1) / (d + 2 * m - 2) / (2 * m * (2 * m - 1))
        mean += term
    found = read_target("expr:exp(x1)", Hypersphere(3))
    assert float(found[0]) == pytest.approx(mean**2, rel=1e-12)
    assert found.left_out == 0


def test_a_jump_at_a_rounded_angle_is_exact():
    found = read_target("expr:sign(cos(theta))", UnitCircle(points=4))
    assert float(found[1]) == pytest.approx(1 / 2)
    assert found.at([0, math.pi / 2]) == pytest.approx([1, 0], abs=1e-15)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("expr:x9", "unknown name 'x9'"),
        ("expr:x1-x1", "vanishes"),
        ("expr:sqrt(-1-x1)", "finite real"),
        ("expr:1/(x1+x2)", "divides by zero"),
        ("expr:__import__('os')", "unknown function"),
        ("expr:factorial(10^9)", "target"),
        ("values:/nowhere", "is no file"),
        ("9=1", "target level"),
    ],
)
def test_what_is_wrong_is_said(text, says):
    with pytest.raises(OutOfDomain, match=says):
        read_target(text, Hypercube(8))


def test_values_of_a_file(tmp_path):
    path = tmp_path / "values.csv"
    path.write_text("\n".join(str(x[0] * x[1]) for x in CORNERS))
    assert read_target(f"values:{path}", Hypercube(4)) == {2: 1}
    with pytest.raises(OutOfDomain, match="8 points"):
        read_target(f"values:{path}", Hypercube(3))
    path.write_text("1\nx")
    with pytest.raises(OutOfDomain, match="number 2"):
        read_target(f"values:{path}", Hypercube(1))


def test_level_powers_still_make_a_dictionary():
    powers = level_powers(lambda x: x[0], Hypercube(3))
    assert dict(powers) == {1: 1}
    assert powers.text == "1=1"
