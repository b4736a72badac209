"""Figures for papers, each a function that returns a Matplotlib figure."""

from learnability.figure.named import (
    conservation,
    heatmap,
    learning_curves,
    phase_diagram,
    spectra,
    theory_error,
)

__all__ = [
    "conservation",
    "heatmap",
    "learning_curves",
    "phase_diagram",
    "spectra",
    "theory_error",
]
