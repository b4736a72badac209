"""Training that stops: the time τ, and the rule that is followed until then.

The predictor is K_xD g(K_DD) y with the rule's residual function h(s, τ) = 1 − s g(s). Its
statistics are contour integrals over ridges (``theory.training.filtered_regression``), so no
constant C stands beside them.
"""

from theory.statistics.questions.question import QUESTIONS, Question
from theory.statistics.questions.sampling import PUBLISHED
from theory.training.rules import read_rule

TIME = QUESTIONS.register(
    Question(
        name="time",
        says="How long training lasts: time of gradient flow, steps, or rounds.",
        neutral=None,
        read=lambda value: value,
        equations=lambda _: PUBLISHED,
        without_meaning=frozenset({"C"}),
        per_case=True,
        adds={"residual_trace": "filtered_trace"},
    )
)
RULE = QUESTIONS.register(
    Question(
        name="rule",
        says="The training rule, by its residual function of the eigenvalues of K_DD.",
        neutral=None,
        read=read_rule,
        equations=lambda _: PUBLISHED,
        without_meaning=frozenset({"C"}),
    )
)
