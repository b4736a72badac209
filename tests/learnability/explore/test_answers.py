"""Answers of the explorer: every activation, every domain, n that is lowered, copies."""

import shlex
from dataclasses import replace
from math import isclose, isfinite

import pytest

from learnability import Hypercube, constant, kernels, predict, spectrum
from learnability.explore import charts, copies, tables
from learnability.explore.answers import answer
from learnability.explore.controls import Controls, controls_of, families
from learnability.explore.question import ExplorerQuery, each, kernels_in
from learnability.explore.simulation import simulate
from theory.activations import ACTIVATIONS
from theory.errors import EngineError, OutOfDomain


def total(found):
    return sum(x.taken for x in found.levels) + found.rest + found.ridge_share


@pytest.mark.parametrize(
    ("question", "modes"),
    [
        (ExplorerQuery("hypercube:5", "exponential", "1=1", 7), 32),
        (ExplorerQuery("hypercube:5", "exponential", "1=1", 7, "0.1", "0.2"), 32),
        (ExplorerQuery("sphere:4", "ntk:relu:bias_variance=0.1", "2=1", 9), None),
        (ExplorerQuery("circle:12", "geometric", "0=1,3=1/2", 5, "1/3"), 12),
        (ExplorerQuery("data:iris", "laplace", n=9, ridge="1", norms="equal"), None),
    ],
    ids=str,
)
def test_what_every_level_takes_and_the_ridge_makes_n(question, modes):
    found = answer(question)
    assert isclose(total(found), question.n, rel_tol=1e-9)
    if modes is not None:
        assert found.rest < 1e-9


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_every_activation_of_the_list_is_answered(name):
    net = "nngp" if name in {"step", "exp"} else "ntk"  # without a tangent kernel
    text = Controls(net, name, 1, "1", "0.1").kernel
    found = answer(ExplorerQuery("hypercube:4", text, "1=1", 3))
    assert isclose(total(found), 3, rel_tol=1e-6)
    assert controls_of(text).activation == name
    assert all("digits are lost" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("domain", "kernel", "n", "answered"),
    [
        ("hypercube:3", "exponential", 32, 7),
        ("circle:12", "gaussian", 500, 11),
        ("sphere:5", "polynomial:degree=2", 32, 14),
        ("circle", "gaussian", 500, 102),
    ],
)
def test_n_is_lowered_and_it_is_said(domain, kernel, n, answered):
    found = answer(ExplorerQuery(domain, kernel, n=n))
    assert found.question.n == answered
    assert f"n = {answered} is answered, not {n}" in found.remarks[0]
    assert all(map(isfinite, found.statistics.values()))
    ridged = answer(ExplorerQuery(domain, kernel, n=n, ridge="0.1"))
    assert (ridged.question.n, ridged.remarks) == (n, ())


def test_points_of_the_curve_without_a_value_are_left_out():
    found = answer(ExplorerQuery("circle", "gaussian", n=8)).curve
    assert 8 < len(found.n) < 14
    assert max(found.n) < 200
    p = predict(
        spectrum("gaussian", "circle", digits=12), {1: 1}, [int(x) for x in found.n]
    )
    assert found.error == pytest.approx(p.test_mse.astype(float).tolist())


def test_data_have_the_held_out_error_that_predict_has(command):
    question = ExplorerQuery(
        "data:wine", "gaussian:width=2", "", 16, "1", norms="equal"
    )
    found = answer(question)
    ran = command(*shlex.split(copies.command([question]))[1:], "--format", "json")
    (row,) = ran.data["rows"]
    assert isclose(found.statistics["held-out MSE"], float(row["held_out_mse"]))
    seen = simulate(question, seconds=0.1).means["held-out MSE"]
    assert abs(seen[0] - found.statistics["held-out MSE"]) < 6 * seen[1]
    assert answer(replace(question, n=60)).remarks[-1].endswith("n = M/8 = 22.")
    with pytest.raises(OutOfDomain, match="noise = 1"):
        answer(replace(question, noise="1"))


def test_a_file_of_ones_own_has_its_label_and_norms(tmp_path):
    path = tmp_path / "points.csv"
    rows = [
        f"{i % 5 + 1},{i % 7 - 3.5},{i * i % 83},{i % 5 * i % 11}" for i in range(40)
    ]
    path.write_text("\n".join(["a,b,c,y", *rows]))
    question = ExplorerQuery(f"data:{path}", "laplace", n=4, ridge="0.1", label="y")
    found = answer(question)
    other = answer(replace(question, label="b"))
    equal = answer(replace(question, norms="equal"))
    errors = {x.statistics["held-out MSE"] for x in (found, other, equal)}
    assert len(errors) == 3
    with pytest.raises(OutOfDomain, match="label = 'z'"):
        answer(replace(question, label="z"))


