"""What it evaluates to: balls with proved error bounds, float64 curves, JAX.

JAX is imported only by what needs it (``numerics.differentiable.traced``).
"""

from numerics.kernel_matrices.entries import (
    kernel_matrix,
    kernel_values,
    matrix_error,
)
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Level, Spectrum, spectrum
from numerics.statistics.constants import constant
from numerics.statistics.predict import predict
from numerics.statistics.prediction import Prediction
from numerics.statistics.statistic import statistic
from theory.methods import install

install("Kernel.matrix", kernel_matrix)
install("Kernel.matrix_error", matrix_error)
install("Kernel.values", kernel_values)

__all__ = [
    "Ball",
    "FloatSpectrum",
    "Level",
    "Prediction",
    "Spectrum",
    "constant",
    "kernel_matrix",
    "kernel_values",
    "matrix_error",
    "predict",
    "spectrum",
    "statistic",
    "working_precision",
]
