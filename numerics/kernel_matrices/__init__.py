"""Kernel matrices in float64."""
