"""What can be asked of the predictor beyond spectrum, target, n, ridge and noise."""

from theory.statistics.questions.question import QUESTIONS, Question
from theory.statistics.questions.sampling import SAMPLING

__all__ = ["QUESTIONS", "SAMPLING", "Question"]
