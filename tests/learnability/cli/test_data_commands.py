"""Data on the command line: predicted, measured, and said what was understood."""

import json

import numpy as np
import pytest

from learnability.__main__ import main

KERNEL = "ntk:relu:depth=1,bias_variance=0.1"


@pytest.fixture
def file(tmp_path):
    generator = np.random.default_rng(6)
    x = generator.standard_normal((48, 3))
    y = np.sin(x[:, 0]) + 0.1 * generator.standard_normal(48)
    lines = ["a;b;target;c"]
    lines += [
        ";".join(f"{v:.4f}".replace(".", ",") for v in (p[0], p[1], t, p[2]))
        for p, t in zip(x, y, strict=True)
    ]
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(lines))
    return f"data:{path}"


def said(capsys, *words):
    code = main(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_predictions_beside_measurements(capsys, file):
    code, out, _ = said(
        capsys, "predict", file, KERNEL, "--label", "target", "-n", "6,24", "--ridge",
        "1/2", "--measure", "200", "--goal", "0.5", "--format", "json",
    )  # fmt: skip
    assert code == 0
    found = json.loads(out)
    data = {"points": 48, "dimension": 3, "classes": ["values"], "label": "target"}
    assert found["data"] == data
    first, second = found["rows"]
    assert (first["claimed"], second["claimed"]) == (True, False)
    gap = float(first["held_out_mse"]) - float(first["measured"])
    assert abs(gap) < 5 * float(first["measured_error"]) + 0.05
    assert found["needed"][0]["goal"] == "0.5"


def test_text_says_what_was_understood(capsys, file):
    words = [
        "predict",
        file,
        KERNEL,
        "--label",
        "target",
        "-n",
        "4,12",
        "--ridge",
        "auto",
    ]
    code, out, err = said(capsys, *words)
    assert code == 0
    assert "held_out_mse" in out
    for part in (
        "48 points of dimension 3",
        "semicolons",
        "decimal commas",
        "not claimed",
    ):
        assert part in err


def test_spectra_constants_tables_and_figures(capsys, file, tmp_path):
    at = [file, KERNEL, "--label", "target", "--norms", "equal"]
    for words in (
        ["eigenvalues", *at, "--levels", "0:2"],
        ["constant", *at, "-n", "4"],
        ["table", "eigenvalues", *at],
    ):
        code, out, err = said(capsys, *words)
        assert code == 0, err
        assert "0." in out
    for name in ("learning-curves", "spectra"):
        pytest.importorskip("matplotlib")
        code, out, err = said(
            capsys, "figure", name, *at, "-o", str(tmp_path / "a.pdf")
        )
        assert code == 0, err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["predict", "data:none.csv", KERNEL, "-n", "3"], "there is no such file"),
        (["predict", "hypercube:4", KERNEL, "-n", "3"], "--target is missing"),
        (
            ["constant", "hypercube:4", KERNEL, "-n", "3", "--label", "y"],
            "--label is for",
        ),
        (["predict", "data:wine", KERNEL, "-n", "3", "--noise", "1"], "--noise = 1"),
        (["predict", "data:wine", KERNEL, "-n", "3", "--label", "q"], "label"),
        (["eigenvalues", "data:wine", KERNEL, "--norms", "big"], "norms = 'big'"),
    ],
)
def test_bad_questions_are_one_line(capsys, words, why):
    if "wine" in words[1]:
        pytest.importorskip("sklearn")
    code, _, err = said(capsys, *words)
    assert code == 2
    assert why in err
    assert err.count("\n") == 1
