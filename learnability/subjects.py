"""What tables and figures are made of: every kernel on every domain, or own spectra.

Kernels and domains are objects or text, in any order, one or several: the same words as
on the command line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from learnability.wording import domain_words, kernel_parts, kernel_words

EXAMPLE_KERNEL = "ntk:relu:depth=4,bias_variance=0.01"
EXAMPLE_DOMAIN = "hypercube:8"
EXAMPLE_SIZES = (2, 3, 6, 12, 22, 41, 76, 139, 255)


Several = Annotated[Any, "several"]
"""An argument that may be one value or a list: the command line reads a list there."""


@dataclass(frozen=True)
class Subject:
    """A kernel on a domain, or a spectrum that was given.

    Attributes
    ----------
    kernel, domain
        What the spectrum belongs to; None for a spectrum of levels or of data.
    given
        The spectrum itself, where it was given; on data the eigensystem.
    label
        Its name, where it was given one.
    """

    kernel: Any = None
    domain: Any = None
    given: Any = None
    label: str = ""

    def spectrum(self, digits: int = 20, levels: Any = None) -> Any:
        """The spectrum; levels of a given one are those that it has."""
        if self.given is not None and self.domain is None:
            given = self.given
            return given.levels() if self.is_data else given
        from numerics import spectrum

        return spectrum(self.kernel, self.domain, levels=levels, digits=digits)

    @property
    def is_data(self) -> bool:
        """Whether it is the eigensystem of a kernel matrix, whose modes are no levels."""
        return hasattr(self.given, "eigenfunctions")

    def words(self, *, math: bool = False, domain: bool = True) -> str:
        """Its name for a legend; without its domain where all share it."""
        if self.label:
            return self.label
        if self.kernel is None:
            return "given levels"
        name = kernel_words(self.kernel, math=math)
        return f"{name}, {domain_words(self.domain)}" if domain else name


def subjects(
    given: Sequence[Any], kernels: Sequence[Any] = (), domains: Sequence[Any] = ()
) -> list[Subject]:
    """Every kernel on every domain that is given, and the spectra that are given.

    Parameters
    ----------
    given
        Kernels, domains and spectra, as objects or as text, in any order; lists of them.
    kernels, domains
        What is taken where none is given; the example's by default.

    Raises
    ------
    OutOfDomain
        When something is neither.

    Examples
    --------
    >>> [one.words() for one in subjects(["hypercube:8", "laplace"])]
    ['Laplace, width 1, 8-cube']
    >>> len(subjects(["sphere:3", ["ntk:relu:depth=1..3", "gaussian"]]))
    4
    """
    found: dict[str, list[Any]] = {"kernel": [], "domain": [], "spectrum": []}
    for one in _flat(given):
        for kind, value in _understood(one):
            if value not in found[kind]:
                found[kind].append(value)
    own: list[Subject] = found["spectrum"]
    if own and not found["kernel"] and not found["domain"]:
        return own
    functions = found["kernel"] or _objects(kernels or (EXAMPLE_KERNEL,))
    places = found["domain"] or _objects(domains or (EXAMPLE_DOMAIN,))
    pairs = [_pair(kernel, place) for place in places for kernel in functions]
    return [*pairs, *own]


def _pair(kernel: Any, place: Any) -> Subject:
    """A kernel on a domain; on data with the eigensystem of its kernel matrix."""
    if hasattr(place, "eigensystem"):
        return Subject(kernel, place, place.eigensystem(kernel))
    return Subject(kernel, place)


def one_subject(given: Sequence[Any], what: str, **defaults: Any) -> Subject:
    """The only subject of what shows one.

    Raises
    ------
    OutOfDomain
        When several are given.
    """
    found = subjects(given, **defaults)
    if len(found) != 1:
        from theory.errors import OutOfDomain

        raise OutOfDomain(f"{len(found)} pairs of kernel and domain; {what} shows one")
    return found[0]


def sizes(n: Any, most: Any, ridge: Any = 0) -> list[Any]:
    """The n that are asked for, or the published grid below the number of modes."""
    if n is not None:
        return several(n)
    return [n for n in EXAMPLE_SIZES if ridge != 0 or n < most]


def several(x: Any) -> list[Any]:
    """One or several values, as a list.

    Examples
    --------
    >>> several(3), several([1, 2]), several(range(2))
    ([3], [1, 2], [0, 1])
    """
    if isinstance(x, (str, bytes, dict)) or not hasattr(x, "__iter__"):
        return [x]
    return list(x)


def _flat(given: Any) -> list[Any]:
    out: list[Any] = []
    for one in given:
        if isinstance(one, (list, tuple)) or (
            isinstance(one, dict) and one and all(isinstance(k, str) for k in one)
        ):
            out += [
                Subject(given=_spectrum(value), label=name)
                for name, value in one.items()
            ] if isinstance(one, dict) else _flat(one)  # fmt: skip
        else:
            out.append(one)
    return out


def _spectrum(value: Any) -> Any:
    from theory.errors import OutOfDomain

    if not _is_spectrum(value):
        raise OutOfDomain(
            f"{value!r} is no spectrum; make one with spectrum(kernel, domain)"
        )
    return value


def _is_spectrum(value: Any) -> bool:
    return hasattr(value, "eigenvalues") or hasattr(value, "tail_mass")


def _objects(given: Sequence[Any]) -> list[Any]:
    return [value for one in _flat(given) for _, value in _understood(one)]


def _understood(one: Any) -> list[tuple[str, Any]]:
    """What one argument is: kernels (a range names several), a domain or a spectrum."""
    from sympy import Expr

    from learnability.data_texts import know_data
    from theory import domains as known
    from theory.errors import OutOfDomain
    from theory.kernels import FAMILIES, Kernel, from_expression, parse_many

    if isinstance(one, Subject):
        return [("spectrum", one)]
    if isinstance(one, str):
        if one.partition(":")[0] in FAMILIES:
            return [("kernel", kernel) for kernel in parse_many(one)]
        if one.startswith("levels:"):
            from pathlib import Path

            from learnability.cli.inputs import from_file

            path = one.partition(":")[2]
            return [("spectrum", Subject(given=from_file(Path(path)), label=one))]
        know_data()
        return [("domain", known.parse(one))]
    if isinstance(one, Kernel):
        return [("kernel", one)]
    if isinstance(one, Expr):
        return [("kernel", from_expression(one))]
    if _is_spectrum(one):
        source = getattr(one, "source", None) or one
        kernel = getattr(source, "kernel", None)
        label = getattr(one, "name", "")
        if kernel is not None:
            where = domain_words(source.domain)
            label = f"{kernel_words(kernel, math=True)}, {where}"
        return [("spectrum", Subject(given=one, label=label))]
    if hasattr(one, "eigenvalue"):
        return [("domain", one)]
    raise OutOfDomain(f"{one!r} is no kernel, domain or spectrum")


def shared_words(chosen: Sequence[Subject]) -> tuple[str, list[str]]:
    """What all subjects share, for a caption; and what tells them apart, for heads.

    Examples
    --------
    >>> shared_words(subjects(["hypercube:8", "ntk:relu:depth=1..2"]))
    ('ReLU NTK, 8-cube', ['1 layer', '2 layers'])
    >>> shared_words(subjects(["hypercube:8", "laplace"]))
    ('Laplace, width 1, 8-cube', [''])
    """
    parts = []
    for one in chosen:
        if one.label or one.kernel is None:
            parts.append([one.words()])
        else:
            where = [domain_words(one.domain)] if one.domain else []
            parts.append([*kernel_parts(one.kernel), *where])
    common = [x for x in parts[0] if all(x in other for other in parts)]
    names = [", ".join(x for x in own if x not in common) for own in parts]
    return ", ".join(common) or "several kernels", names
