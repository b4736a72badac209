"""Formulas are data: named once, typeset, searchable, cited."""

import pickle
import subprocess
import sys

import pytest

from theory import Chain, OutOfDomain, formulas, notation
from theory.source import Source


def test_every_formula_prints_cites_and_names_its_status():
    for formula in formulas.values():
        assert formula.latex()
        assert "learnability formula " + formula.name in formula.cite()
        assert formula.status in {"definition", "exact", "approximation", "conjecture"}
        assert formula.says.endswith((".", "?"))


def test_what_rewrites_something_names_a_formula():
    for formula in formulas.values():
        if formula.rewrites is not None:
            assert formula.rewrites in formulas


def test_papers_order_is_kept():
    assert formulas["implicit_equation"].latex() == (
        r"\sum_{i=1}^{\ell} g_{i} \mathcal{L}_{i} + \frac{\delta}{C} = n"
    )


def test_unknown_names_are_answered_with_near_ones():
    with pytest.raises(OutOfDomain, match="test_mse"):
        formulas["tset_mse"]


def test_a_source_without_a_bibliography_entry_is_refused():
    with pytest.raises(OutOfDomain, match=r"references\.bib"):
        Source("nobody1900").bibtex()


def test_chains_pickle_and_refuse_double_bindings():
    chain = Chain(((notation.u, notation.t**2),), notation.u + 1)
    assert pickle.loads(pickle.dumps(chain)) == chain
    with pytest.raises(OutOfDomain, match="twice"):
        Chain(((notation.u, notation.t), (notation.u, notation.t)), notation.u)


def test_importing_theory_loads_sympy_and_no_numerics():
    # python-flint comes along where it is installed: SymPy takes its integers from it
    code = (
        "import sys, theory; "
        "print([m for m in ('numpy', 'scipy', 'jax', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
