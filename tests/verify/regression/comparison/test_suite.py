"""``verify regression``: the right theory stands, wrong ones fall, bad files are named."""

import json

import pytest

from theory import OutOfDomain
from verify.regression.comparison import suite
from verify.regression.comparison.specification import load, read
from verify.suites import SUITES, Request
from verify.verdicts.report import overall
from verify.verdicts.verdict import Verdict

SPECIFICATION = """
[[problem]]
name = "small"
kernel = "ntk:relu:depth=3,weight_variance=2,bias_variance=0.1"
domain = "hypercube:6"
targets = ["1", "2"]
n = [14]
trials = 1600
statistics = ["learnability", "constant"]
"""
BUDGET = SPECIFICATION.replace("n = [14]", "n = [12]") + "budget = true\n"


@pytest.fixture(autouse=True)
def _without_calibration(monkeypatch):
    # it is the same in every run, and tested in test_calibrated.py
    monkeypatch.setattr(suite, "_calibration", lambda *_: [])


def run(tmp_path, text, **options):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return suite.run(Request(specification=path, **options))


def test_the_right_theory_is_confirmed_and_every_control_refuted(tmp_path):
    reports = run(tmp_path, SPECIFICATION)
    assert overall(reports) is Verdict.CONFIRMED, [str(r) for r in reports]
    names = [r.name for r in reports]
    controls = [n for n in names if "control" in n]
    assert len(controls) == 8
    assert any("wrong norm" in n for n in controls)
    assert any("wrong sampling" in n for n in controls)
    assert all(r.checks for r in reports)


@pytest.mark.parametrize(
    "theory",
    [
        'kernel = "nngp:relu:depth=3,weight_variance=2,bias_variance=0.1"',
        'kernel = "ntk:relu:depth=2,weight_variance=2,bias_variance=0.1"',
        'kernel = "ntk:relu:depth=3,weight_variance=2,bias_variance=0.1,input_variance=1/6"',
        'constant_factor = "21/20"',
        'sampling = "with_replacement"',
        'n_factor = "19/20"',
        "values = { learnability = [[0.9, 0.2]] }",
    ],
)
def test_a_planted_wrong_theory_is_refuted(tmp_path, theory):
    text = SPECIFICATION + f"controls = []\n[problem.theory]\n{theory}\n"
    reports = run(tmp_path, text)
    assert overall(reports) is Verdict.REFUTED
    assert sum(r.verdict is Verdict.REFUTED for r in reports) >= 1


def test_sampling_with_replacement_is_not_taken_for_distinct_points(tmp_path):
    more = SPECIFICATION.replace("trials = 1600", "trials = 6000")
    text = more + 'sampling = "with_replacement"\n'
    assert overall(run(tmp_path, text)) is Verdict.CONFIRMED
    wrong = text + 'controls = []\n[problem.theory]\nsampling = "without_replacement"\n'
    assert overall(run(tmp_path, wrong)) is Verdict.REFUTED


def test_a_control_within_the_margin_leaves_the_question_open(tmp_path):
    text = (
        SPECIFICATION
        + 'controls = ["C + 5 %"]\nmargins = { learnability = "1/5", constant = "1/2" }\n'
    )
    reports = run(tmp_path, text)
    (control,) = [r for r in reports if "control" in r.name]
    assert control.verdict is Verdict.INCONCLUSIVE
    assert "do not tell it" in control.reason


def test_a_margin_that_the_data_cannot_resolve_is_refused_before_the_run(tmp_path):
    text = SPECIFICATION + 'margins = { learnability = "1/10000" }\n'
    with pytest.raises(
        OutOfDomain, match=r"cannot resolve margins.learnability .*about \d+"
    ):
        run(tmp_path, text)


def test_users_numbers_stand_in_for_the_theory(tmp_path):
    asked = read(SPECIFICATION, "x")[0].problems[0]
    from verify.regression.predicted import predicted

    own = [f"{v:.6f}" for v in predicted(asked).learnability]
    text = SPECIFICATION + (
        f"controls = []\n[problem.theory.values]\nlearnability = [[{', '.join(own)}]]\n"
    )
    assert run(tmp_path, text)[0].verdict is Verdict.CONFIRMED


def test_the_budget_is_a_report_of_its_own(tmp_path):
    reports = run(tmp_path, BUDGET.replace("trials = 1600", "trials = 600"))
    budgets = [r for r in reports if r.name.endswith("budget")]
    assert len(budgets) == 4
    assert all("sum of parts" in r.reason for r in budgets)
    assert all(r.verdict is Verdict.CONFIRMED for r in budgets)


def test_a_journal_keeps_finished_problems(tmp_path, monkeypatch):
    two = SPECIFICATION + SPECIFICATION.replace('"small"', '"other"')
    path = tmp_path / "journal"
    seen = []
    real = suite._compute

    def once(setting, seed, progress):
        if seen:
            raise KeyboardInterrupt
        seen.append(setting.name)
        return real(setting, seed, progress)

    monkeypatch.setattr(suite, "_compute", once)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, two, journal=path)
    monkeypatch.setattr(
        suite, "_compute", lambda s, *a: seen.append(s.name) or real(s, *a)
    )
    reports = run(tmp_path, two, journal=path)
    assert seen == ["small", "other"]
    again = run(tmp_path, two, journal=path)
    assert seen == ["small", "other"]
    assert [r.to_json() for r in again] == [r.to_json() for r in reports]


