"""Random features beyond ``predict``: the law in 1/w, the width needed, the best ridge."""

from numerics.random_features.best_ridge import FeatureRidge, best_feature_ridge
from numerics.random_features.wide import WidthNeeded, wide_coefficient, width_needed

__all__ = [
    "FeatureRidge",
    "WidthNeeded",
    "best_feature_ridge",
    "wide_coefficient",
    "width_needed",
]
