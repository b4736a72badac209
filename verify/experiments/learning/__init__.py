"""Learning curves: theory, kernel regression and nets against the number of points."""

from verify.experiments.learning.specification import LearningCurves, Margins

__all__ = ["LearningCurves", "Margins"]
