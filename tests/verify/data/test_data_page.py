"""The page on data says what happens."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "data.md"


def test_the_page_runs():
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted >= 8
    assert found.failed == 0
