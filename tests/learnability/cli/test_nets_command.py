"""``learnability nets``: plan, work and table on a small sweep, and mistakes."""

import json
import signal

import pytest

from learnability.__main__ import main

SWEEP = """
net = {depth = 1, width = [8, 16]}
training = {max_steps = 20}
data = {domain = "hypercube:3", targets = ["parity:1"]}
sweep = {n = [2, 8], trials = 2}
"""


@pytest.fixture
def folder(tmp_path, capsys):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    assert (
        main(["nets", "plan", str(tmp_path / "sweep.toml"), str(tmp_path / "n")]) == 0
    )
    assert "4 cells with 8 nets, 0 cells finished" in capsys.readouterr().out
    return tmp_path / "n"


def test_a_sweep_from_plan_to_table(folder, capsys):
    handler = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["nets", "work", str(folder), "--max-seconds", "0", "-q"]) == 3
        assert main(["nets", "work", str(folder), "-q"]) == 0
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert capsys.readouterr().err == ""
    assert main(["nets", "table", str(folder), "-f", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert "learnability nets table" in made["caption"]
    rows = made["rows"]
    assert [(row["width"], row["n"]) for row in rows] == [
        ("8", "2"), ("8", "8"), ("16", "2"), ("16", "8")
    ]  # fmt: skip
    for row in rows:
        assert {"learnability_nets", "learnability_kernel"} <= row.keys()
        if row["n"] == "8":
            assert float(row["learnability_theory"]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan", "none.toml", "DIR"), "none.toml cannot be read"),
        (("table", "none"), "none is no folder of results"),
        (("work", "none"), "none is no folder of results"),
        (("work", "DIR", "--devices", "gpu:0", "--scheduler", "a"), "give one of them"),
        (("work", "DIR", "--device", "abacus"), "device = 'abacus'"),
        (("work", "DIR", "--devices", "abacus"), "device = 'abacus'"),
        (("slurm", "DIR", "queue", "--jobs", "2"), "'queue': must be NAME=VALUE"),
        (("slurm", "DIR", "--jobs", "0"), "--jobs = 0"),
        (("table", "DIR"), "no finished cell"),
    ],
)
def test_mistakes_are_one_line(words, message, folder, capsys, monkeypatch):
    monkeypatch.chdir(folder.parent)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        code = main(["nets", *(str(folder) if w == "DIR" else w for w in words)])
    finally:
        signal.signal(signal.SIGTERM, handler)
    (line,) = capsys.readouterr().err.splitlines()
    assert (code, message in line) == (2, True), line
