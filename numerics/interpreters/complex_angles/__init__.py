"""Kernels at complex angles, on boxes: analytic and bounded, or refused."""
