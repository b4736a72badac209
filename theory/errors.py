"""Every error of the engine is a sentence: what was given, what is allowed, what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: object, known: Iterable[str]) -> str:
    """What ends the message on an unknown name: the question that helps, or nothing.

    Examples
    --------
    >>> meant("hypercub", ["hypercube", "sphere"]), meant("zzz", ["sphere"])
    ("; did you mean 'hypercube'?", '')
    """
    near = get_close_matches(str(word).lower(), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


class LearnabilityError(Exception):
    """Whatever the four packages raise on purpose: a sentence that says what to do."""


class EngineError(LearnabilityError):
    """Whatever theory and its numbers refuse."""


class OutOfDomain(EngineError, ValueError):
    """An argument lies outside what a definition allows."""


class NotEvaluable(EngineError, TypeError):
    """An expression holds something that an interpreter has no rule for."""


class NoConvergence(EngineError, ArithmeticError):
    """The digits or the root that were asked for could not be reached."""


class NotPositiveDefinite(EngineError, ValueError):
    """A kernel has a negative eigenvalue where positive semi-definiteness is needed."""


class Unsupported(EngineError, NotImplementedError):
    """What was asked has a meaning, and the engine does not do it; never an accident."""


class Disagreement(EngineError, ArithmeticError):
    """Two ways to one number contradict each other, or a comparison is undecided."""
