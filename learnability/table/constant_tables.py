"""The constant C over n and ridge, kernels in columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from learnability.table.cell import as_fraction
from learnability.table.latex import escape
from learnability.table.table import Column, Table
from learnability.wording import kernel_words, short_name
from numerics import Spectrum, constant
from theory.errors import NoConvergence

OF_MATRICES = (12, 10, 8, 6, 4, 2)
"""Digits that are tried where eigenvalues are those of a matrix in float64."""


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
    for label, s in spectra.items():
        columns.append(_column(label, s, alone=len(spectra) == 1))
    rows = []
    for size, delta in cases:
        row: list[Any] = [as_fraction(size)]
        if several:
            row.append(as_fraction(delta))
        row += [_constant(s, size, delta, digits) for s in spectra.values()]
        rows.append(tuple(row))
    named = ", ".join(kernel_words(s.kernel) for s in spectra.values() if s.kernel)
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title=f"The constant C{' for ' + named if named else ''}.",
        digits=digits,
        show=show,
        command=command,
    )


def _constant(s: Spectrum, n: Any, ridge: Any, digits: int) -> Any:
    """C with the digits asked for; on data with as many as the matrix has in float64."""
    domain = getattr(s, "domain", None)
    if domain is None or domain.invariant != "pair":
        return constant(s, n, ridge, digits)
    for fewer in OF_MATRICES:
        try:
            return constant(s, n, ridge, min(digits, fewer))
        except NoConvergence:
            continue
    return constant(s, n, ridge, 1)


def _column(label: str, s: Spectrum, *, alone: bool) -> Column:
    return Column(
        key="C" if alone else label,
        heading="C" if alone else f"C, {short_name(label)}",
        latex="$C$" if alone else escape(kernel_words(s.kernel)),
        group="" if alone else "$C$",
        uncertainty="proved radius",
        source="implicit_equation",
    )
