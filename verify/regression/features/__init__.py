"""Regression with random features: drawn, fitted, and its variance taken apart."""
