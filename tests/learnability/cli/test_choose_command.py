"""``learnability choose``: what it prints, json with fixed keys, exit codes."""

import json

import pytest

KERNELS = ("polynomial:degree=1", "ntk:relu:bias_variance=0.1")
WORDS = ("choose", "hypercube:5", *KERNELS, "--target", "1=1", "-n", "4")


def test_text_says_the_three_numbers(command):
    ran = command(*WORDS)
    assert ran.code == 0
    assert "exact floor of equivariant linear rules" in ran.out
    assert "no bound on anything measured" in ran.out
    assert ran.out.index("polynomial") < ran.out.index("ntk:relu")


def test_json_has_the_fixed_keys(command):
    ran = command(
        *WORDS, "--noise", "0.1", "--verify", "--trials", "40", "--format", "json"
    )
    found = json.loads(ran.out)
    assert {
        "floor",
        "floor_interval",
        "framework_optimum",
        "candidates",
        "verdict",
    } <= set(found)
    first = found["candidates"][0]
    assert {"kernel", "ridge", "test_mse", "regret", "tied"} <= set(first)
    assert float(first["regret"]) >= 1
    verdict = found["verification"]["verdict"]
    assert ran.code == {"confirmed": 0, "refuted": 1, "inconclusive": 3}[verdict]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*WORDS[:-1], "4,5"), "one number"),
        ((*WORDS, "--ridge", "-1"), "ridge"),
        ((*WORDS, "--objective", "luck"), "luck"),
        (("choose", "levels:x.csv", "-n", "3"), "levels"),
        ((*WORDS, "--sampling", "once"), "once"),
    ],
)
def test_bad_input_is_one_line(command, words, said):
    ran = command(*words)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1
