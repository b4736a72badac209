"""What the theory says about learning, from the spectrum, C and the target."""

from theory.statistics.predictions import (
    bias,
    chain,
    mode_bias,
    overfitting_coefficient,
    overfitting_textbook,
    target_learnability,
    test_mse,
    train_mse,
    variance,
)
from theory.statistics.registry import STATISTICS, Statistic

__all__ = [
    "STATISTICS",
    "Statistic",
    "bias",
    "chain",
    "mode_bias",
    "overfitting_coefficient",
    "overfitting_textbook",
    "target_learnability",
    "test_mse",
    "train_mse",
    "variance",
]
