"""Eigenvalues of dot-product kernels in closed form, or the reason why not."""

from typing import Any

from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.level_eigenvalue import Eigenvalue, eigenvalue
from theory.eigenvalues.rule import Rule

LAZY = {
    "Asymptotic": "asymptotics.approximation",
    "Checked": "checks.definition",
    "Guess": "checks.guessing",
    "RULES": "rules_by_domain",
    "check_formula": "checks.definition",
    "guess": "checks.guessing",
    "guess_eigenvalue": "checks.guessing",
    "Identity": "checks.trace_and_parseval",
    "leading_power": "asymptotics.endpoint_decay",
    "parseval": "checks.trace_and_parseval",
    "proof_of": "algebra.moves_proved",
    "register": "rules_by_domain",
    "relu_constant": "asymptotics.endpoint_decay",
    "trace": "checks.trace_and_parseval",
}

__all__ = ["Eigenvalue", "Proof", "Rule", "ProofStep", "eigenvalue", *sorted(LAZY)]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in LAZY:
        return getattr(import_module(f"theory.eigenvalues.{LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
