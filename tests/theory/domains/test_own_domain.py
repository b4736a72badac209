"""A domain that lives in this file alone works everywhere: docs/howto/domain.md is this."""

import json
from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational, Symbol, exp, oo

# isort: split
# domain: begin
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer, sympify

from theory.domains import Domain, register
from theory.domains.domain import dimension, level_of, written


@dataclass(frozen=True)
class Simplex(Domain):
    """The n corners of a regular simplex: any two of them have the cosine −1/(n − 1)."""

    n: Any
    kind = "simplex"
    spellings = ("simplex:N",)
    group = "the symmetric group"
    graded = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", dimension(self.n, 2))

    @property
    def ambient(self) -> Expr:
        """R^(n−1), the dimension that the symbol d of a kernel takes."""
        return self.n - 1

    @property
    def last_level(self) -> Expr:
        """The constant, and what sums to 0."""
        return Integer(1)

    @property
    def size(self) -> Expr:
        """The corners."""
        return self.n

    def multiplicity(self, k: Any) -> Expr:
        """1 and n − 1."""
        return self.n - 1 if level_of(self, k) == 1 else Integer(1)

    def definition(self, kernel: Any, k: Any) -> Expr:
        """The mean of K(x, ·) times a function of the level."""
        one = written(kernel, Integer(1), self.ambient)
        other = written(kernel, -1 / self.ambient, self.ambient)
        factor = self.ambient if level_of(self, k) == 0 else -1
        return (one + factor * other) / self.n

    def zonal(self, k: Any, t: Any) -> Expr:
        """1 and t."""
        return Integer(1) if level_of(self, k) == 0 else sympify(t)

    def vectors(self) -> tuple[tuple[Expr, ...], ...]:
        """Corners e_i − 1/n: draws, modes and level powers follow from them."""
        rows = range(int(self.n))
        return tuple(tuple(int(i == j) - 1 / self.n for j in rows) for i in rows)


# domain: end
@dataclass(frozen=True)
class Johnson(Domain):
    """Subsets of two of v points: cosines in two steps, three levels, two numbers."""

    v: Any
    step: Any = 1
    kind = "pairs_of"

    def __post_init__(self) -> None:
        object.__setattr__(self, "v", sympify(int(self.v)))
        object.__setattr__(self, "step", sympify(int(self.step)))

    last_level = Integer(2)
    ambient = property(lambda self: self.v - 1)
    size = property(lambda self: self.v * (self.v - 1) / 2)

    def multiplicity(self, k: Any) -> Expr:
        return (Integer(1), self.v - 1, self.v * (self.v - 3) / 2)[int(k)]

    def vectors(self) -> tuple[tuple[Expr, ...], ...]:
        points = range(int(self.v))
        pairs = [(a, b) for a in points for b in points if a < b]
        return tuple(
            tuple(int(i in pair) - 2 / self.v for i in points) for pair in pairs
        )

    def zonal(self, k: Any, t: Any) -> Expr:
        """1, t, and t² made orthogonal to both."""
        if k == 0:
            return Integer(1)
        if k == 1:
            return sympify(t)
        mean = lambda power: sum(
            w * x**power for w, x in zip(self._shares, self._cosines, strict=True)
        )
        rest = lambda x: x**2 - mean(3) / mean(2) * x - mean(2)
        return rest(sympify(t)) / rest(Integer(1))

    @property
    def _cosines(self) -> tuple[Expr, ...]:
        square = 2 - 4 / self.v
        return tuple((Integer(j) - 4 / self.v) / square for j in (2, 1, 0))

    @property
    def _shares(self) -> tuple[Expr, ...]:
        v = self.v
        return tuple(x / self.size for x in (1, 2 * (v - 2), (v - 2) * (v - 3) / 2))

    def definition(self, kernel: Any, k: Any) -> Expr:
        terms = zip(self._shares, self._cosines, strict=True)
        return sum(
            (w * written(kernel, t, self.ambient) * self.zonal(k, t) for w, t in terms),
            Integer(0),
        )


