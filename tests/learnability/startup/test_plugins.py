"""A module of one's own is imported before a command of the command line runs."""

import os

import pytest

from learnability.__main__ import main
from learnability.startup import plugins
from theory.activations import ACTIVATIONS
from theory.domains import KNOWN

OWN = """
from dataclasses import dataclass
from typing import Any
from sympy import Integer
from theory.activations import register as register_activation, z
from theory.domains import Domain, register
from theory.domains.domain import dimension, level_of, written

@register
@dataclass(frozen=True)
class Corners(Domain):
    n: Any
    spellings = ("corners:N",)
    last_level = Integer(1)
    ambient = property(lambda self: self.n - 1)
    size = property(lambda self: self.n)

    def __post_init__(self):
        object.__setattr__(self, "n", dimension(self.n, 2))

    def multiplicity(self, k):
        return self.n - 1 if level_of(self, k) == 1 else Integer(1)

    def definition(self, kernel, k):
        one = written(kernel, Integer(1), self.ambient)
        other = written(kernel, -1 / self.ambient, self.ambient)
        return (one + (self.ambient if level_of(self, k) == 0 else -1) * other) / self.n

register_activation("cubic", z**3 + z)
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A file with a domain and an activation; what it registers goes again."""
    monkeypatch.delenv(plugins.VARIABLE, raising=False)
    file = tmp_path / "corners_plugin.py"
    file.write_text(OWN)
    yield file
    import sys

    os.environ.pop(plugins.VARIABLE, None)
    sys.modules.pop("corners_plugin", None)
    KNOWN.pop("corners", None)
    ACTIVATIONS.pop("cubic", None)


def test_an_option_makes_a_domain_and_an_activation_known(own, capsys):
    words = ["eigenvalues", "corners:5", "polynomial:degree=2", "-f", "csv"]
    assert main(words) == 2
    assert main([*words, "--plugin", str(own)]) == 0
    assert "0.1875" in capsys.readouterr().out  # 3/16
    words = ["constant", "corners:5", "nngp:cubic:depth=1", "-n", "2", "--digits", "9"]
    assert main(words) == 0, "processes inherit what was named once"


def test_the_environment_names_plug_ins_too(own, monkeypatch, capsys):
    monkeypatch.setenv(plugins.VARIABLE, str(own))
    assert main(["eigenvalues", "corners:5", "polynomial:degree=2"]) == 0
    assert "0.1875" in capsys.readouterr().out


def test_what_is_registered_is_drawn_by_property_tests(own):
    from hypothesis import find

    from verify import strategies

    assert main(["doctor", f"--plugin={own}", "--quiet"]) in (0, 1)
    assert find(strategies.domains(), lambda x: x.kind == "corners").size == 2
    assert find(strategies.activations(), lambda x: x == "cubic") == "cubic"


@pytest.mark.parametrize("given", [["--plugin"], ["--plugin", "no_such_module"]])
def test_what_cannot_be_imported_is_said_in_one_line(given, own, capsys):
    assert main(["formula", *given]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_error_in_a_plug_in_is_named(own, capsys):
    own.write_text("1 / 0")
    assert main(["formula", "test_mse", "--plugin", str(own)]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
