"""An interrupted run goes on, and never with results of other code."""

import pytest

from verify.exact.testing.law import Law, equal, examine
from verify.storage import journal as journals
from verify.storage.journal import Journal
from verify.suites import Request, run
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict


def law(seen):
    def test(x):
        seen.append(x)
        return equal(x, x, "x")

    return Law("self", "x = x", lambda choose: choose(0, 10**9), test)


def test_an_interrupted_claim_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(journals, "EVERY_SECONDS", 0.0)
    whole, first, second = [], [], []
    examine(law(whole), 20, seed=3)

    def interrupt(done, total, name):
        if done == 8:
            raise KeyboardInterrupt

    path = tmp_path / "journal"
    with pytest.raises(KeyboardInterrupt):
        examine(law(first), 20, 3, interrupt, Journal(path))
    report = examine(law(second), 20, 3, None, Journal(path))
    assert first + second == whole
    assert report.checks == 20
    assert report.verdict is Verdict.CONFIRMED


def test_a_finished_claim_is_not_repeated(tmp_path):
    path = tmp_path / "journal"
    three = Request(examples=3, journal=path)
    first = run("conservation", three)
    assert run("conservation", three) == first
    assert run("conservation", Request(examples=4, journal=path)) != first


def test_a_torn_last_line_is_ignored(tmp_path):
    path = tmp_path / "journal"
    Journal(path).finish("a", Report("a", Verdict.CONFIRMED, 1))
    with path.open("a") as file:
        file.write('{"key": "b", "rep')
    assert Journal(path).report("a") is not None
    kept = Journal(path)
    assert kept.report("b") is None
    kept.finish("c", Report("c", Verdict.CONFIRMED, 1))
    assert Journal(path).report("c") is not None


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(ValueError, match="cannot be written"):
        Journal(tmp_path / "missing" / "journal")


def test_a_journal_of_other_code_is_refused(tmp_path):
    path = tmp_path / "journal"
    path.write_text('{"fingerprint": "other"}\n')
    with pytest.raises(ValueError, match="other code"):
        Journal(path)
    path.write_text("something else\n")
    with pytest.raises(ValueError, match="not a journal"):
        Journal(path)
