"""Optional packages: a missing one is one line that says what to install."""

from importlib.util import find_spec

from theory.errors import EngineError


class MissingExtra(EngineError, ImportError):
    """A package that an optional part of the engine needs is not installed."""


def require(package: str, extra: str, what: str) -> None:
    """Refuse, in one line, what needs a package that is missing.

    Raises
    ------
    MissingExtra
        Naming the command that installs it.

    Examples
    --------
    >>> try:
    ...     require("no_such_package", "verify", "strategies")
    ... except MissingExtra as error:
    ...     print(error)
    strategies need no_such_package: pip install "learnability[verify]"
    """
    if find_spec(package) is None:
        raise MissingExtra(
            f'{what} need {package}: pip install "learnability[{extra}]"'
        )
