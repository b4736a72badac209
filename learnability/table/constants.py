"""The constant C over n and ridge, kernels in columns."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnability.table.eigenvalues import short_name
from learnability.table.latex import code
from learnability.table.table import Column, Table
from numerics import Spectrum, constant
from theory.numbers import rational


def as_fraction(number: Any) -> Fraction:
    """An exact number of SymPy or Python as a fraction.

    Examples
    --------
    >>> as_fraction("0.01")
    Fraction(1, 100)
    """
    value = rational(number, "number")
    return Fraction(int(value.p), int(value.q))


def constants(
    spectra: Mapping[str, Spectrum],
    n: Sequence[Any],
    ridge: Sequence[Any] = (0,),
    digits: int = 30,
    show: int = 6,
    *,
    command: Sequence[str] = (),
) -> Table:
    """A table of C, one row for each n and ridge, one column for each spectrum.

    Parameters
    ----------
    spectra
        Label → spectrum.
    n, ridge
        Exact numbers.
    digits, show
        Digits that are proved and printed.

    Examples
    --------
    >>> print(constants({"": Spectrum.from_levels([(1, 3)])}, [1, 2]))
    n  C
    1  2.00000(1)
    2  0.500000(1)
    """
    cases = [(size, delta) for size in n for delta in ridge]
    several = len(ridge) > 1 or ridge[0] != 0
    columns = [Column("n", "n", "$n$")]
    if several:
        columns.append(Column("ridge", "ridge", r"$\delta$"))
    for label in spectra:
        columns.append(_column(label, alone=len(spectra) == 1))
    rows = []
    for size, delta in cases:
        row: list[Any] = [as_fraction(size)]
        if several:
            row.append(as_fraction(delta))
        row += [constant(s, size, delta, digits) for s in spectra.values()]
        rows.append(tuple(row))
    named = ", ".join(short_name(label) for label in spectra if label)
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title=f"The constant C{' for ' + named if named else ''}.",
        digits=digits,
        show=show,
        command=command,
    )


def _column(label: str, *, alone: bool) -> Column:
    return Column(
        key="C" if alone else label,
        heading="C" if alone else f"C, {short_name(label)}",
        latex="$C$" if alone else f"$C$, {code(short_name(label))}",
        uncertainty="proved radius",
        source="implicit_equation",
    )
