"""The words of the running command, for captions that say how to make it again."""

from contextvars import ContextVar

words: ContextVar[tuple[str, ...]] = ContextVar("words", default=())


def command() -> list[str]:
    """The command line as words, its name first."""
    return ["learnability", *words.get()]
