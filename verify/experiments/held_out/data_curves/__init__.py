"""Learning curves on a data set, with the kernel's spectrum taken from the data."""

from verify.experiments.base import Kind, register
from verify.experiments.held_out.data_curves import examine, measure
from verify.experiments.held_out.data_curves.specification import DataCurves

__all__ = ["DataCurves"]

register(
    Kind(
        DataCurves,
        measure.measure,
        examine.examine,
        measure.preflight,
        ("target_learnability", "off_sample_mse"),
    )
)
