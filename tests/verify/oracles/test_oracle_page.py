"""The page on the oracle runs as it is printed."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "oracle.md"


def test_the_page_runs():
    result = doctest.testfile(str(PAGE), module_relative=False, verbose=False)
    assert result.attempted > 5
    assert result.failed == 0
