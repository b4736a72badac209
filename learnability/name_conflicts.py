"""A ``theory.py`` in the user's folder would be imported in place of ours.

The engine's packages are top-level names, so a file of the same name that comes earlier
on Python's path hides them, and every import after that fails for no visible reason.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("theory", "numerics", "verify")


def shadowing(package: str) -> Path | None:
    """The foreign file that ``import package`` would load, or None where all is well.

    Examples
    --------
    >>> shadowing("theory")
    """
    ours = Path(__file__).resolve().parent.parent / package
    module = sys.modules.get(package)
    if module is not None:
        found = getattr(module, "__file__", None)
    else:
        spec = find_spec(package)
        found = None if spec is None else spec.origin
    if found is None or Path(found).resolve().parent == ours:
        return None
    return Path(found)


def complaint() -> str | None:
    """One line that names the file in the way, or None.

    Examples
    --------
    >>> complaint()
    """
    for package in PACKAGES:
        path = shadowing(package)
        if path is not None:
            return (
                f"{path} hides learnability's own package {package!r}; "
                "rename it, or start from another folder"
            )
    return None


def started_as_command() -> bool:
    """Whether Python is about to run the command line, which says it in its own way."""
    return Path(sys.argv[0] if sys.argv else "").stem in {"-m", "learnability"}
