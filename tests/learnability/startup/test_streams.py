"""Results reach every terminal: any encoding, a closed output, a full disk."""

import os
import subprocess
import sys
import time
from fractions import Fraction

import pytest

from learnability.cli.progress import announced
from learnability.startup.streams import plain
from numerics.numbers.magnitudes import magnitude

COMMAND = [
    sys.executable,
    "-m",
    "learnability",
    "eigenvalues",
    "hypercube:3",
    "ntk:relu",
]


def run(redirect: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    line = " ".join([*COMMAND, redirect])
    return subprocess.run(
        ["sh", "-c", line],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_table_is_printed_in_plain_letters_where_the_encoding_lacks_them(encoding):
    done = run(PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert "lambda_k" in done.stdout
    assert not done.stderr


@pytest.mark.parametrize("redirect", [">&-", "> /dev/full"])
def test_what_cannot_be_delivered_is_said_in_one_line(redirect):
    done = run(redirect)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_file_is_written_though_all_streams_are_closed(tmp_path):
    place = tmp_path / "x.txt"
    assert run(f"--output {place} <&- >&- 2>&-").returncode == 0
    assert "0.333333" in place.read_text("utf-8")


def test_letters_have_plain_names():
    assert plain("λ_k ≥ ½, Σ g·L = n − 1, é, 中") == (
        "lambda_k >= 1/2, Sigma g*L = n - 1, e, ?"
    )


def test_a_long_run_says_what_it_does_and_a_quiet_one_nothing(capsys):
    def work(*given):
        with announced(given, first=0.02, every=0.02):
            magnitude_of_many()
        return capsys.readouterr().err

    def magnitude_of_many():
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            magnitude(Fraction(7) ** 2000)

    lines = work("predict").splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("learnability: at work for 0 s; ") for line in lines)
    assert any("How large exact numbers are" in line for line in lines)
    assert work("predict", "--quiet") == work("nets", "work") == ""
