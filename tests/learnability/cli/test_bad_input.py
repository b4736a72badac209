"""Every refusal: exit code 2, one line that names what is wrong, nothing written."""

import os
import subprocess
import sys

import pytest

RELU = "ntk:relu:depth=2"
PREDICT = ("predict", "hypercube:4", RELU, "--target", "1", "-n", "2")

PREDICT_17 = ("predict", "hypercube:4", "exponential", "--target", "1", "-n", "17")
REFUSED = [
    (("eigenvalues", "hypercube:0", RELU), "d = 0"),
    (("eigenvalues", "hypercube:-3", RELU), "d = -3"),
    (("eigenvalues", "hypercube:2.5", RELU), "d = 2.5"),
    (("eigenvalues", "sphere:1", RELU), "d = 1"),
    (("eigenvalues", "circle:0", RELU), "points = 0"),
    (("eigenvalues", "torus:3", RELU), "known: hypercube:D"),
    (("eigenvalues", "hypercube:4"), "KERNEL is missing"),
    (
        ("eigenvalues", "hypercube:4", RELU, "--levels", "5"),
        "level = 5 must be a whole number in 0..4",
    ),
    (("eigenvalues", "hypercube:4", RELU, "--levels", "-1"), "-1"),
    (("eigenvalues", "hypercube:4", RELU, "--levels", "1,2,1"), "1 is given twice"),
    (("eigenvalues", "hypercube:4", RELU, "--levels", "1/2"), "level = 1/2"),
    (("eigenvalues", "hypercube:4", RELU, "--levels", "3:1"), "is empty"),
    (("eigenvalues", "hypercube:4", RELU, "--levels", "0:3:0"), "step 0"),
    (("eigenvalues", "hypercube:4", RELU, "--levels", "0:10^9"), "more than 100000"),
    (("eigenvalues", "hypercube:4", RELU, "--digits", "0"), "--digits = 0"),
    (("eigenvalues", "hypercube:4", RELU, "--digits", "ten"), "'ten'"),
    (("eigenvalues", "hypercube:4", RELU, "--digits", "10^9"), "1..20000"),
    (("eigenvalues", "hypercube:4", RELU, "--show", "-2"), "--show = -2"),
    (("eigenvalues", "hypercube:10^12", RELU), "1000000000001 levels"),
    (("eigenvalues", "hypercube:10^6", RELU), "GiB"),
    (("constant", "circle:10^30", RELU, "-n", "3"), "levels"),
    (("eigenvalues", "hypercube:4", "ntq:relu"), "did you mean 'ntk'"),
    (("eigenvalues", "hypercube:4", "ntk:rellu"), "did you mean 'relu'"),
    (("eigenvalues", "hypercube:4", "ntk:relu:depth=0"), "depth = 0"),
    (("eigenvalues", "hypercube:4", "ntk:relu:deepth=2"), "unknown parameter 'deepth'"),
    (("eigenvalues", "hypercube:4", "ntk:relu:depth=3..1"), "end of the range"),
    (("eigenvalues", "hypercube:4", "ntk:relu:depth=1..10000"), "at most 1000"),
    (("eigenvalues", "hypercube:4", RELU, RELU), "given twice"),
    (("eigenvalues", "hypercube:4", "expr:t - 2"), "level 0 has eigenvalue -2"),
    (("eigenvalues", "hypercube:4", "expr:t +"), "not an arithmetic expression"),
    (
        ("eigenvalues", "hypercube:4", "expr:__import__('os').system('id')"),
        "not allowed",
    ),
    (("eigenvalues", "hypercube:4", "expr:t.real"), "not allowed"),
    (("eigenvalues", "hypercube:4", "expr:1/(1 - t)"), "not a finite"),
    (("eigenvalues", "hypercube:4", "expr:x*t"), "unknown name 'x'"),
    (("eigenvalues", "hypercube:4", RELU, "--colour", "red"), "--colour"),
    (("eigenvalues", "hypercube:4", RELU, "--format", "jsn"), "jsn"),
    (("eigenvalues", "levels:x.csv", RELU), "already holds"),
    (("eigenvalue", "hypercube:4", RELU), "eigenvalues"),
    (("constant", "hypercube:4", RELU), "-n"),
    (("constant", "hypercube:4", RELU, "-n", "-1"), "n = -1 must be at least 0"),
    (("constant", "hypercube:4", RELU, "-n", "1,,2"), "empty item"),
    (("constant", "hypercube:4", RELU, "-n", "1:2:3:4"), "a:b:step"),
    (("constant", "hypercube:4", RELU, "-n", "log:0:5:3"), "must be positive"),
    (("constant", "hypercube:4", RELU, "-n", "log:1:5"), "log:a:b:m"),
    (("constant", "hypercube:4", RELU, "-n", "nan"), "unknown name 'nan'"),
    (("constant", "hypercube:4", RELU, "-n", "3", "--ridge", "-1"), "ridge = -1"),
    (("constant", "levels:/does/not/exist.csv", "-n", "3"), "No such file"),
    (("constant", "levels:.", "-n", "3"), "directory"),
    (("constant", "levels:", "-n", "3"), "names no file"),
    (("eigenvalues", "hypercube:4", "ntk:relu:depth=10^8"), "at most 4096"),
    (("eigenvalues", "hypercube:4", "gaussian:width=-1"), "width = -1"),
    (("eigenvalues", "hypercube:", RELU), "'hypercube:'"),
    (("eigenvalues",), "DOMAIN"),
    (("--colour",), "--colour"),
    ((*PREDICT, "--ridge", "-1/7"), "ridge = -1/7"),
    ((*PREDICT, "--noise", "-1"), "noise = -1"),
    ((*PREDICT, "--ridge", "1e"), "ridge"),
    (("predict", "hypercube:4", RELU, "-n", "2"), "--target"),
    (("predict", "hypercube:4", RELU, "--target", "9", "-n", "2"), "level = 9"),
    (("predict", "hypercube:4", RELU, "--target", "1=-1", "-n", "2"), "level 1 = -1"),
    (("predict", "hypercube:4", RELU, "--target", "1=1,1=2", "-n", "2"), "twice"),
    (("predict", "hypercube:4", RELU, "--target", "1=", "-n", "2"), "LEVEL=POWER"),
    (("predict", "hypercube:4", RELU, "--target", "1=0", "-n", "2"), "power is 0"),
    (
        (*PREDICT_17, "--sampling", "distinct"),
        "hypercube:4 has 16 points",
    ),
    ((*PREDICT_17, "--sampling", "twice"), "sampling = 'twice' must be one of"),
    (
        ("predict", "sphere:4", *PREDICT_17[2:], "--sampling", "distinct"),
        "a number of points is needed",
    ),
    (("derive", "everything"), "known: "),
    (("formula", "test_msee"), "test_mse"),
    (("formula", "--search", "zebra"), "zebra"),
    (("formula", "test_mse", "--search", "mse"), "not both"),
    (("verify", "nonsense"), "known: conservation"),
    (("verify", "conservation", "--examples", "0"), "--examples = 0"),
    (("verify", "conservation", "--seed", "-1"), "--seed = -1"),
    (("reproduce", "fig99"), "fig99"),
]


