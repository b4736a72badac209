"""What it evaluates to: balls with proved error bounds, float64 curves, JAX.

Names are imported when they are first used; JAX only by what needs it.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "Ball": "numerics.ball",
    "Spectrum": "numerics.spectrum",
    "Level": "numerics.spectrum",
    "spectrum": "numerics.spectrum",
    "constant": "numerics.solver",
    "predict": "numerics.predict",
    "Prediction": "numerics.predict",
    "working_precision": "numerics.precision",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    msg = f"module 'numerics' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
