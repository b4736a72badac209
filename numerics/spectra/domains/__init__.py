"""Eigenvalues on each domain, and methods for special kernels on the sphere."""
