"""Figures for papers: each a function with keywords, which returns a Matplotlib figure.

They are what ``learnability figure NAME`` writes; its options are these keywords.
Kernels and domains are objects or text, in any order; whatever is not given has a
published default. A figure shows itself in a notebook; ``ax=`` draws on axes of yours.

>>> from learnability.figure import conservation
>>> picture = conservation("exponential", "hypercube:3", n=[1, 4, 7])
>>> picture.save("bars.pdf")                                       # doctest: +SKIP
>>> print(picture.table.rows[0][0])
1
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from learnability.figure.conservation_plot import conservation
    from learnability.figure.heatmap_plot import heatmap
    from learnability.figure.learning_curve_plot import learning_curves
    from learnability.figure.phase_plot import phase_diagram
    from learnability.figure.picture import PaperFigure
    from learnability.figure.regression.double_descent_plot import double_descent
    from learnability.figure.regression.finite_width_plot import finite_width
    from learnability.figure.regression.learned_function_plot import learned_function
    from learnability.figure.regression.training_plot import training_time
    from learnability.figure.spectra_plot import spectra
    from learnability.figure.theory_error_plot import theory_error

FIGURES = {
    "learning-curves": "learning_curve_plot",
    "spectra": "spectra_plot",
    "conservation": "conservation_plot",
    "heatmap": "heatmap_plot",
    "phase-diagram": "phase_plot",
    "theory-error": "theory_error_plot",
    "learned-function": "regression.learned_function_plot",
    "double-descent": "regression.double_descent_plot",
    "finite-width": "regression.finite_width_plot",
    "training-time": "regression.training_plot",
}
"""Name on the command line → module; the function has the name with underscores."""
_HOME = {name.replace("-", "_"): home for name, home in FIGURES.items()}
_HOME["PaperFigure"] = "picture"

__all__ = [
    "PaperFigure",
    "conservation",
    "double_descent",
    "finite_width",
    "heatmap",
    "learned_function",
    "learning_curves",
    "phase_diagram",
    "spectra",
    "theory_error",
    "training_time",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
