"""What is true, in symbols. Importing ``theory`` loads SymPy and nothing else."""

from theory import activations, arc_cosine, conservation, constant, domains, kernels
from theory import layers, notation, statistics
from theory.chain import Chain
from theory.domains import Hypercube, Hypersphere, UnitCircle
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
from theory.kernels import Kernel
from theory.krawtchouk import Krawtchouk
from theory.source import Source

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
