"""A ``theory.py`` in the user's folder would be imported in place of ours.

The engine's packages are top-level names, so a file of the same name that comes earlier
on Python's path hides them, and every import after that fails for no visible reason.
Another distribution may bring the same names, and then overwrites our files.
"""

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution

PACKAGES = ("theory", "numerics", "verify")
OURS = "learnability"


def shadowing(package: str) -> Path | None:
    """The foreign file that ``import package`` would load, or None where all is well.

    Examples
    --------
    >>> shadowing("theory")
    """
    ours = Path(__file__).resolve().parents[2] / package
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


def foreign_owners(
    distributions: "Iterable[Distribution] | None" = None,
) -> dict[str, list[str]]:
    """Package → other installed distributions that bring it, with their versions.

    Parameters
    ----------
    distributions
        Those that are looked at; all that are installed, where none are given.

    Examples
    --------
    >>> foreign_owners([])
    {}
    """
    from importlib import metadata

    found: dict[str, set[str]] = {}
    for one in metadata.distributions() if distributions is None else distributions:
        if _normal(one.metadata["Name"]) == OURS:
            continue
        for package in _brought(one) & set(PACKAGES):
            found.setdefault(package, set()).add(
                f"{one.metadata['Name']} {one.version}"
            )
    return {package: sorted(names) for package, names in sorted(found.items())}


def overwritten(ours: "Distribution | None" = None) -> list[str]:
    """Installed files of the engine that are no longer what was installed.

    The installer's list of files has a hash for each. A clone that is installed as
    editable lists none of its own files, and nothing is found.

    Parameters
    ----------
    ours
        The distribution whose files are looked at; the installed one, unless given.
    """
    from base64 import urlsafe_b64encode
    from hashlib import sha256
    from importlib import metadata

    if ours is None:
        try:
            ours = metadata.distribution(OURS)
        except metadata.PackageNotFoundError:  # run from a folder, not installed
            return []
    found = []
    for file in ours.files or ():
        if file.parts[0] not in {*PACKAGES, OURS} or file.hash is None:
            continue
        try:
            now = sha256(Path(str(file.locate())).read_bytes()).digest()
        except OSError:
            found.append(f"{file} (missing)")
            continue
        if urlsafe_b64encode(now).rstrip(b"=").decode() != file.hash.value:
            found.append(str(file))
    return found


def _brought(distribution: "Distribution") -> set[str]:
    """The top-level names that a distribution installs."""
    named = (distribution.read_text("top_level.txt") or "").split()
    heads = {x.parts[0].removesuffix(".py") for x in distribution.files or ()}
    return {*named, *heads}


def _normal(name: str | None) -> str:
    """A distribution's name as indexes compare it."""
    return (name or "").lower().replace("_", "-").replace(".", "-")


def started_as_command() -> bool:
    """Whether Python is about to run the command line, which says it in its own way."""
    return Path(sys.argv[0] if sys.argv else "").stem in {"-m", "learnability"}
