"""What it evaluates to: balls with proved error bounds, float64 curves, JAX.

JAX is imported only by what needs it (``numerics.traced``).
"""

from numerics.ball import Ball
from numerics.precision import working_precision
from numerics.spectrum import Level, Spectrum, spectrum
from numerics.solver import constant  # noqa: I001  loaded after what it builds on
from numerics.predict import Prediction, predict

__all__ = [
    "Ball",
    "Level",
    "Prediction",
    "Spectrum",
    "constant",
    "predict",
    "spectrum",
    "working_precision",
]
