"""Spectra, C and statistics in JAX: compiled, batched, differentiable."""
