"""Every page of the documentation says what happens."""

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
ELSEWHERE = {"verify.md", "conjectures.md"}  # tests/verify runs these
PAGES = sorted(
    str(path.relative_to(DOCS))
    for path in DOCS.rglob("*.md")
    if ">>>" in path.read_text("utf-8") and "_build" not in path.parts
)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE])
def test_every_example_on_the_page_is_true(page):
    found = doctest.testfile(str(DOCS / page), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0
