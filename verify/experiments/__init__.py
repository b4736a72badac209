"""Published experiments as specifications: theory, kernel regression, nets, verdicts."""

from verify.experiments.curves import Curves, curves
from verify.experiments.judgement import Judgement, judge
from verify.experiments.outcome import Outcome, measure
from verify.experiments.specification import EXPERIMENTS, Experiment, Margins, fig1

__all__ = [
    "EXPERIMENTS",
    "Curves",
    "Experiment",
    "Judgement",
    "Margins",
    "Outcome",
    "curves",
    "fig1",
    "judge",
    "measure",
]