@dataclass(frozen=True)
class ProjectiveLine(Domain):
    """An infinite domain that nothing is registered for."""

    kind = "projective_line"
    last_level = oo
    size = oo

    def multiplicity(self, k: Any) -> Expr:
        return Integer(1 if k == 0 else 2)

    def definition(self, kernel: Any, k: Any) -> Expr:
        from theory.domains import UnitCircle

        return UnitCircle().definition(lambda t: kernel(2 * t**2 - 1), k)


@dataclass(frozen=True)
class Couples(Domain):
    """A domain whose kernels see the pair itself."""

    kind = "couples"
    invariant = "pair"
    last_level = Integer(1)
    size = Integer(2)

    def multiplicity(self, k: Any) -> Expr:
        del k
        return Integer(1)

    def definition(self, kernel: Any, k: Any) -> Expr:
        return (kernel(0, 0) + (-1) ** k * kernel(0, 1)) / 2


OWN = (Simplex, Johnson, ProjectiveLine, Couples)


@pytest.fixture(autouse=True, scope="module")
def registered():
    from theory.domains import KNOWN

    for domain in OWN:
        register(domain)
    yield
    for domain in OWN:
        KNOWN.pop(domain.kind)


def gram_matrix(domain: Domain, function: Any) -> np.ndarray:
    """The kernel matrix of all points: an independent way to every eigenvalue."""
    x = np.array([[float(a) for a in row] for row in domain.vectors()])
    inner = x @ x.T
    return function(inner / inner[0, 0])


def by_matrix(domain: Domain, function: Any) -> list[float]:
    """All eigenvalues of K/M, from the largest on."""
    matrix = gram_matrix(domain, function)
    return sorted(np.linalg.eigvalsh(matrix / len(matrix)), reverse=True)


def listed(s: Any) -> list[float]:
    return sorted(
        (float(x.eigenvalue) for x in s.levels for _ in range(x.multiplicity)),
        reverse=True,
    )


# use: begin
def test_an_eigenvalue_is_that_of_its_own_definition():
    from learnability import kernels

    e = Simplex(5).eigenvalue(kernels.polynomial(2), 1)
    assert e.expression == Rational(3, 16)
    assert e.rule is None
    assert e.check().verdict == "confirmed"
    assert "theory.eigenvalues.register" in dict(e.tried)["closed forms"]


def test_a_spectrum_is_exact_or_enclosed_by_the_definition():
    from learnability import constant, predict, spectrum

    s = spectrum("polynomial:degree=2", "simplex:5")
    assert [str(x.eigenvalue) for x in s.levels] == ["0.25", "0.1875"]
    assert [x.multiplicity for x in s.levels] == [1, 4]
    assert str(constant(s, 2, ridge="1/10"))
    exact = predict(s, {1: 1}, 2, digits=15).test_mse
    assert float(exact) == pytest.approx(
        float(predict(s, {1: 1}, 2).test_mse), rel=1e-12
    )


# use: end
def test_the_definition_is_compared_with_the_multiplicities():
    from theory.eigenvalues import eigenvalue

    class Wrong(Simplex):
        kind = "wrong_simplex"

        def multiplicity(self, k: Any) -> Expr:
            return self.n if k == 1 else Integer(1)

    found = eigenvalue(Wrong(5), "exponential:beta=1", 1).check()
    assert found.verdict == "refuted"
    assert "Σ g λ" in found.counterexample
    assert eigenvalue(Simplex(5), "ntk:relu:depth=3", 1).check().verdict == "confirmed"


def test_symbols_stand_for_its_numbers():
    from learnability import check_formula, kernels
    from theory.notation import d, t

    n = Symbol("n", integer=True, positive=True)
    e = Simplex(n).eigenvalue(kernels.from_expression(exp(t / d)), 1)
    one = e.subs({n: 4}) - (exp(Rational(1, 3)) - exp(-Rational(1, 9))) / 4
    assert one.simplify() == 0
    assert e.check().verdict == "confirmed"
    assert "Simplex(Symbol('n'" in e.cite()
    wrong = check_formula(Simplex(n), kernels.polynomial(2), 1 / n**2, level=1)
    assert wrong.verdict == "refuted"
    right = check_formula(
        Simplex(n), kernels.polynomial(2), (1 - 1 / (n - 1) ** 2) / n, level=1
    )
    assert right.verdict != "refuted"


