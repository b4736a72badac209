"""An experiment is data: what is predicted, what is sampled, and what would refute it.

Every kind of experiment is a frozen dataclass whose fields are its specification. It is
checked before anything runs; its canonical JSON is its identity, and a results folder
belongs to one. ``measure`` runs what its folder does not hold yet; ``examine`` turns
measurements into verdicts, a figure and tables, and may be called again at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

from theory import OutOfDomain
from theory.errors import meant
from theory.numbers import integer
from verify.experiments.findings import Findings
from verify.experiments.measurements import Measurements

FORMAT = 2
Tell = Callable[[str, float, str], object]
"""Called with the stage, the fraction done, and a line of text."""


def silent(stage: str, fraction: float, text: str) -> None:
    """The default progress callback: does nothing."""
    del stage, fraction, text


@dataclass(frozen=True)
class Experiment:
    """What command line, files, figures and tables need of any experiment.

    A kind of experiment is a frozen dataclass derived from it, whose fields specify what
    is run. How it is measured and examined stands in the ``Kind`` registered for it.

    Attributes
    ----------
    name, title
        Permanent name, and a line for people.
    seed
        Fixes data sets and initial parameters, and nothing else.
    """

    name: str
    title: str = ""
    seed: int = 0

    kind: ClassVar[str]
    PARTS: ClassVar[dict[str, type]] = {}

    @property
    def trains(self) -> bool:
        """Whether nets are trained, so that JAX is needed."""
        return False

    def preflight(self) -> tuple[str, ...]:
        """Refuse what no run of this size could decide; remarks on what is only weak."""
        return _KINDS[self.kind].preflight(self)

    def measure(
        self, folder: Path, tell: Tell = silent, device: str | None = None
    ) -> Measurements:
        """Run what the folder does not hold yet; may be interrupted at any moment."""
        return _KINDS[self.kind].measure(self, folder, tell, device)

    def examine(self, measured: Measurements) -> Findings:
        """Compare measurements with theory; runs nothing."""
        return _KINDS[self.kind].examine(self, measured)


@dataclass(frozen=True)
class Kind:
    """A kind of experiment: its specification, and what is done with one.

    Attributes
    ----------
    specification
        The dataclass; its ``kind`` is the name that specifications use.
    measure, examine, preflight
        What the methods of ``Experiment`` do; without ``preflight`` nothing is sampled,
        and so nothing can be too few.
    measures
        Names of the formulas whose values are compared with what is measured.
    """

    specification: type[Experiment]
    measure: Callable[[Any, Path, Tell, str | None], Measurements]
    examine: Callable[[Any, Measurements], Findings]
    preflight: Callable[[Any], tuple[str, ...]] = lambda _: ()
    measures: tuple[str, ...] = ()


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let specifications name a kind of experiment."""
    _KINDS[kind.specification.kind] = kind


def measures(experiment: Experiment) -> tuple[str, ...]:
    """Names of the formulas that an experiment of this kind measures."""
    return _KINDS[experiment.kind].measures


def kinds() -> tuple[str, ...]:
    """The kinds that a specification may name."""
    return tuple(_KINDS)


def description(experiment: Any) -> dict[str, Any]:
    """Everything that determines an experiment's numbers and verdicts, as plain data."""
    return {"format": FORMAT, "kind": experiment.kind, **asdict(experiment)}


def canonical(experiment: Any) -> str:
    """Canonical JSON of the description."""
    return json.dumps(description(experiment), sort_keys=True, ensure_ascii=False)


def digest(experiment: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(experiment).encode()).hexdigest()


