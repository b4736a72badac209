"""Any generated case as Python code that makes it again, with its imports."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from flint import fmpq, fmpq_mat
from sympy import Basic, srepr

from theory.kernels import Kernel

EVERYTHING = "from verify.exact import *"
IN_FACE = ("Problem", "Gram")
"""Classes that ``verify.exact`` has."""


def pasteable(value: Any) -> str:
    """Imports and an expression, on lines of their own.

    Examples
    --------
    >>> print(pasteable((fmpq(1, 2), [3])))
    from flint import fmpq
    from verify.exact import *
    (fmpq(1, 2), [3])
    """
    imports = {EVERYTHING}
    written = _code(value, imports)
    return "\n".join([*sorted(imports), written])


def _code(value: Any, imports: set[str]) -> str:
    match value:
        case fmpq():
            imports.add("from flint import fmpq")
            return f"fmpq({value.p}, {value.q})"
        case fmpq_mat():
            imports.add("from flint import fmpq_mat")
            entries = ", ".join(_code(x, imports) for x in value.entries())
            return f"fmpq_mat({value.nrows()}, {value.ncols()}, [{entries}])"
        case Kernel():
            imports.add("from theory import kernels")
            return f"kernels.parse({str(value)!r})"
        case Basic():
            imports.add("from sympy import *")
            return srepr(value)
        case tuple():
            inside = ", ".join(_code(x, imports) for x in value)
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case list():
            return "[" + ", ".join(_code(x, imports) for x in value) + "]"
        case Mapping():
            pairs = (
                f"{_code(a, imports)}: {_code(b, imports)}" for a, b in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
    return _object(value, imports)


def _object(value: Any, imports: set[str]) -> str:
    """An object by its own code; a plain record by its fields."""
    cls = type(value)
    if not is_dataclass(value):
        return repr(value)
    if cls.__name__ not in IN_FACE:
        imports.add(f"from {cls.__module__} import {cls.__name__}")
    spelled = not hasattr(cls.__repr__, "__wrapped__")  # a repr that dataclass wrote is
    if spelled and not repr(value).startswith("<"):
        return repr(value)
    given = (
        f"{f.name}={_code(getattr(value, f.name), imports)}" for f in fields(value)
    )
    return f"{cls.__name__}({', '.join(given)})"