@pytest.mark.parametrize(("words", "says"), REFUSED, ids=lambda x: " ".join(x)[:60])
def test_it_is_refused_in_one_line(command, words, says):
    ran = command(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("learnability: ")
    assert ran.err.count("\n") == 1
    assert says in ran.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no level"),
        ("1\n", "line 1: 1 columns"),
        ("lambda,g\n1,2\n-1,2\n", "line 3: eigenvalue = -1"),
        ("1,0\n", "multiplicity = 0"),
        ("1,2.5\n", "multiplicity = 2.5"),
        ("1,2\nx,3\n", "line 2"),
    ],
)
def test_a_malformed_file_of_levels_names_the_line(command, tmp_path, text, says):
    path = tmp_path / "levels.csv"
    path.write_text(text)
    ran = command("constant", f"levels:{path}", "-n", "1")
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_an_expression_is_never_executed(command, tmp_path):
    witness = tmp_path / "witness"
    word = f"expr:open('{witness}', 'w')"
    assert command("eigenvalues", "hypercube:4", word).code == 2
    assert not witness.exists()


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("missing/table.csv", "does not exist"),
        (".", "is a folder"),
        ("table.xyz", ".csv"),
        ("/proc/table.csv", "output = /proc/table.csv"),
    ],
)
def test_an_output_that_cannot_be_written(command, tmp_path, monkeypatch, output, says):
    monkeypatch.chdir(tmp_path)
    words = ("eigenvalues", "hypercube:3", "exponential", "--output", output)
    ran = command(*words, *(("--format", "csv") if output == "." else ()))
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_suffix_and_format_must_agree(command, tmp_path):
    words = ("eigenvalues", "hypercube:3", "exponential", "--format", "json")
    ran = command(*words, "--output", str(tmp_path / "table.csv"))
    assert ran.code == 2
    assert "format = json" in ran.err


def test_a_failure_leaves_an_older_file_as_it_was(command, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("older\n")
    words = (
        "constant",
        "hypercube:4",
        "exponential",
        "-n",
        "nine",
        "--output",
        str(path),
    )
    assert command(*words).code == 2
    assert path.read_text() == "older\n"
    assert list(tmp_path.iterdir()) == [path]


def test_debug_shows_the_traceback(command):
    from theory.errors import OutOfDomain

    with pytest.raises(OutOfDomain):
        command("eigenvalues", "hypercube:0", RELU, "--debug")


def test_an_interruption_exits_with_130(command, monkeypatch):
    import numerics

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(numerics, "spectrum", interrupt)
    ran = command("constant", "hypercube:4", RELU, "-n", "3")
    assert (ran.code, ran.err) == (130, "learnability: interrupted\n")


def test_a_closed_pipe_is_quiet():
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-m", "learnability", "formula"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert ran.stderr == b""
