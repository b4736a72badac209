"""Power-law spectra: the overfitting coefficient tends to the exponent, and how fast."""

from verify.experiments.spectra.power_law.specification import PowerLaw

__all__ = ["PowerLaw"]
