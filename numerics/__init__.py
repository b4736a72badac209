"""What it evaluates to: balls with proved error bounds, float64 curves, JAX.

JAX is imported only by what needs it (``numerics.traced``).
"""

from numerics.ball import Ball
from numerics.float_spectrum import FloatSpectrum
from numerics.precision import working_precision
from numerics.prediction import Prediction
from numerics.predictions import predict
from numerics.solver import constant
from numerics.spectrum import Level, Spectrum, spectrum
from numerics.statistic import statistic

__all__ = [
    "Ball",
    "FloatSpectrum",
    "Level",
    "Prediction",
    "Spectrum",
    "constant",
    "predict",
    "spectrum",
    "statistic",
    "working_precision",
]
