"""What can be asked of the predictor beyond spectrum, target, n, ridge and noise."""

from theory.statistics.questions.question import QUESTIONS, Question
from theory.statistics.questions.sampling import SAMPLING
from theory.statistics.questions.training_time import RULE, TIME
from theory.statistics.questions.width import WIDTH

__all__ = ["QUESTIONS", "RULE", "SAMPLING", "TIME", "WIDTH", "Question"]
