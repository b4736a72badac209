"""Modules of one's own that are imported before a command runs.

What they register (a domain, an activation, a statistic, a question, a rule) is then
known to the command as to a script that imports them.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

VARIABLE = "LEARNABILITY_PLUGINS"
"""Names of modules or files, separated as in PATH; child processes inherit them."""
OPTION = "--plugin"


def taken_from(arguments: list[str]) -> list[str]:
    """The arguments without ``--plugin NAME``, whose names are remembered.

    Parameters
    ----------
    arguments
        The words of a command line; the option may stand anywhere, several times.

    Raises
    ------
    BadRequest
        When the option is last, without a name.
    """
    from learnability.errors import BadRequest

    rest: list[str] = []
    names = list(filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)))
    words = iter(arguments)
    for word in words:
        option, equals, name = word.partition("=")
        if option != OPTION:
            rest.append(word)
            continue
        name = name if equals else next(words, "")
        if not name:
            raise BadRequest(f"{OPTION}: a module or a file .py is missing after it")
        names.append(os.path.abspath(name) if name.endswith(".py") else name)
    if names:
        os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys(names))
    return rest


def load() -> None:
    """Import all plug-ins; one that was imported before is left as it is.

    Raises
    ------
    BadRequest
        When there is no such file or module, or its import fails.
    """
    from learnability.errors import BadRequest

    for name in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        try:
            _import(name)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise BadRequest(f"plug-in {name!r} cannot be imported: {why}") from error


def _import(name: str) -> None:
    if not name.endswith(".py"):
        importlib.import_module(name)
        return
    module = Path(name).stem
    if module in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(module, name)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[module] = made  # as any import does, for dataclasses and pickles
    try:
        spec.loader.exec_module(made)
    except BaseException:
        del sys.modules[module]
        raise
