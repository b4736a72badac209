"""What the theory says about learning, from the spectrum, C and the target."""

from theory.statistics.predictions import (
    ORDER,
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

__all__ = [
    "ORDER",
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
