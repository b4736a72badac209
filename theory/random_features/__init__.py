"""Regression with random features: finite width in the theory of kernel regression."""
