"""The door opens at once, and says when another file stands in it."""

import resource
import subprocess
import sys

import pytest


def python(*words, cwd=None, env=None):
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=env,
    )


HEAVY = "{'sympy', 'numpy', 'flint', 'scipy', 'jax', 'matplotlib'} & set(sys.modules)"


@pytest.mark.parametrize(
    "statement",
    [
        "import learnability",
        "import learnability; dir(learnability)",
        "from learnability.__main__ import main; main(['--help'])",
        "from learnability.__main__ import main; main(['predict', '--help'])",
        "from learnability.__main__ import main; main(['--version'])",
    ],
)
def test_nothing_heavy_is_loaded(statement):
    ran = python("-c", f"import sys; {statement}; print('loaded', {HEAVY} or None)")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("loaded None\n")


def test_help_takes_little_processor_time():
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert python("-m", "learnability", "--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        )
    assert min(spent) < 0.3


COMMANDS = [
    "eigenvalues", "constant", "predict", "derive", "formula", "verify", "reproduce",
    "doctor", "table", "figure", "explore",
]  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_shows_an_example(command, name):
    assert name in command("--help").out
    ran = command(name, "--help")
    assert ran.code == 0
    assert f"An example:\n  learnability {name}" in ran.out
    assert "--debug" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 88


def test_public_names_can_be_imported():
    import learnability

    for name in learnability.__all__:
        assert getattr(learnability, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = learnability.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize("package", ["theory", "numerics", "verify"])
def test_a_file_that_hides_a_package_is_named(tmp_path, package):
    path = tmp_path / f"{package}.py"
    path.write_text("x = 1\n")
    imported = python("-c", "import learnability", cwd=tmp_path)
    assert imported.returncode == 1
    assert f"{path} hides" in imported.stderr.splitlines()[-1]
    run = python("-m", "learnability", "--help", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert str(path) in run.stderr
