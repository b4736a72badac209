"""Closed forms on the hypercube {±1}^d."""
