"""The domains that have a name, and how the name is read."""

from importlib import import_module
from typing import Any

from theory.domains.domain import Domain
from theory.errors import OutOfDomain, meant

KNOWN: dict[str, type[Domain]] = {}
PROVIDED: dict[str, tuple[str, str]] = {}
"""Name → a module that registers the domain when its text is read, and how it is spelled."""


def provide(name: str, module: str, spelling: str) -> None:
    """Name a module that is imported when a domain's text is met and not yet known."""
    PROVIDED[name] = module, spelling


def register(domain: Any = None, *, name: str | None = None) -> Any:
    """Give a class of domains a name, so that its text is understood everywhere.

    A decorator; the name is the class's ``kind`` unless another one is given.

    Raises
    ------
    OutOfDomain
        When the class is no Domain, or another one has that name.
    """
    if domain is None:
        return lambda cls: register(cls, name=name)
    if not (isinstance(domain, type) and issubclass(domain, Domain)):
        raise OutOfDomain(
            f"domain = {domain!r}: a class is needed that derives from Domain"
        )
    name = getattr(domain, "kind", None) if name is None else name
    if not isinstance(name, str) or not name.isidentifier():
        raise OutOfDomain(
            f"kind = {name!r} of {domain.__name__}: a word such as 'hypercube' is needed"
        )
    taken = KNOWN.get(name)
    if taken is not None and taken.__qualname__ != domain.__qualname__:
        raise OutOfDomain(f"kind = {name!r} is the name of {taken.__name__} already")
    KNOWN[name] = domain
    return domain


def parse(text: str) -> Domain:
    """The domain that ``hypercube:8``, ``sphere:10``, ``circle`` or ``circle:256`` names.

    Raises
    ------
    OutOfDomain
        When the name is unknown or its number malformed.

    Examples
    --------
    >>> parse("circle:256").last_level
    128
    """
    name, colon, number = text.strip().partition(":")
    if name in PROVIDED and name not in KNOWN:
        import_module(PROVIDED[name][0])
    domain = KNOWN.get(name)
    try:
        found = None if domain is None else domain.read(number if colon else None)
    except OutOfDomain as error:
        raise OutOfDomain(f"domain {text!r}: {error}") from None
    if found is None:
        spelled = [x for known in KNOWN.values() for x in known.spellings]
        spelled += [x for name, (_, x) in PROVIDED.items() if name not in KNOWN]
        listed = ", ".join([*spelled, "levels:FILE"])
        names = {x.partition(":")[0] for x in spelled} - {name}
        raise OutOfDomain(
            f"domain {text!r} is unknown (known: {listed}){meant(name, names)}"
        )
    return found


def nothing_registered(domain: Domain, what: str, where: str) -> str:
    """The sentence of a refusal: what is missing for a kind, and where it goes.

    Examples
    --------
    >>> from theory.domains import Hypercube
    >>> nothing_registered(Hypercube(3), "no draws", "verify.regression.register")
    "hypercube:3: no draws for the kind 'hypercube'; verify.regression.register adds them"
    """
    return f"{domain}: {what} for the kind {domain.kind!r}; {where} adds them"