@pytest.mark.parametrize("domain", [Simplex(2), Simplex(7), Johnson(5), Johnson(8)])
@pytest.mark.parametrize(
    ("kernel", "function"),
    [
        ("polynomial:degree=3", lambda t: t**3),
        ("exponential:beta=2", lambda t: np.exp(2 * t)),
        ("expr:(1+t)^2/d", lambda t: (1 + t) ** 2),
    ],
)
def test_all_levels_are_those_of_the_kernel_matrix(domain, kernel, function):
    from numerics import spectrum
    from theory import NotPositiveDefinite

    scale = float(domain.ambient) if "/d" in kernel else 1.0
    try:
        s = spectrum(kernel, domain)
    except NotPositiveDefinite:
        assert by_matrix(domain, function)[-1] < 0
        return
    truth = np.array(by_matrix(domain, function)) / scale
    assert np.allclose(listed(s), truth, rtol=1e-12, atol=1e-14)
    if "exp" not in kernel or kernel.startswith("expr"):
        assert all(x.eigenvalue.rational is not None for x in s.levels)


def test_rational_kernels_have_rational_eigenvalues_of_any_digits():
    from numerics import spectrum

    s = spectrum("expr:1/(2-t)", Simplex(5), digits=50)
    one, other = Fraction(1), Fraction(1) / (2 + Fraction(1, 4))
    assert str(s.levels[1].eigenvalue.rational) == str((one - other) / 5)
    deep = spectrum("ntk:relu:depth=4", Simplex(5), digits=60)
    assert deep.digits >= 60
    short = spectrum("ntk:relu:depth=4", Simplex(5), digits=20).levels[1].eigenvalue
    assert deep.levels[1].eigenvalue.value.overlaps(short.value)


def test_derivatives_of_levels_are_differences_of_them():
    from numerics import spectrum
    from numerics.spectra.gradients import gradient

    slopes = gradient("exponential:beta=1", "simplex:5", "beta")
    step = 1e-4
    near = [
        [
            float(x.eigenvalue)
            for x in spectrum(f"exponential:beta={b}", Simplex(5)).levels
        ]
        for b in (f"{1 - step:.4f}", f"{1 + step:.4f}")
    ]
    differences = (np.array(near[1]) - near[0]) / (2 * step)
    assert np.allclose([float(x) for x in slopes], differences, rtol=1e-7)


@pytest.mark.parametrize("domain", [Simplex(5), Johnson(5)])
def test_level_powers_are_those_of_projections(domain):
    from numerics.targets.level_powers import level_powers

    f = lambda x: float(x[0] > 0) + 2 * float(x[1] > 0)
    powers = level_powers(f, domain)
    points = np.array([[float(a) for a in row] for row in domain.vectors()])
    values = np.array([f(x) for x in points])
    assert float(sum(powers.values())) == pytest.approx(np.mean(values**2), abs=1e-15)
    assert float(powers[0]) == pytest.approx(np.mean(values) ** 2, abs=1e-15)
    # level 1 are the linear functions
    fit = points @ np.linalg.lstsq(points, values - values.mean(), rcond=None)[0]
    assert float(powers[1]) == pytest.approx(np.mean(fit**2), abs=1e-12)


