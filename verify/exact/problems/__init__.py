"""Regression problems in rational numbers: points, bases, kernels, eigenmodes."""
