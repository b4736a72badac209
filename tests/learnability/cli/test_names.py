"""NAMEs that are missing are listed; mistyped ones are guessed; shells complete them."""

import pytest

PREDICT = ("predict", "hypercube:4", "laplace", "--target", "1=1", "-n", "2")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("table", "optimal-depth"),
        ("figure", "conservation"),
        ("reproduce", "fig1"),
        ("verify", "theorems"),
        ("derive", "mse"),
    ],
)
def test_names_are_listed_where_name_is_missing(command, kind, name):
    ran = command(kind)
    assert ran.code == 0
    assert any(line.split()[:1] == [name] for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("figure", "learning-curve"), "learning-curves"),
        (("table", "constnat"), "constant"),
        (("eigenvalues", "hypercub:4", "laplace"), "hypercube"),
        (("eigenvalues", "hypercube:4", "laplace:widht=2"), "width"),
        (("derive", "conservatoin"), "conservation"),
        (("reproduce", "fig1-circel"), "fig1-circle"),
        (("verify", "theorem"), "theorems"),
        ((*PREDICT, "--time", "3", "--rule", "flwo"), "flow"),
        ((*PREDICT, "--time", "3", "--rule", "descent:rat=1"), "rate"),
        ((*PREDICT, "--sampling", "distnct"), "distinct"),
        (("eigenvalues", "hypercube:4", "expr:sqt(t)"), "sqrt"),
        (
            ("figure", "spectra", "hypercube:3", "laplace", "--style", "icml204"),
            "icml2024",
        ),
    ],
)
def test_a_mistyped_name_is_guessed(command, words, meant):
    ran = command(*words)
    assert ran.code == 2
    assert f"did you mean {meant!r}?" in ran.err


def test_a_shell_can_complete_commands():
    from learnability.cli import app

    script = app.generate_completion(shell="bash")
    assert "eigenvalues" in script


@pytest.mark.parametrize("suffix", ["pdf", "png", "svg"])
def test_output_with_a_suffix_is_that_file(command, tmp_path, suffix):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"x.{suffix}"
    words = ("figure", "spectra", "hypercube:3", "laplace", "-o", str(path), "-q")
    assert command(*words).code == 0
    assert path.is_file()
    assert len(list(tmp_path.iterdir())) == 1
