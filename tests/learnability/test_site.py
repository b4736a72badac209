"""The built documentation loads nothing from elsewhere, and every formula is set.

The site is built by ``sphinx-build -W -b html docs docs/_build/html`` beforehand.
"""

import re
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
PAGES = {
    "index": 10,
    "start/coming-from": 0,
    "start/cheat-sheet": 10,
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


def test_the_front_page_has_the_equation_the_figure_and_doors(browser):
    context = browser.new_context(offline=True, viewport={"width": 400, "height": 900})
    page = context.new_page()
    page.goto((SITE / "index.html").as_uri())
    doors = page.locator(".doors h3, .doors .rubric").all_inner_texts()
    names = [name.rstrip("#") for name in doors]
    assert names == ["Derive", "Check", "Publish", "My data", "My architecture"]
    assert page.locator("img[src*=fig1]").bounding_box()["width"] <= 400
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    context.close()


def test_an_example_is_copied_without_prompts_and_answers(browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((SITE / "start" / "one-minute.html").as_uri())
    page.evaluate("navigator.clipboard.writeText = async x => { window.copied = x }")
    session = page.locator(".highlight", has_text="spectrum(K, Hypercube(8))").first
    session.get_by_role("button", name="copy this example").click(force=True)
    page.wait_for_function("window.copied !== undefined")
    text = page.evaluate("window.copied")
    assert text.startswith("from learnability import")
    assert ">>>" not in text
    compile(text, "copied", "exec")
    assert "[1.128" not in text
    context.close()


@pytest.mark.parametrize(
    ("word", "first"), [("kernel", "Add a kernel"), ("activation", "Add an activation")]
)
def test_search_finds_guides_first_and_the_api_last(browser, word, first):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((SITE / "search.html").as_uri() + f"?q={word}")
    page.locator("#search-results .search-summary", has_text="found").wait_for()
    found = page.locator("#search-results li > a")
    titles, links = (
        found.all_inner_texts(),
        [link.get_attribute("href") for link in found.all()],
    )
    assert titles[0] == first
    api = [place for place, link in enumerate(links) if "reference/api" in link]
    guides = [place for place, link in enumerate(links) if "howto/" in link]
    assert max(guides) < min(api, default=len(links))
    context.close()
