"""Means and covariances of the learned function: of its coefficients, and of its values."""