def from_description(values: Mapping[str, Any], where: str = "specification") -> Any:
    """An experiment from plain data, as JSON or TOML hold it.

    Raises
    ------
    OutOfDomain
        When it is of another format or kind, lacks a field or has an unknown one; what is
        wrong is named.

    Examples
    --------
    >>> from_description({"kind": "learning curves", "sizse": [2]})
    Traceback (most recent call last):
        ...
    theory.errors.OutOfDomain: specification: unknown field 'sizse'; did you mean 'sizes'?
    """
    given = dict(values)
    version = given.pop("format", FORMAT)
    if version != FORMAT:
        raise OutOfDomain(
            f"{where}: format {version!r}; this version reads format {FORMAT}"
        )
    name = given.pop("kind", "learning curves")
    if name not in _KINDS:
        raise OutOfDomain(
            f"{where}: kind {name!r} is unknown (known: {', '.join(_KINDS)})"
            f"{meant(name, _KINDS)}"
        )
    return _build(_KINDS[name].specification, given, where)


def from_json(text: str, where: str = "specification") -> Any:
    """An experiment from the text of its description.

    Raises
    ------
    OutOfDomain
        When it is no JSON object, or none that ``from_description`` takes.
    """
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise OutOfDomain(f"{where} is no JSON object")
    return from_description(values, where)


def _build(cls: Any, values: Mapping[str, Any], where: str) -> Any:
    known = {f.name: f for f in fields(cls)}
    for name in values:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = (
                f"did you mean {near[0]!r}?"
                if near
                else f"known: {', '.join(sorted(known))}"
            )
            raise OutOfDomain(f"{where}: unknown field {name!r}; {hint}")
    parts = getattr(cls, "PARTS", {})
    ready = {}
    for name, value in values.items():
        part = parts.get(name)
        if isinstance(value, list | tuple):
            value = tuple(
                _part(part, item, f"{where}, {name}") if part else item
                for item in value
            )
        elif part is not None and value is not None:
            value = _part(part, value, f"{where}, {name}")
        ready[name] = value
    try:
        return cls(**ready)
    except TypeError as error:
        raise OutOfDomain(
            f"{where}: {str(error).removeprefix(f'{cls.__name__}.__init__() ')}"
        ) from None


def _part(cls: Any, value: Any, where: str) -> Any:
    if is_dataclass(value):
        return value
    if not isinstance(value, Mapping):
        raise OutOfDomain(
            f"{where} = {value!r}: a table of {', '.join(f.name for f in fields(cls))}"
        )
    return _build(cls, value, where)


def whole_numbers(experiment: Any, least: Mapping[str, int]) -> None:
    """Check fields that are whole numbers, and store them as ``int``.

    Raises
    ------
    OutOfDomain
        Naming the field, its value and the least that is allowed.
    """
    for name, low in least.items():
        value = integer(getattr(experiment, name), name, least=low)
        object.__setattr__(experiment, name, value)


def rising(values: Any, name: str, least: int, most: int | None) -> tuple[int, ...]:
    """One or more different whole numbers in rising order.

    Raises
    ------
    OutOfDomain
        When there is none, or one is out of range or out of order.

    Examples
    --------
    >>> rising([2, 4], "sizes", 1, 8)
    (2, 4)
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise OutOfDomain(f"{name} = {values!r} must be a list of whole numbers")
    numbers = tuple(
        integer(v, name, least=least, most=most)
        if most is not None
        else integer(v, name, least=least)
        for v in values
    )
    if not numbers or list(numbers) != sorted(set(numbers)):
        raise OutOfDomain(
            f"{name} = {list(numbers)} must be one or more different numbers, rising"
        )
    return numbers


def positive(experiment: Any, *names: str) -> None:
    """Check fields that are positive finite numbers, and store them as ``float``.

    Raises
    ------
    OutOfDomain
        Naming the field and its value.
    """
    for name in names:
        value = getattr(experiment, name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise OutOfDomain(f"{name} = {value!r} must be a positive number")
        if not 0 < value < float("inf"):
            raise OutOfDomain(f"{name} = {value!r} must be a positive finite number")
        object.__setattr__(experiment, name, float(value))


class PositiveFields:
    """A dataclass of positive numbers, such as the margins that count as agreement."""

    def __post_init__(self) -> None:
        """Check every field."""
        positive(self, *(f.name for f in fields(self)))  # type: ignore[arg-type]
