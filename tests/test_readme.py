"""README runs: its example gives what it prints, its commands are one line each."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_prints_what_the_page_shows():
    parser = doctest.DocTestParser()
    example = parser.get_doctest(README, {}, "README", "README.md", 0)
    assert len(example.examples) >= 5
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    printed: list[str] = []
    runner.run(example, out=printed.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(printed)


def command(name: str) -> str:
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.+)\n```", README)
    assert found, f"README has no command {name!r}"
    return found[1]


@pytest.mark.parametrize("name", ["main job", "tests"])
def test_each_command_is_one_line_that_starts_from_a_clone(name):
    words = shlex.split(command(name))
    assert words[:3] == ["python3", "-m", "venv"]
    assert "\n" not in command(name)


def test_ci_takes_the_test_command_from_the_page():
    script = (ROOT / ".ci" / "run").read_text()
    assert "<!-- command: tests -->" in script
    assert command("tests") not in script


def test_commands_in_the_page_exist():
    from learnability.cli import app

    known = {name for names in app for name in [names]}
    for line in re.findall(r"^learnability +(\w[\w-]*)", README, flags=re.M):
        assert line in known


def test_every_file_that_the_page_shows_is_there():
    for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / target).exists()
