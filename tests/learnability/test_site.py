"""The built documentation loads nothing from elsewhere, and every formula is set.

The site is built by ``sphinx-build -W -b html docs docs/_build/html`` beforehand.
"""

import re
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
PAGES = {
    "index": 0,
    "theory/kernel-regression": 10,
    "theory/constant": 20,
    "theory/test-error": 30,
    "theory/spectra": 15,
    "reference/formulas": 89,
    "start/conventions": 20,
}

pytestmark = pytest.mark.skipif(
    not (SITE / "index.html").exists(),
    reason="no built site: sphinx-build -W -b html docs docs/_build/html",
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_offline_and_sets_its_formulas(browser, name):
    context = browser.new_context(offline=True)
    page = context.new_page()
    outside, complaints = [], []
    page.on("request", lambda r: outside.append(r.url))
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto((SITE / f"{name}.html").as_uri())
    page.wait_for_function(
        "n => document.querySelectorAll('mjx-container').length >= n", arg=PAGES[name]
    )
    assert page.locator("[data-mml-node=merror]").count() == 0
    assert [url for url in outside if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    context.close()


def test_a_formula_links_to_its_entry_in_the_index(browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((SITE / "theory" / "test-error.html").as_uri())
    page.get_by_role("link", name="test_mse", exact=True).first.click()
    entry = page.locator("#formula-test-mse")
    assert "Test MSE: bias and label noise" in entry.inner_text()
    assert "tested by verify.formulas" in entry.inner_text()
    context.close()


@pytest.mark.parametrize("name", ["deriving", "paper-tables"])
def test_notebooks_show_their_figures_as_pictures(name):
    page = (SITE / "notebooks" / f"{name}.html").read_text("utf-8")
    assert "Figure size" not in page
    assert "PaperFigure" not in page
    shown = re.findall(r'<img[^>]*src="([^"]*_images/[^"]*\.png)"', page)
    assert len(shown) == 1
    assert (SITE / "notebooks" / shown[0]).resolve().exists()
