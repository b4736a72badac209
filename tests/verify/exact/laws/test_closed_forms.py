"""Closed forms meet the engine's enclosures, and wrong rules are refuted."""

import pytest

from numerics.spectra.spectrum import _spectrum
from theory.domains import Hypersphere
from theory.eigenvalues.hypercube import product
from theory.eigenvalues.sphere import arc_cosine, exponential, laplace, monomial
from verify.exact.laws import closed_forms
from verify.exact.laws.closed_forms import OnDomain, closed_form
from verify.exact.testing.law import examine
from verify.verdicts.verdict import Verdict

LAWS = {law.name.split("/")[1]: law for law in closed_forms.laws()}


@pytest.mark.parametrize("name", LAWS)
def test_closed_forms_and_identities_hold(name):
    report = examine(LAWS[name], 12, seed=3)
    assert report.verdict is Verdict.CONFIRMED, report
    assert report.checks >= 12


@pytest.mark.parametrize(
    ("module", "name", "case"),
    [
        (exponential, "levels_of", OnDomain("exponential:beta=2", "sphere:3")),
        (exponential, "levels_of", OnDomain("gaussian:width=1", "circle")),
        (monomial, "amplitude", OnDomain("polynomial:degree=3", "sphere:7")),
        (arc_cosine, "radial", OnDomain("arc_cosine:order=1", "sphere:3")),
        (laplace, "levels_of", OnDomain("laplace:width=2", "sphere:3")),
        (product, "levels_of", OnDomain("exponential:beta=1", "hypercube:4")),
    ],
)
def test_a_wrong_rule_is_refuted(module, name, case, monkeypatch):
    right = getattr(module, name)
    assert not closed_forms.closed_forms(case).failure

    def wrong(*given):
        said = right(*given)
        return (lambda k: said(k) * (k + 1)) if callable(said) else said * 2

    monkeypatch.setattr(module, name, wrong)
    assert closed_forms.closed_forms(case).failure


@pytest.mark.parametrize("domain", ["sphere:3", "circle", "hypercube:4", "circle:8"])
def test_the_form_of_the_next_level_is_refuted(domain):
    shifted = lambda where, K, level: closed_form(where, K, min(level + 1, 4))
    found = closed_forms.closed_forms(OnDomain("exponential:beta=2", domain), shifted)
    assert "λ_0" in found.failure


def test_a_kernel_without_closed_form_is_not_counted():
    case = OnDomain("arc_cosine:order=1", "circle:7")
    assert closed_forms.closed_forms(case).checks == 0


@pytest.mark.parametrize("name", ["trace", "parseval", "constant"])
def test_a_wrong_multiplicity_is_refuted(name, monkeypatch):
    right = Hypersphere.multiplicity
    wrong = lambda self, k: right(self, k) + (1 if k == 1 else 0)
    monkeypatch.setattr(Hypersphere, "multiplicity", wrong)
    assert LAWS[name].test(OnDomain("exponential:beta=2", "sphere:3")).failure
    monkeypatch.undo()
    _spectrum.cache_clear()
    assert not LAWS[name].test(OnDomain("exponential:beta=2", "sphere:3")).failure


@pytest.mark.parametrize("name", ["trace", "parseval", "constant"])
def test_a_lost_level_is_refuted(name, monkeypatch):
    right = OnDomain.enclosed
    lost = lambda self, level: right(self, level) * (level != 4)
    monkeypatch.setattr(OnDomain, "enclosed", lost)
    assert LAWS[name].test(OnDomain("exponential:beta=2", "sphere:3")).failure
