"""Values of the learned function at points: measured over data sets, and judged."""

from verify.regression.learned_values.judging import compare_values
from verify.regression.learned_values.measured_values import (
    MeasuredValues,
    learned_values,
)

__all__ = ["MeasuredValues", "compare_values", "learned_values"]
