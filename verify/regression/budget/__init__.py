"""How much of a gap between theory and measurement is due to what.

``regression_budget`` splits the gap of kernel regression, ``net_budget`` goes on to
trained nets. A ``Budget`` is a statistic of one target: what theory said, what was
measured, and ``Part``s between them, each measured by itself on data sets of its own;
they add up to the gap within their errors, or ``adds_up`` says that they do not.

>>> from verify.regression.budget import Budget, Part
>>> from verify.regression import Mean
>>> parts = (Part("finite data", 0.01, 0.002), Part("finite domain", 0.02, 0.001))
>>> print(Budget("learnability", "1", 0.5, Mean(0.531, 0.002, 900), parts))
learnability of 1: theory 0.5, measured 0.5310(20), gap +0.0310(20)
    finite data         +0.0100(20)
    finite domain       +0.0200(10)
    sum of parts        +0.0300(22), adds up: gap − sum = 0.3 standard errors
"""

from verify.regression.budget.error_budget import Budget, Part
from verify.regression.budget.nets import net_budget, stopped
from verify.regression.budget.regression import regression_budget

__all__ = ["Budget", "Part", "net_budget", "regression_budget", "stopped"]
