"""Activations as functions: their breaks, their stable forms, and those given as code."""
