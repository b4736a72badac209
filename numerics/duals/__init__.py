"""Duals of activations as numbers: Gaussian integrals in float64, tables, their errors."""
