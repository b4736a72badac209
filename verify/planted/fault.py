"""A fault: a place in a source file, what stands there instead, and who must notice.

The file on disk is never touched. A process that is to run with the fault calls
``plant`` before the module is imported; the module's source is changed on its way in.
Nothing of the packages is imported here, so that every module can have a fault.
"""

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

TOP = Path(__file__).resolve().parents[2]
"""The folder of the four packages."""


class BadFault(ValueError):
    """A fault that cannot be planted: its place is lost, or it changes nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes
    ----------
    file
        Path of the module below the folder of the packages.
    place, change
        A text that occurs once in the file, and what stands there instead.
    kind
        What sort of mistake it is.
    noticed_by
        The id of the test, or the name of the claim, that must fail.

    Examples
    --------
    >>> fault = Fault("theory/errors.py", "class", "def", "syntax", "nobody")
    >>> fault.module
    'theory.errors'
    """

    file: str
    place: str
    change: str
    kind: str
    noticed_by: str

    @property
    def module(self) -> str:
        """Name of the module that has the fault."""
        parts = Path(self.file).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def words(self) -> str:
        """Where and what, in a line."""
        short = lambda text: " ".join(text.split())
        return f"{self.file}: {short(self.place)} → {short(self.change) or 'nothing'}"

    def planted(self, source: str) -> str:
        """The source with the fault.

        Raises
        ------
        BadFault
            When the place is not in the source exactly once, so that the list of faults
            has to be brought up to date.

        Examples
        --------
        >>> Fault("f.py", "a + b", "a - b", "sign", "test").planted("x = a + b")
        'x = a - b'
        """
        count = source.count(self.place)
        if count != 1:
            raise BadFault(
                f"place = {self.place!r} stands {count} times in {self.file}, not once: "
                "bring this fault up to date with the code"
            )
        if self.change == self.place:
            raise BadFault(f"change = {self.change!r} in {self.file} changes nothing")
        return source.replace(self.place, self.change)


class ChangedSource(SourceFileLoader):
    """Loads one module from its source with the fault; no bytecode is read or kept."""

    fault: Fault

    def get_code(self, fullname: str) -> CodeType | None:
        """The code of the changed source."""
        path = self.get_filename(fullname)
        source = Path(path).read_text(encoding="utf-8")
        return compile(self.fault.planted(source), path, "exec", dont_inherit=True)


class FaultFinder(MetaPathFinder):
    """Finds the module of a fault, before all other finders."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The specification of that module with its changed source."""
        if fullname != self.fault.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return None
        loader = ChangedSource(fullname, spec.origin)
        loader.fault = self.fault
        spec.loader = loader
        return spec


def plant(fault: Fault) -> None:
    """Let this process import the module with the fault.

    Raises
    ------
    BadFault
        When the module is imported already, or the place is not there once.
    """
    if fault.module in sys.modules:
        raise BadFault(f"fault in {fault.file}: the module is imported already")
    fault.planted((TOP / fault.file).read_text(encoding="utf-8"))
    sys.meta_path.insert(0, FaultFinder(fault))


def read(path: Path) -> list[Fault]:
    """The faults that a TOML file lists, one ``[[fault]]`` each.

    Raises
    ------
    BadFault
        When the file is not such a list.
    """
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get("fault", [])
    try:
        return [Fault(**row) for row in rows]
    except TypeError as error:
        raise BadFault(f"list = {path}: {error}") from error
