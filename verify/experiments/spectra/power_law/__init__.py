"""Power-law spectra: the overfitting coefficient tends to the exponent, and how fast."""

from verify.experiments.base import Kind, register
from verify.experiments.spectra.power_law import examine, measure
from verify.experiments.spectra.power_law.specification import PowerLaw

__all__ = ["PowerLaw"]

register(
    Kind(
        PowerLaw,
        measure.measure,
        examine.examine,
        measure.preflight,
        ("overfitting_coefficient", "implicit_equation"),
    )
)
