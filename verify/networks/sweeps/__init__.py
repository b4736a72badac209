"""Sweeps: cells in a folder, claimed and trained by any number of workers."""
