"""Eigenvalues of dot-product kernels in closed form, or the reason why not."""

from typing import Any

from theory.eigenvalues.eigenvalue import Eigenvalue, eigenvalue
from theory.eigenvalues.proof import Proof, Step
from theory.eigenvalues.rule import Rule

LAZY = {
    "Asymptotic": "asymptotic",
    "Checked": "checking",
    "Guess": "guessing",
    "RULES": "book",
    "check_formula": "checking",
    "guess": "guessing",
    "guess_eigenvalue": "guessing",
    "Identity": "identities",
    "leading_power": "endpoint_decay",
    "parseval": "identities",
    "proof_of": "moves_proved",
    "relu_constant": "endpoint_decay",
    "trace": "identities",
}

__all__ = ["Eigenvalue", "Proof", "Rule", "Step", "eigenvalue", *sorted(LAZY)]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in LAZY:
        return getattr(import_module(f"theory.eigenvalues.{LAZY[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
