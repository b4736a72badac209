"""Eigenvalues at large level k or in large dimension d."""
