import json
import os
import stat
from dataclasses import replace

import pytest
from sympy import Eq

from learnability import doctor
from learnability.atomic_writing import write
from theory import derivations


def test_derive_lists_and_checks(command):
    assert "conservation" in command("derive").out
    ran = command("derive", "conservation")
    assert ran.code == 0
    assert "Checked by machine: conservation: confirmed" in ran.out
    data = command("derive", "conservation", "--format", "json").data
    assert data["verdict"] == "confirmed"
    assert all(step["verdict"] == "confirmed" for step in data["steps"])
    assert (
        "\\begin{document}"
        in command("derive", "conservation", "--format", "latex").out
    )


def test_every_formula_can_be_shown(command):
    found = command("formula", "--format", "json").data
    names = [one["name"] for one in found]
    assert "test_mse" in names
    assert len(names) == len(set(names))
    one = command("formula", "test_mse", "--format", "json").data
    assert one["status"] == "approximation"
    assert one["latex"] in command("formula", "test_mse", "--format", "latex").out
    assert one["latex"] in command("formula", "test_mse").out


def test_formulas_are_found_by_words(command):
    out = command("formula", "--search", "train mse").out
    assert "train_mse" in out
    assert "arc_cosine" not in out


def test_verify_reports_and_exits_by_verdict(command):
    ran = command("verify", "conservation", "--examples", "3", "--seed", "5")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.splitlines()[-1].startswith("confirmed: ")
    data = command("verify", "conservation", "--examples", "2", "--format", "json").data
    assert data["verdict"] == "confirmed"
    assert all(report["checks"] > 0 for report in data["reports"])


def test_an_option_that_a_suite_would_ignore_is_refused(command):
    ran = command("verify", "mutants", "--journal", "kept")
    assert ran.code == 2
    assert "does not read --journal (it is for: conservation, theorems" in ran.err
    assert command("verify", "all", "--specification", "mine.toml").code == 2


@pytest.mark.parametrize(("verdict", "code"), [("refuted", 1), ("inconclusive", 3)])
def test_verify_exit_codes(command, monkeypatch, verdict, code):
    import verify.suites
    from verify.verdicts.report import Report
    from verify.verdicts.verdict import Verdict

    report = Report("1 = 2", Verdict(verdict), checks=4)
    monkeypatch.setattr(verify.suites, "run", lambda *_, **__: [report])
    assert command("verify", "conservation").code == code


def test_doctor_is_well(command):
    ran = command("doctor")
    assert ran.code == 0, ran.out
    assert "everything works" in ran.out
    data = json.loads(command("doctor", "--format", "json").out)
    assert [check["well"] for check in data["checks"]] == [True] * 3


def test_doctor_can_fail(command, monkeypatch):
    import numerics
    from numerics import Ball

    monkeypatch.setattr(numerics, "constant", lambda *_, **__: Ball.exact(1))
    ran = command("doctor")
    assert ran.code == 1
    assert "does not hold" in ran.out
    assert "something is wrong" in ran.out


def test_doctor_says_what_to_install(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda _: None)
    missing = doctor._extras()
    assert all(not finding.well for finding in missing)
    assert "pip install 'learnability[jax]'" in missing[0].says


def test_a_missing_extra_is_one_line(command, monkeypatch):
    import learnability.doctor

    def fail():
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")

    monkeypatch.setattr(learnability.doctor, "examine", fail)
    ran = command("doctor")
    assert ran.code == 2
    assert ran.err.endswith("pip install 'learnability[figures]'\n")


def test_writing_keeps_the_mode_and_follows_links(tmp_path):
    path, link = tmp_path / "real.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write(link, "new")
    assert path.read_text() == "new"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_device_is_written_not_replaced():
    from pathlib import Path

    write(Path(os.devnull), "nothing")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("form", ["text", "latex", "markdown", "json"])
def test_derive_exits_1_when_a_step_is_broken(command, monkeypatch, form):
    whole = derivations.derive("bounds")
    first, *rest = whole.steps
    wrong = Eq(first.statement.lhs, 2 * first.statement.rhs, evaluate=False)
    broken = replace(whole, steps=(replace(first, statement=wrong), *rest))
    monkeypatch.setattr(derivations, "derive", lambda _name: broken)
    ran = command("derive", "bounds", "--format", form)
    assert ran.code == 1
    if form == "text":
        assert "bounds: refuted" in ran.out
        assert "  1. refuted, proved symbolically" in ran.out
        assert "  2. confirmed, proved symbolically" in ran.out


def test_a_formula_says_where_it_lives(command):
    out = command("formula", "implicit_equation").out
    assert "declared  theory/constant/definition.py:" in out
    assert "learnability derive constant, step 6 of 16" in out
