"""Kernels that are nearly the right one: what a control believes to learn."""

from collections.abc import Mapping
from typing import Any

from sympy import Rational

from theory import Kernel, OutOfDomain, kernels


def changed(kernel: Kernel, family: str | None = None, **parameters: Any) -> Kernel:
    """The kernel with another family or other parameters.

    Raises
    ------
    OutOfDomain
        When the family has no such parameter.

    Examples
    --------
    >>> str(changed(kernels.gaussian(1), width=2))
    'gaussian:width=2,input_variance=1'
    """
    values: Mapping[str, Any] = dict(kernel.parameters) | parameters
    given = {name: value for name, value in values.items() if name != "activation"}
    head = [values["activation"]] if "activation" in values else []
    name = family or kernel.family
    try:
        return kernels.FAMILIES[name].read(*head, **given)
    except TypeError as error:
        raise OutOfDomain(f"kernel family {name!r}: {error}") from None


def other_nets(kernel: Kernel) -> dict[str, Kernel]:
    """Kernels of nets that differ in family, or by one layer; none of other kernels.

    Examples
    --------
    >>> list(other_nets(kernels.ntk("relu", depth=2)))
    ['NNGP for NTK', 'one layer more', 'one layer less']
    >>> other_nets(kernels.gaussian(1))
    {}
    """
    if kernel.family not in ("ntk", "nngp"):
        return {}
    other = "nngp" if kernel.family == "ntk" else "ntk"
    depth = int(kernel["depth"])
    found = {
        f"{other.upper()} for {kernel.family.upper()}": changed(kernel, other),
        "one layer more": changed(kernel, depth=depth + 1),
    }
    if depth > 1:
        found["one layer less"] = changed(kernel, depth=depth - 1)
    return found


def other_norm(kernel: Kernel, d: int) -> dict[str, Kernel]:
    """The kernel for inputs of norm 1 in place of √d, or the other way round."""
    if "input_variance" not in dict(kernel.parameters):
        return {}
    variance = Rational(1, d) if kernel["input_variance"] == 1 else Rational(1)
    other = changed(kernel, input_variance=variance)
    return {} if str(other) == str(kernel) else {"wrong norm": other}
