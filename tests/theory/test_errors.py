"""Every error that the four packages raise on purpose has one root, which costs nothing."""

import inspect
import re
import subprocess
import sys
from importlib import import_module

import pytest
from house import House

from learnability import LearnabilityError, kernels, nets

INTERNAL = {"BadFault", "Damaged", "NotAnalytic", "NotDecided", "_TooLong"}
"""Caught where they are raised; a user sees what becomes of them."""
CLASS = re.compile(r"^class (\w+)\(([^)]*)\):", re.MULTILINE)


def test_every_class_of_errors_has_the_root():
    found = {}
    for module, path in House().files.items():
        for name, bases in CLASS.findall(path.read_text("utf-8")):
            if re.search(r"(Error|Exception)\b", bases):
                found[name] = module
    assert INTERNAL < set(found)
    for name in set(found) - INTERNAL:
        kind = getattr(import_module(found[name]), name)
        assert inspect.isclass(kind)
        assert issubclass(kind, LearnabilityError), f"{found[name]}.{name}"


def test_one_except_catches_what_theory_and_nets_refuse():
    with pytest.raises(LearnabilityError, match="degree"):
        kernels.polynomial(-1)
    with pytest.raises(LearnabilityError, match="width"):
        nets.Architecture(width=0, depth=1)


def test_the_errors_load_no_sympy():
    code = "import sys, theory.errors, verify.networks; print('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
