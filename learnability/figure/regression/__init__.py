"""Figures of the learned function, and of least squares through its peak."""
