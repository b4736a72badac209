"""Learning curves on a data set, with the kernel's spectrum taken from the data."""

from verify.experiments.held_out.data_curves.specification import DataCurves

__all__ = ["DataCurves"]