@pytest.mark.parametrize(
    ("text", "target"), [("simplex:6", "1=1,0=1/2"), ("pairs_of:5,1", "1=1/2,2=1/3")]
)
def test_regression_is_simulated_on_points_that_the_domain_lists(text, target):
    from theory import domains, kernels
    from verify.regression import problem, simulate
    from verify.regression.predicted import predicted
    from verify.regression.targets import target as target_of

    domain = domains.parse(text)
    asked = problem("exponential:beta=1", domain, {1: 1}, 3)
    goal = target_of(target, domain, asked.place)
    asked = problem(kernels.exponential(1), domain, [goal], 3, ridge="1/10")
    found = simulate(asked, 400, seed=1)
    matrix = gram_matrix(domain, np.exp)
    x = asked.place.draw(3, range(2), 1, replace=False)
    f = goal.at(asked.place, np.arange(len(matrix)))
    for trial in range(2):
        here = x[trial]
        inner = matrix[np.ix_(here, here)] + 0.1 * np.eye(3)
        fit = matrix[:, here] @ np.linalg.solve(inner, f[here])
        assert found.test_mse[trial, 0] == pytest.approx(np.mean((f - fit) ** 2))
    mean = found.mean("test_mse")
    assert abs(mean.value - predicted(asked).test_mse[0]) < 0.1


def test_modes_are_orthonormal_and_lie_in_their_levels():
    from verify.regression.domains.arrays import arrays_of

    for domain in (Simplex(5), Johnson(6)):
        arrays: Any = arrays_of(domain)
        everything = np.arange(arrays.points)
        rows = [
            arrays.mode(k, i, everything)
            for k in range(int(domain.last_level) + 1)
            for i in range(arrays.modes_of(k))
        ]
        assert np.allclose(
            np.array(rows) @ np.array(rows).T / arrays.points, np.eye(len(rows))
        )
        for k in range(int(domain.last_level) + 1):
            powers = arrays.powers(arrays.mode(k, 0, everything))
            assert powers[k] == pytest.approx(1)


def test_a_function_is_a_target_of_simulations():
    from verify.regression import problem, simulate

    asked = problem("exponential:beta=1", "simplex:4", [lambda x: x[0] - 2 * x[1]], 4)
    found = simulate(asked, 4)
    assert np.allclose(found.test_mse, 0, atol=1e-12)  # every point is known


@pytest.mark.parametrize(
    "words",
    [
        ["eigenvalues", "simplex:5", "polynomial:degree=2"],
        ["constant", "simplex:5", "exponential:beta=1", "-n", "2"],
        ["predict", "simplex:5", "ntk:relu:depth=2", "--target", "1=1", "-n", "1:4"],
        [
            "predict",
            "simplex:5",
            "exponential",
            "--target",
            "1=1",
            "-n",
            "2",
            "--digits",
            "8",
        ],
    ],
)
def test_commands_understand_its_text(words, capsys):
    from learnability.__main__ import main

    assert main([*words, "--format", "json"]) in (0, None)
    assert json.loads(capsys.readouterr().out)
    assert main(["eigenvalues", "simplex:x", "polynomial"]) == 2


def test_tables_figures_and_the_explorer_understand_its_text(tmp_path, capsys):
    from learnability.__main__ import main
    from learnability.explore.answers import answer
    from learnability.explore.question import ExplorerQuery

    kernel = ["--kernel", "exponential:beta=1", "--domain", "simplex:5"]
    assert main(["table", "constant", *kernel]) in (0, None)
    assert "0.73" in capsys.readouterr().out  # C at n = 2, as of `constant`
    output = ["--output", str(tmp_path)]
    assert main(["figure", "learning-curves", *kernel, *output, "--quiet"]) in (0, None)
    assert any(tmp_path.rglob("*.p*"))
    found = answer(ExplorerQuery("simplex:5", "exponential", "1=1", 2))
    assert sum(level.taken for level in found.levels) == pytest.approx(2)


def test_implicit_equation_lists_its_levels():
    from theory import implicit_equation, kernels
    from theory.constant.implicit.levels import levels_of

    assert levels_of(Simplex(5), kernels.polynomial(2)).listed == (
        (Rational(1, 4), 1),
        (Rational(3, 16), 4),
    )
    assert implicit_equation(Simplex(5), kernels.polynomial(2), ridge=0)


