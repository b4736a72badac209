"""What is true, in symbols. Importing ``theory`` loads SymPy and nothing else."""

from importlib import import_module
from typing import Any

from theory import activations
from theory.data_set import conservation

# isort: split
# formulas are listed in the order of declaration: conservation comes before C
from theory import constant, domains, kernels, notation, statistics
from theory.activations import arc_cosine
from theory.chain import Chain
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.domains.krawtchouk import Krawtchouk
from theory.errors import (
    Disagreement,
    EngineError,
    NoConvergence,
    NotEvaluable,
    NotPositiveDefinite,
    OutOfDomain,
    Unsupported,
)
from theory.formula import Formula, formulas
from theory.kernels import Kernel, layers
from theory.source import Source

_LATER = {"derive": "theory.derivations"} | dict.fromkeys(
    ("implicit_equation", "power_law", "geometric"), "theory.constant.implicit"
)

__all__ = [
    "Chain",
    "Disagreement",
    "EngineError",
    "Formula",
    "Hypercube",
    "Hypersphere",
    "Kernel",
    "Krawtchouk",
    "NoConvergence",
    "NotEvaluable",
    "NotPositiveDefinite",
    "OutOfDomain",
    "Source",
    "UnitCircle",
    "Unsupported",
    "activations",
    "arc_cosine",
    "conservation",
    "constant",
    "domains",
    "formulas",
    "kernels",
    "layers",
    "notation",
    "statistics",
]


def __getattr__(name: str) -> Any:
    """Derivations and the implicit equation are loaded when they are first used."""
    if name in _LATER:
        value = getattr(import_module(_LATER[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'theory' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_LATER})
