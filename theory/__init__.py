"""What is true, in symbols. Importing ``theory`` loads nothing; its names load SymPy."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theory import activations, constant, domains, kernels, notation, statistics
    from theory.activations import arc_cosine
    from theory.chain import Chain
    from theory.constant.implicit import geometric, implicit_equation, power_law
    from theory.data_set import conservation
    from theory.derivations import derive
    from theory.domains import Hypercube, Hypersphere, UnitCircle
    from theory.domains.krawtchouk import Krawtchouk
    from theory.errors import (
        Disagreement,
        EngineError,
        LearnabilityError,
        NoConvergence,
        NotEvaluable,
        NotPositiveDefinite,
        OutOfDomain,
        Unsupported,
    )
    from theory.formula import Formula, formulas
    from theory.kernels import Kernel, layers
    from theory.source import Source

_HOMES = {
    "theory.chain": ("Chain",),
    "theory.constant.implicit": ("geometric", "implicit_equation", "power_law"),
    "theory.derivations": ("derive",),
    "theory.domains": ("Hypercube", "Hypersphere", "UnitCircle"),
    "theory.domains.krawtchouk": ("Krawtchouk",),
    "theory.errors": (
        "Disagreement",
        "EngineError",
        "LearnabilityError",
        "NoConvergence",
        "NotEvaluable",
        "NotPositiveDefinite",
        "OutOfDomain",
        "Unsupported",
    ),
    "theory.formula": ("Formula", "formulas"),
    "theory.kernels": ("Kernel",),
    "theory.source": ("Source",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {
    "arc_cosine": "theory.activations.arc_cosine",
    "conservation": "theory.data_set.conservation",
    "layers": "theory.kernels.layers",
}
_PARTS = ("activations", "constant", "domains", "kernels", "notation", "statistics")

__all__ = [
    "Chain",
    "Disagreement",
    "EngineError",
    "Formula",
    "Hypercube",
    "Hypersphere",
    "Kernel",
    "Krawtchouk",
    "LearnabilityError",
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
    "derive",
    "domains",
    "formulas",
    "geometric",
    "implicit_equation",
    "kernels",
    "layers",
    "notation",
    "power_law",
    "statistics",
]


def __getattr__(name: str) -> Any:
    """Every name is loaded when it is first used: errors cost nothing, nets no SymPy."""
    if name in _MODULES or name in _PARTS:
        value = import_module(_MODULES.get(name, f"theory.{name}"))
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'theory' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
