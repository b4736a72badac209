"""A closed form leaves the engine: as code, in other papers' letters, as a citation."""

import inspect
import pickle

import mpmath
import pytest
from sympy import Integer, Rational, Symbol, latex, sqrt

from theory import domains, kernels
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.sphere.arc_cosine import half_power
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d, k

WRITTEN = [
    "ntk:relu",
    "ntk:gelu",
    "nngp:erf",
    "laplace",
    "gaussian",
    "exponential:beta=-1",
    "polynomial:degree=4",
    "geometric",
    "arc_cosine:order=1/2",
]

BEYOND_SCIPY = ("ntk:gelu", "laplace")


@pytest.mark.parametrize("language", ["mpmath", "scipy"])
@pytest.mark.parametrize("domain", [Hypersphere(d), Hypercube(d), UnitCircle()])
@pytest.mark.parametrize("text", WRITTEN)
def test_written_code_computes_the_closed_form(text, domain, language):
    e = eigenvalue(domain, kernels.parse(text), k)
    if e.rule is None:
        with pytest.raises(Unsupported, match="no closed form"):
            e.code(language)
        return
    if language == "scipy" and text in BEYOND_SCIPY:
        with pytest.raises(Unsupported, match=r"[1-9]F[1-9] is not in SciPy"):
            e.code(language)
        return
    source = e.code(language)
    made = {}
    exec(source, made)
    names = list(inspect.signature(made["eigenvalue"]).parameters)
    for level in range(5):
        at = {"k": level, "d": 5}
        value = made["eigenvalue"](*(at[name] for name in names))
        exact = e.expression.subs({k: level, d: 5}).evalf(15)
        assert abs(value - mpmath.mpmathify(exact)) < 1e-13


def test_mathematica_and_unknown_languages():
    e = eigenvalue(Hypersphere(d), kernels.nngp("erf"), k)
    assert e.code("mathematica").startswith("eigenvalue[k_, d_] := ")
    assert "Mod[k, 2] == 1" in e.code("mathematica")
    with pytest.raises(OutOfDomain, match="known: mpmath, scipy, mathematica"):
        e.code("fortran")


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("s", [0, 1, 2])
def test_bach_has_the_square_of_the_activations_eigenvalue(s, level):
    e = eigenvalue(Hypersphere(d), 3 * kernels.arc_cosine(s), level)
    form = e.stated("bach")
    for size in (2, 5):
        alone = half_power(Integer(s), Integer(level), Integer(size + 1))
        assert (form.expression.subs(d, size) - alone**2).simplify() == 0
    assert form.symbol == rf"\lambda_{{{level}}}^{{2}}"


def test_conventions_change_letters_dimension_and_normalization():
    e = eigenvalue(Hypersphere(d), kernels.ntk("relu"), 1)
    assert e.latex() == r"\lambda_{1} = \frac{1}{d}"
    assert e.latex(convention="eigenlearning") == r"\lambda_{1} = \frac{1}{2 d}"
    assert e.latex(convention="bach") == r"\lambda_{1} = \frac{1}{d + 1}"
    shown = e.latex(convention="canatar")
    assert shown == r"\eta_{1} = \frac{1}{D}, \quad \bar{\eta}_{1} = 1"
    with pytest.raises(OutOfDomain, match="known: ours, eigenlearning, canatar, bach"):
        e.latex(convention="simon")


def test_eigenlearning_has_trace_one():
    cube = Hypercube(5)
    total = sum(
        cube.multiplicity(j)
        * eigenvalue(cube, kernels.ntk("relu"), j).stated("eigenlearning").expression
        for j in range(6)
    )
    assert abs(total.evalf(30) - 1) < 1e-28


@pytest.mark.parametrize("domain", [Hypercube(4), UnitCircle(6)])
def test_bach_has_spheres_only(domain):
    with pytest.raises(Unsupported, match="spheres only"):
        eigenvalue(domain, kernels.polynomial(2), 2).stated("bach")


def test_what_regenerates_a_form_does():
    import learnability

    names = {name: getattr(learnability, name) for name in learnability.__all__}
    for domain, kernel, level in [
        (Hypersphere(d), kernels.ntk("relu"), k),
        (Hypercube(d), kernels.exponential(Symbol("b", positive=True)), k),
        (UnitCircle(Symbol("M", integer=True, positive=True)), kernels.geometric(), k),
    ]:
        e = eigenvalue(domain, kernel, level)
        first = e.cite().splitlines()[0]
        line = first.partition(": ")[2].rpartition("; ")[2]
        space = dict(names)
        exec("from sympy import *", space)
        space |= names
        assert eval(line, space).expression == e.expression
    concrete = eigenvalue(Hypersphere(8), kernels.ntk("relu"), 2)
    line = concrete.cite().splitlines()[0]
    assert "learnability eigenvalues sphere:8 ntk:relu:" in line
    assert line.endswith("--levels 2")


def test_sympy_prints_and_calculates_with_an_eigenvalue():
    e = eigenvalue(Hypersphere(d), kernels.ntk("relu"), 1)
    assert latex(e) == r"\lambda_{1} = \frac{1}{d}"
    assert sqrt(e) == 1 / sqrt(d)
    assert 2 * e - e / 3 == Rational(5, 3) / d
    assert pickle.loads(pickle.dumps(e)) == e


def test_text_and_either_order_are_understood():
    first = eigenvalue("sphere:8", "ntk:relu", 2)
    assert first == eigenvalue(kernels.ntk("relu"), Hypersphere(8), 2)
    with pytest.raises(OutOfDomain, match="no kernel"):
        eigenvalue(Hypersphere(8), 7, 2)
    with pytest.raises(OutOfDomain, match="no hypercube"):
        eigenvalue(8, kernels.ntk("relu"), 2)


def test_scipy_takes_scaled_bessel_functions_and_refuses_what_overflows():
    """e^{−800} I_3(800) is no inf · 0; the right value is a ball's."""
    from numerics import spectrum

    e = domains.parse("sphere:8").eigenvalue(kernels.parse("gaussian:width=0.1"), 0)
    made = {}
    exec(e.code("scipy"), made)
    proved = spectrum("gaussian:width=0.1", "sphere:8", [0]).levels[0].eigenvalue
    assert made["eigenvalue"]() == pytest.approx(float(proved), rel=1e-14)
    large = domains.parse("sphere:8").eigenvalue(kernels.exponential(1000), 0)
    exec(large.code("scipy"), made)
    with pytest.raises(OverflowError, match="leaves float64"):
        made["eigenvalue"]()
