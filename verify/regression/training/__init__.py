"""Kernel regression that is trained in time: filters, and online gradient descent."""
