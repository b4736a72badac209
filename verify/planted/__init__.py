"""Faults planted in the code on purpose, and whether what should notice them does."""
