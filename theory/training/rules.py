"""All training rules by their text: filters, and online gradient descent."""

from typing import Any

from theory.errors import OutOfDomain, meant
from theory.training.filters import FILTERS, Filter, parse
from theory.training.online import OnlineDescent


def read_rule(value: Any) -> Filter | OnlineDescent:
    """A rule from its text, from a function h(s, τ), or a rule as it is.

    Raises
    ------
    OutOfDomain
        When the name or a parameter is unknown, missing, or out of range.

    Examples
    --------
    >>> read_rule("flow").unit, read_rule("sgd:rate=1/2").unit
    ('time', 'steps')
    """
    if isinstance(value, OnlineDescent):
        return value
    if isinstance(value, str):
        name = value.strip().partition(":")[0]
        if name == OnlineDescent.name:
            return OnlineDescent.parse(value.strip())
        if name not in FILTERS and name != "expr":
            names = [*FILTERS, OnlineDescent.name]
            known = ", ".join([*names, "expr:h(s, tau)"])
            raise OutOfDomain(
                f"rule = {value!r} is unknown (known: {known}){meant(name, names)}"
            )
    return parse(value)