@pytest.mark.parametrize(
    "question",
    [
        ExplorerQuery("hypercube:4", "gaussian:width=2", "1=1,2=1/2", 5, "0.1", "0.2"),
        ExplorerQuery("data:iris", "laplace", "", 7, "1", norms="equal"),
    ],
    ids=["cube", "data"],
)
def test_the_code_that_it_gives_prints_its_numbers(question, capsys):
    several = each(question, [question.kernel, "exponential"])
    exec(copies.python(several), {})
    printed = capsys.readouterr().out
    for one in several:
        found = answer(one)
        assert f"{found.C:.6g}"[:6] in printed
        assert f"{found.statistics['test MSE']:.5g}"[:6] in printed


def test_the_command_that_it_gives_prints_its_numbers(command):
    question = ExplorerQuery("hypercube:4", "expr:1/(2 - t)", "1=1", 5, "0.1", "0.2")
    ran = command(*shlex.split(copies.command([question]))[1:], "--format", "json")
    (row,) = ran.data["rows"]
    found = answer(question)
    assert isclose(float(row["test_mse"]), found.statistics["test MSE"])
    assert isclose(float(row["C"]), found.C, rel_tol=1e-9)
    proved = constant(spectrum("expr:1/(2 - t)", Hypercube(4)), 5, "0.1", 10)
    assert found.constant == str(proved)


def test_the_simulation_agrees_where_the_theory_is_good():
    question = ExplorerQuery("hypercube:6", "exponential:beta=1", "1=1", 40)
    found, seen = answer(question), simulate(question, seconds=0.1)
    learned = seen.means["learnability of the target"][0]
    assert abs(learned - found.levels[1].learnability) < 0.02
    assert seen.trials >= 20


@pytest.mark.parametrize(
    "wrong",
    [
        ExplorerQuery(domain="hypercube:0"),
        ExplorerQuery(domain="levels:file.csv"),
        ExplorerQuery(domain="donut:3"),
        ExplorerQuery(domain="data:missing.csv"),
        ExplorerQuery(kernel="ntk:relu:depth=0"),
        ExplorerQuery(kernel="ntk:relu:depth=1..2"),
        ExplorerQuery(kernel="expr:import os"),
        ExplorerQuery(domain="circle", kernel="expr:1", n=1),
        ExplorerQuery(target="99=1"),
        ExplorerQuery(target=""),
        ExplorerQuery(ridge="-1"),
        ExplorerQuery(noise="much"),
        ExplorerQuery(n=0),
    ],
    ids=range(13),
)
def test_a_malformed_question_is_refused_in_a_sentence(wrong):
    with pytest.raises(EngineError, match=r"\w+ .*\w"):
        answer(wrong)


def test_kernels_are_read_from_lines_and_ranges():
    text = "ntk:relu:depth=1..2\n\nnonsense; expr:1/(2 - t); nonsense"
    found = kernels_in(text)
    assert [kernels.parse(x) for x in found[:2]] == [
        kernels.ntk("relu", depth=d) for d in (1, 2)
    ]
    assert found[2:] == ["nonsense", "expr:1/(2 - t)"]
    with pytest.raises(OutOfDomain, match="8 kernels: at most 6"):
        kernels_in("ntk:relu:depth=1..8")
    with pytest.raises(OutOfDomain, match="no kernel is given"):
        kernels_in(" ;\n")


@pytest.mark.parametrize(
    "text",
    ["ntk:relu:depth=4", "nngp:erf:depth=32,weight_variance=0.3,bias_variance=1.99",
     "ntk:relu:depth=40", "ntk:relu:input_variance=1/2", "nngp:z**3:depth=1",
     "gaussian:width=1/3", "gaussian:width=2,input_variance=2", "sum:[gaussian][laplace]",
     *(name for name in families() if families()[name])],
)  # fmt: skip
def test_controls_spell_the_kernel_that_they_were_read_from(text):
    assert kernels.parse(controls_of(text).kernel) == kernels.parse(text)


def test_several_kernels_stand_side_by_side():
    question = ExplorerQuery("hypercube:4", n=5)
    answers = [answer(one) for one in each(question, ["laplace", "exponential"])]
    numbers = tables.numbers(answers)
    for found in answers:
        assert f">{found.constant}</code>" in numbers
    assert tables.numbers(answers[:1]).count("data-number='constant C'") <= 1
    assert tables.levels(answers).count("<tr>") == 1 + 5
    assert "<li><code>laplace</code></li>" in tables.kernels(answers)
    for chart in (charts.curve_chart, charts.spectrum_chart, charts.budget_chart):
        svg = chart(answers)
        assert svg.startswith('<svg role="img" aria-label="')
        assert "currentColor" in svg
        assert charts.INK not in svg
        assert svg.count("<path") > chart(answers[:1]).count("<path") - 40
