"""Published experiments as specifications: theory, kernel regression, nets, verdicts.

An experiment is a frozen dataclass: it is checked, measured and examined. The published
ones come by name, one's own from a few fields, here or in a TOML file.
"""

from verify.experiments.base import (
    Experiment,
    canonical,
    description,
    digest,
    from_description,
    from_json,
    kinds,
)
from verify.experiments.catalog import CATALOG, experiment
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.judgement import Control, JudgedCurve, Judgement
from verify.experiments.learning import LearningCurves, Margins
from verify.experiments.measurements import Measurements, Sample
from verify.experiments.net import Net
from verify.experiments.picture import Axes, Bar, Picture, PlottedSeries

__all__ = [
    "CATALOG",
    "Axes",
    "Bar",
    "Control",
    "ErrorRow",
    "Experiment",
    "Findings",
    "Heading",
    "JudgedCurve",
    "Judgement",
    "LearningCurves",
    "Margins",
    "Measurements",
    "Net",
    "Picture",
    "PlottedSeries",
    "Rows",
    "Sample",
    "canonical",
    "description",
    "digest",
    "experiment",
    "from_description",
    "from_json",
    "kinds",
]