@pytest.mark.parametrize(
    ("ask", "where"),
    [
        ("spectrum", "numerics.spectra.enclosures.register"),
        ("level powers", "numerics.targets.level_powers.register"),
        ("arrays", "verify.regression.domains.arrays.register"),
    ],
)
@pytest.mark.parametrize("domain", [ProjectiveLine(), Couples()])
def test_what_nothing_is_registered_for_is_refused_with_the_place(ask, where, domain):
    from numerics import spectrum
    from numerics.targets.level_powers import level_powers
    from theory import Unsupported
    from verify.regression.domains.arrays import arrays_of

    asked = {
        "spectrum": lambda: spectrum("exponential:beta=1", domain),
        "level powers": lambda: level_powers(abs, domain),
        "arrays": lambda: arrays_of(domain),
    }
    with pytest.raises(Unsupported, match=where):
        asked[ask]()


def test_no_rule_of_another_domain_is_taken():
    from theory.errors import EngineError

    e = ProjectiveLine().eigenvalue("polynomial:degree=1", 2)
    assert e.rule is None
    assert e.expression.doit() == Rational(1, 2)  # the circle's λ_2 of t is 0
    with pytest.raises(EngineError, match="expansions in k"):
        e.large_k()
    with pytest.raises(EngineError, match="hypercube"):
        e.large_d()


def test_an_infinite_domain_has_the_enclosure_that_is_registered(monkeypatch):
    from flint import arb

    from numerics import spectrum
    from numerics.numbers.ball import Ball
    from numerics.spectra import enclosures
    from numerics.spectra.tails import Tail

    def enclose(kernel, domain, last, digits):
        del kernel, domain, digits
        balls = [Ball(arb(2) ** -k, None, "2^−k") for k in range(last + 1)]
        rest = Ball(arb(2) ** (1 - last), None, "what is left")
        square = Ball(2 * arb(4) ** -last / 3, None, "what is left")
        return balls, Tail(rest, square, balls[-1], "known")

    monkeypatch.setattr(enclosures, "ENCLOSURES", dict(enclosures.ENCLOSURES))
    enclosures.register("projective_line", enclose)
    s = spectrum("expr:t", ProjectiveLine(), levels=range(5), digits=9)
    assert [float(x.eigenvalue) for x in s.levels] == [2.0**-k for k in range(5)]
    assert [x.multiplicity for x in s.levels] == [1, 2, 2, 2, 2]
    assert len(s.extend(8).levels) == 9
    with pytest.raises(ValueError, match="already"):
        enclosures.register("projective_line", lambda *_: None)


def test_names_are_given_once():
    from theory.domains import parse

    class Other(Simplex):
        pass

    with pytest.raises(ValueError, match="name of Simplex"):
        register(Other)
    with pytest.raises(ValueError, match="derives from Domain"):
        register(int)
    with pytest.raises(ValueError, match="simplex:N"):
        parse("simplx:5")
    assert parse("simplex:5") == Simplex(5)
    assert str(Simplex(5)) == "simplex:5"
    assert parse("pairs_of:6,1") == Johnson(6)
    with pytest.raises(ValueError, match="2 are needed"):
        parse("pairs_of:6")


def test_a_definition_of_its_own_is_not_overruled_by_a_parent():
    from theory import Hypersphere, UnitCircle

    for parent in (UnitCircle, lambda: Hypersphere(3)):

        class Corners(type(parent())):
            last_level = Integer(1)
            size = Integer(5)

            def multiplicity(self, k: Any) -> Expr:
                return Simplex(5).multiplicity(k)

            def definition(self, kernel: Any, k: Any) -> Expr:
                return Simplex(5).definition(kernel, k)

        domain = Corners(*([] if parent is UnitCircle else [3]))
        assert domain.kind == "corners"
        assert not domain.is_sphere
        e = domain.eigenvalue("polynomial:degree=2", 1)
        assert e.expression == Rational(3, 16)
        assert e.check().verdict == "confirmed"
        from numerics import spectrum

        s = spectrum("polynomial:degree=2", domain)
        assert [str(x.eigenvalue) for x in s.levels] == ["0.25", "0.1875"]
