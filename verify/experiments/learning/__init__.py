"""Learning curves: theory, kernel regression and nets against the number of points."""

from verify.experiments.base import Kind, register
from verify.experiments.learning import examine, measure, resolution
from verify.experiments.learning.specification import LearningCurves, Margins

__all__ = ["LearningCurves", "Margins"]

register(
    Kind(
        LearningCurves,
        measure.measure,
        examine.examine,
        resolution.preflight,
        ("learnability", "target_learnability", "test_mse"),
    )
)
