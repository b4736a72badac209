"""What notebooks and tab completion show of every public object."""

import pytest

from learnability import (
    Hypercube,
    Hypersphere,
    UnitCircle,
    activations,
    constant,
    derive,
    formulas,
    implicit_equation,
    kernels,
    notation,
    predict,
    spectrum,
)

CUBE = spectrum("exponential", "hypercube:4")
OBJECTS = {
    "kernel": kernels.ntk("relu", depth=2),
    "deep kernel": kernels.ntk("relu", depth=6),
    "cube": Hypercube(8),
    "sphere": Hypersphere(notation.d),
    "circle": UnitCircle(),
    "points": UnitCircle(points=7),
    "eigenvalue": Hypersphere(3).eigenvalue(kernels.ntk("relu"), 2),
    "formula": formulas["test_mse"],
    "formulas": formulas,
    "equation": implicit_equation(),
    "series": implicit_equation().series(notation.n, 0, order=1),
    "derivation": derive("conservation"),
    "step": derive("conservation").steps[0],
    "activation": activations.activation("relu"),
    "spectrum": CUBE,
    "ball": constant(CUBE, 3),
    "prediction": predict(CUBE, {1: 1}, [1, 2]),
    "table": predict(CUBE, {1: 1}, [1, 2]).table(),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_every_object_shows_as_latex_or_as_a_table(name):
    it = OBJECTS[name]
    if hasattr(it, "_repr_html_"):
        assert it._repr_html_().startswith("<table>")
    else:
        text = it._repr_latex_()
        assert text.startswith("$")
        assert text.endswith("$")
        assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(
            r"\}"
        )


class Printer:
    """What IPython hands over for a terminal."""

    def __init__(self):
        self.shown = ""

    def text(self, text):
        self.shown += text


@pytest.mark.parametrize("name", OBJECTS)
def test_every_object_has_one_line_and_a_text_without_code(name):
    it = OBJECTS[name]
    assert "\n" not in repr(it)
    assert len(repr(it)) <= 130, repr(it)
    for code in ("**", "Sum(", "Integral(", "array("):
        assert code not in str(it)
        assert code not in repr(it)
    if hasattr(it, "_repr_pretty_"):
        printer = Printer()
        it._repr_pretty_(printer, False)
        assert printer.shown == str(it)


@pytest.mark.parametrize(
    "name",
    "kernel,eigenvalue,formula,equation,derivation,ball,prediction,table".split(","),
)
def test_what_papers_print_has_latex(name):
    it = OBJECTS[name]
    assert it.latex()
    assert "Sum(" not in it.latex()


def test_a_small_ball_shows_its_power_of_ten():
    tiny = constant(spectrum("exponential", "hypercube:4"), "16 - 1/10^9", digits=5)
    assert tiny._repr_latex_() == r"$1.695330(5) \times 10^{-12}$"


def test_names_of_formulas_and_parameters_complete():
    assert "test_mse" in formulas._ipython_key_completions_()
    assert "depth" in kernels.ntk("relu")._ipython_key_completions_()


@pytest.mark.parametrize(
    ("it", "names"),
    [
        (kernels, {"ntk", "nngp", "gaussian", "from_expression", "parse"}),
        (notation, {"t", "k", "d", "n", "C", "ridge"}),
        (CUBE, {"levels", "extend", "tail_mass"}),
        (OBJECTS["eigenvalue"], {"expression", "rule", "tried", "check", "latex"}),
        (formulas, {"search"}),
    ],
    ids=["kernels", "notation", "spectrum", "eigenvalue", "formulas"],
)
def test_tab_completion_finds_what_matters(it, names):
    assert names <= set(dir(it))
