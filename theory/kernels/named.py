"""Dot-product kernels: functions of the cosine t between two inputs of norm √d.

``kernels.ntk("relu", depth=4)`` is the tangent kernel of a net,
``kernels.from_expression(1/(2 - t))`` your own function, and ``parse`` reads the text
that ``str`` gives.
"""

from collections.abc import Iterable
from functools import lru_cache

from theory.errors import OutOfDomain, meant
from theory.kernels.combined import PARTS, brackets
from theory.kernels.elementary import ELEMENTARY
from theory.kernels.kernel import FAMILIES, Kernel
from theory.numbers import integer

MAX_RANGE = 1000

ntk = ELEMENTARY["ntk"].read
nngp = ELEMENTARY["nngp"].read
polynomial = ELEMENTARY["polynomial"].read
inhomogeneous = ELEMENTARY["inhomogeneous"].read
geometric = ELEMENTARY["geometric"].read
power_series = ELEMENTARY["power_series"].read
exponential = ELEMENTARY["exponential"].read
gaussian = ELEMENTARY["gaussian"].read
laplace = ELEMENTARY["laplace"].read
arc_cosine = ELEMENTARY["arc_cosine"].read
from_expression = ELEMENTARY["expr"].read


@lru_cache(maxsize=256)
def parse(text: str) -> Kernel:
    """The kernel that a text such as ``ntk:relu:depth=4,bias_variance=0.01`` names.

    Raises
    ------
    OutOfDomain
        When the family, a parameter or a value is unknown or malformed.

    Examples
    --------
    >>> parse("ntk:relu:depth=4,bias_variance=0.01")
    ntk:relu:depth=4,weight_variance=2,bias_variance=0.01,input_variance=1
    >>> parse("expr:1/(2 - t)")(0)
    1/2
    """
    family, _, rest = text.strip().partition(":")
    if family not in FAMILIES:
        hint = meant(family, FAMILIES)
        raise OutOfDomain(
            f"kernel {text!r}: unknown family {family!r} (known: {', '.join(FAMILIES)}){hint}"
        )
    read = FAMILIES[family].read
    if family in PARTS:
        return read(*map(parse, brackets(rest)))
    if family == "expr":
        return read(rest)
    positional: list[str] = []
    if family in {"ntk", "nngp"} and rest and "=" not in rest.split(":")[0]:
        name, _, rest = rest.partition(":")
        positional.append(name)
    given: dict[str, str] = {}
    for part in filter(None, rest.split(",")):
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals or not value.strip():
            raise OutOfDomain(
                f"kernel {text!r}: {part!r} is not of the form name=value"
            )
        if key in given:
            raise OutOfDomain(f"kernel {text!r}: {key!r} is given twice")
        given[key] = value.strip()
    known = [name for name in _parameters(family) if name != "activation"]
    for key in given:
        if key not in known:
            listed = f"(known: {', '.join(known)}){meant(key, known)}"
            raise OutOfDomain(f"kernel {text!r}: unknown parameter {key!r} {listed}")
    return read(*positional, **given)


def parse_many(text: str) -> list[Kernel]:
    """Kernels of a text in which one parameter may be a range, as in ``depth=1..5``.

    Examples
    --------
    >>> [str(kernel) for kernel in parse_many("polynomial:degree=1..2")]
    ['polynomial:degree=1', 'polynomial:degree=2']
    """
    head, dots, tail = text.partition("..")
    if not dots or text.startswith("expr:"):
        return [parse(text)]
    before, _, first = head.rpartition("=")
    last, comma, after = tail.partition(",")
    start = integer(first, f"kernel {text!r}: start of the range")
    stop = integer(last, f"kernel {text!r}: end of the range", least=start)
    if stop - start >= MAX_RANGE:
        raise OutOfDomain(
            f"kernel {text!r}: a range of {stop - start + 1}; at most {MAX_RANGE}"
        )
    return [
        parse(f"{before}={value}{comma}{after}") for value in range(start, stop + 1)
    ]


def _parameters(family: str) -> Iterable[str]:
    return [name for name, _ in FAMILIES[family].read().parameters]
