"""Checks that took long are remembered; broken files and other questions are not."""

import pytest

from theory.eigenvalues.checks import remembered as module
from theory.eigenvalues.checks.remembered import remembered, working
from theory.notation import k


@pytest.fixture
def answers(tmp_path, monkeypatch):
    monkeypatch.setenv("LEARNABILITY_CACHE", str(tmp_path))
    monkeypatch.setattr(module, "LONG", -1.0)
    asked = []

    def ask(question, *, again=False):
        def compute():
            asked.append(question)
            return "confirmed", "proof", ""

        return remembered(question, compute, again=again)

    return ask, asked, tmp_path / "checks"


def test_an_answer_is_found_once(answers):
    ask, asked, folder = answers
    assert ask(("check", k)) == ask(("check", k)) == ("confirmed", "proof", "")
    assert len(asked) == 1
    ask(("check", k + 1))
    ask(("check", k), again=True)
    assert len(asked) == 3
    for file in folder.iterdir():
        file.write_text("{", "utf-8")
    ask(("check", k))
    assert len(asked) == 4


def test_other_sources_have_other_answers(answers, monkeypatch):
    ask, asked, _ = answers
    ask(("check",))
    monkeypatch.setattr(module, "_sources", lambda: "other")
    ask(("check",))
    assert len(asked) == 2


def test_off_is_off(answers, monkeypatch):
    ask, asked, folder = answers
    monkeypatch.setenv("LEARNABILITY_CACHE", "off")
    ask(("check",))
    ask(("check",))
    assert len(asked) == 2
    assert not folder.exists()


def test_a_terminal_hears_of_a_check_that_takes_long(monkeypatch, capsys):
    monkeypatch.setattr(module.sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    with working("eigenvalue") as tell:
        tell(3, 24, "k = 2")
    assert "eigenvalue: 3 of 24, k = 2" in capsys.readouterr().err
