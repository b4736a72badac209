"""Derivations whose every step a machine checks.

``derive(name)`` builds one when it is asked for: importing this package costs nothing.
"""

from functools import cache
from importlib import import_module

from theory.derivations.language.derivation import Derivation
from theory.derivations.steps.finished import CheckedDerivation, FinishedDerivation
from theory.derivations.steps.step import Step, StepReport
from theory.errors import OutOfDomain, meant

NAMES: tuple[str, ...] = (
    "conservation",
    "sherman_morrison",
    "universality",
    "constant",
    "mse",
    "low_mode_rise",
    "funk_hecke",
    "hypercube",
    "arc_cosine",
    "parity",
    "bounds",
    "least_squares",
    "optimal_ridge",
    "optimal_kernel",
    "error_floor",
    "width_law",
)
"""All derivations, in reading order."""
ROOMS = {
    "optimal_ridge": "choice.",
    "optimal_kernel": "choice.",
    "error_floor": "choice.",
    "least_squares": "limits.",
    "width_law": "limits.",
}
"""Derivations that live in a folder of their own."""


@cache
def derive(name: str) -> FinishedDerivation | Derivation:
    """The derivation of that name.

    Raises
    ------
    OutOfDomain
        When there is none; the message lists the known ones.

    Examples
    --------
    >>> law = derive("conservation")
    >>> law.check().verdict, len(law.steps)
    (<Verdict.CONFIRMED: 'confirmed'>, 13)
    """
    wanted = str(name).strip().lower().replace("-", "_")
    if wanted not in NAMES:
        raise OutOfDomain(
            f"derivation {name!r} is unknown (known: {', '.join(NAMES)}){meant(wanted, NAMES)}"
        )
    room = ROOMS.get(wanted, "")
    return import_module(f"theory.derivations.{room}{wanted}").derivation


__all__ = [
    "NAMES",
    "CheckedDerivation",
    "Derivation",
    "FinishedDerivation",
    "Step",
    "StepReport",
    "derive",
]