def test_progress_reaches_the_end(tmp_path):
    seen = []
    run(tmp_path, SPECIFICATION, progress=lambda *a: seen.append(a[:2]))
    assert seen[-1] == (1600, 1601)
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)


def test_the_suites_own_specification_is_sound():
    settings = load()
    assert {str(s.problems[0].domain).partition(":")[0] for s in settings} == {
        "hypercube",
        "sphere",
        "circle",
    }
    assert any(s.problems[0].sampling == "with_replacement" for s in settings)
    assert any(s.problems[0].noise for s in settings)
    assert "regression" in SUITES


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (("n = [14]", "n = []"), "n = \\[\\] must be a list"),
        (("n = [14]", "n = [300]"), "n = 300"),
        (("n = [14]", "n = [32, 3]"), "rising"),
        (("n = [14]", "n = 32"), "must be a list"),
        (('domain = "hypercube:6"', 'domain = "torus:8"'), "torus"),
        (('domain = "hypercube:6"', "domain = 8"), "must be text"),
        (('domain = "hypercube:6"', ""), "domain is missing"),
        (("trials = 1600", "trials = 7"), "trials = 7"),
        (("trials = 1600", "trials = 1201"), "must be even"),
        (("trials = 1600", "trails = 1200"), "unknown field 'trails'"),
        (('"1", "2"', '"9"'), "target level = 9"),
        (('"1", "2"', '"1=x"'), "power of target level 1"),
        (('"1", "2"', '"1,1"'), "given twice"),
        (('"1", "2"', '"function: import os"'), "target: 'import os'"),
        (('"1", "2"', '"function: x9"'), "x9"),
        (('"learnability", "constant"', '"loss"'), "unknown 'loss'"),
        (('"learnability", "constant"', '"train_mse"'), "0 without a ridge"),
        (('"learnability", "constant"', '"gradient"'), "no gradient"),
        (
            ("n = [14]", 'n = [14]\ncontrols = ["phase of the moon"]'),
            "phase of the moon",
        ),
        (("n = [14]", "n = [14]\nmargins = { learnability = 0 }"), "must be positive"),
        (("n = [14]", "n = [14]\nmargins = { loss = 1 }"), "unknown field 'loss'"),
        (("n = [14]", "n = [14]\nbudget = 1"), "budget = 1"),
        (("n = [14]", 'n = [14]\nsampling = "uniform"'), "sampling = 'uniform'"),
        (("n = [14]", "n = [14]\ntheory = { kernal = 1 }"), "unknown field 'kernal'"),
        (("n = [14]", "n = [14]\ntheory = { n_factor = 9 }"), "n = "),
        (
            ("n = [14]", "n = [14]\ntheory = { values = { constant = [1, 2] } }"),
            "theory.values.constant: 1 rows",
        ),
        (("[[problem]]", "[[problem]"), "is not TOML"),
        (("[[problem]]", "[problem]"), "one or more tables"),
    ],
)
def test_bad_specifications_are_named_before_anything_runs(tmp_path, change, match):
    text = SPECIFICATION.replace(*change)
    assert text != SPECIFICATION
    with pytest.raises(OutOfDomain, match=match):
        run(tmp_path, text)


def test_a_problem_that_is_no_table_is_named():
    with pytest.raises(OutOfDomain, match=r"number 1 must be a table"):
        read("problem = [1, 2]", "x")


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(OutOfDomain, match="cannot be read"):
        load(tmp_path / "absent.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OutOfDomain, match="cannot be read"):
        load(binary)
    with pytest.raises(OutOfDomain, match="called 'small'"):
        read(SPECIFICATION + SPECIFICATION, "twice")


def test_the_whole_domain_is_learned_to_rounding(tmp_path):
    text = SPECIFICATION.replace("n = [14]", "n = [64]").replace("1600", "40")
    text = text.replace('"constant"]', '"constant", "test_mse", "bias"]')
    reports = run(tmp_path, text + "controls = []\n")
    assert overall(reports) is Verdict.CONFIRMED, [str(r) for r in reports]


def test_the_wrong_sampling_is_offered_where_it_matters():
    def offered(domain, n):
        text = SPECIFICATION.replace("hypercube:6", domain).replace("[14]", f"[{n}]")
        return "wrong sampling" in read(text, "x")[0].controls

    assert offered("hypercube:6", 14)
    assert not offered("hypercube:20", 14)
    assert not offered("hypercube:6", 1)
    assert not offered("sphere:5", 14)


def test_mixed_targets_are_judged_by_their_covariance_too(tmp_path):
    text = SPECIFICATION.replace('"1", "2"', '"1=1/2,2=1/2"').replace("1600", "6000")
    reports = run(tmp_path, text + "controls = []\n")
    (found,) = [r for r in reports if r.name.endswith("covariance")]
    assert found.verdict is Verdict.CONFIRMED, str(found)


def test_reports_are_plain_data(tmp_path):
    for report in run(
        tmp_path, SPECIFICATION.replace("n = [14]", "n = [14]\ncontrols = []")
    ):
        json.dumps(report.to_json())
