"""One reader of targets: level powers, a written function, a function, values at points."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numerics.targets.level_powers import level_powers
from numerics.targets.target_function import TargetFunction
from numerics.targets.written_functions import written_function
from numerics.targets.written_powers import powers_of_text
from theory.errors import OutOfDomain, Unsupported
from theory.numbers import integer, rational, shortened

EXPRESSIONS = ("expr", "function")
MAX_FILE_BYTES = 64 << 20


def is_written_function(text: str) -> bool:
    """Whether text is a function or values, and not level powers.

    Examples
    --------
    >>> is_written_function("expr:x1*x2"), is_written_function("1=1,3")
    (True, False)
    """
    head, colon, _ = text.partition(":")
    return bool(colon) and head.strip() in (*EXPRESSIONS, "values")


def read_target(
    given: Any, domain: Any = None, argument: str = "target"
) -> TargetFunction:
    """A target from whatever it is given as.

    Parameters
    ----------
    given
        Level → power; text: ``1=1,3=1/2``, ``expr:`` and a function of x1, x2, … (of
        theta on the circle), or ``values:FILE`` with a value for each point; a Python
        function of a point; or values on all points of a finite domain.
    domain
        The domain; None where there are only levels, which take level powers alone.
    argument
        What to call it in an error.

    Raises
    ------
    OutOfDomain
        When it is malformed, a level does not exist, a power is negative, or the target
        is 0 everywhere.
    Unsupported
        When a function has no finite list of level powers.

    Examples
    --------
    >>> from theory import Hypercube
    >>> read_target("expr:sign(x1 + x2 + x3)", Hypercube(8))
    {1: 3/4, 3: 1/4}
    >>> read_target("1,3=1/2", Hypercube(8))
    {1: 1, 3: 1/2}
    """
    if isinstance(given, TargetFunction) and given.domain in (None, domain):
        return (
            given if given.domain is not None else _of_powers(given, domain, argument)
        )
    if isinstance(given, str) and not is_written_function(given):
        given = powers_of_text(given, argument)
    if isinstance(given, Mapping):
        return _of_powers(given, domain, argument)
    if domain is None or domain.free_symbols:
        where = "given levels" if domain is None else str(domain)
        raise OutOfDomain(
            f"{argument}: {where} takes level powers, LEVEL=POWER; a function needs points"
        )
    if isinstance(given, str):
        given = _of_text(given, domain, argument)
    elif not callable(given) and not hasattr(given, "__len__"):
        raise OutOfDomain(
            f"{argument} = {given!r:.80} must be level powers such as {{1: 1}}, a "
            "function, or values on all points"
        )
    found = level_powers(given, domain)
    if not found:
        raise OutOfDomain(f"{argument}: the function vanishes on the whole domain")
    return found


def _of_text(text: str, domain: Any, argument: str) -> Any:
    head, _, body = text.partition(":")
    if head.strip() in EXPRESSIONS:
        return written_function(body.strip(), domain, argument)
    return _values_of_file(Path(body.strip()), argument)


def _of_powers(given: Mapping[Any, Any], domain: Any, argument: str) -> TargetFunction:
    if not given:
        raise OutOfDomain(f"{argument} = {{}}: at least one level needs power")
    top: Any = None if domain is None else domain.last_level
    most = int(top) if getattr(top, "is_Integer", False) else None
    powers = {}
    for level, power in given.items():
        index = integer(level, "target level", most=most)
        powers[index] = rational(
            power, f"power of target level {shortened(level)}", least=0
        )
    if sum(powers.values()) == 0:
        raise OutOfDomain(
            f"{argument} = {dict(given)}: its power is 0, so nothing can be learned"
        )
    return TargetFunction(powers, domain)


def _values_of_file(path: Path, argument: str) -> list[Any]:
    """One number for each line, in the order of the domain's points."""
    try:
        if not path.is_file():
            raise OutOfDomain(f"{argument}: values:{path} is no file")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Unsupported(
                f"{argument}: values:{path} is larger than {MAX_FILE_BYTES >> 20} MiB"
            )
        lines = path.read_text("utf-8-sig").split()
    except (OSError, ValueError) as error:
        if isinstance(error, OutOfDomain | Unsupported):
            raise
        raise OutOfDomain(
            f"{argument}: values:{path} cannot be read ({error})"
        ) from None
    values = []
    for number, line in enumerate(lines, 1):
        try:
            values.append(rational(line, "value"))
        except OutOfDomain as error:
            raise OutOfDomain(
                f"{argument}: values:{path}, number {number}: {error}"
            ) from None
    return values
