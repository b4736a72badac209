"""The pages about exact tests say what happens."""

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["verify.md", "conjectures.md"])
def test_every_example_on_the_page_is_true(page):
    found = doctest.testfile(str(DOCS / page), module_relative=False)
    assert found.attempted >= 8
    assert found.failed == 0


def test_the_table_of_errors_is_what_its_command_prints(capsys):
    from verify.exact.error_table import main

    main()
    stored = (DOCS.parent / "results" / "theory_error.csv").read_text("utf-8")
    assert capsys.readouterr().out == stored
