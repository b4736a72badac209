"""Experiments on real or engineered data, judged on the points that were held out."""

from verify.experiments.held_out.data_curves import DataCurves
from verify.experiments.held_out.engineered import Engineered

__all__ = ["DataCurves", "Engineered"]
