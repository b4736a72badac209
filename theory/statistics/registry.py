"""The statistics of a prediction, one row each: what tables, curves and JAX read.

A row is a formula for a symbol and the limits where the constant C is ∞ or 0: without
data, with as many points as modes and no ridge, and with more points than modes, where
the ridge falls to 0. A row that is registered here is predicted in floats and in balls,
stands in tables and labelled datasets, and is differentiated in JAX.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Function, Indexed, Integer, Symbol

from theory import notation
from theory.chain import Chain
from theory.errors import OutOfDomain, meant
from theory.formula import Formula
from theory.printing import latex

whole = Symbol("v_f", nonnegative=True)
"""Power of the target in all levels, Σ v²."""
outside = Symbol("v_out", nonnegative=True)
"""Power of the target in levels of eigenvalue 0, which are never learned."""
trace = Symbol("S_1", positive=True)
"""Σ g λ over all levels."""
LIMIT_SYMBOLS = (
    notation.n,
    notation.ridge,
    notation.noise,
    notation.modes,
    notation.points,
    whole,
    outside,
    trace,
)
"""What a limit may be written in: M only where the domain is finite."""
TAKEN = ("n", "ridge", "noise", "C", "learnability", "kernel", "spectrum", "target")


class unbounded(Function):
    """c x as c → ∞, for x ≥ 0: ∞ where x > 0, and 0 where x = 0.

    Examples
    --------
    >>> unbounded(0), unbounded(notation.noise).subs(notation.noise, 0)
    (0, 0)
    """

    nargs = 1

    @classmethod
    def eval(cls, x: Any) -> Any:
        """0 at 0; elsewhere it stays as it is."""
        return Integer(0) if x.is_zero else None

    def _latex(self, printer, exp=None):
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left(\infty \cdot {printer._print(self.args[0])}\right){power}"


@dataclass(frozen=True, slots=True)
class Statistic:
    r"""A statistic of predictions.

    Attributes
    ----------
    name
        Attribute of a prediction, column of tables, key in json.
    formula
        Its left side is the statistic's symbol, its right side is written in λ_i, g_i,
        v_i², C, n, δ, σ² and the symbols of statistics registered before it.
    heading
        The column's heading in text.
    at_none, at_all, beyond
        The limits n → 0; n → N without ridge; and n > N, δ → 0⁺. They are expressions in
        n, δ, σ², N, Σ v² (``whole``), its part in levels of eigenvalue 0 (``outside``)
        and Σ g λ (``trace``), or in letters of the formula that are given with the case.
        ``unbounded(x)`` is ∞ where x > 0.

    Raises
    ------
    OutOfDomain
        When the symbol is none, or a limit holds C or a level.

    Examples
    --------
    >>> from theory.statistics import STATISTICS
    >>> STATISTICS["test_mse"].latex, STATISTICS["test_mse"].at_none
    ('\\mathcal{E}', sigma2 + v_f)
    """

    name: str
    formula: Formula
    heading: str
    at_none: Expr
    at_all: Expr
    beyond: Expr

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise OutOfDomain(
                f"name = {self.name!r} must be a word that can follow a dot"
            )
        if not isinstance(self.formula.lhs, Symbol):
            raise OutOfDomain(
                f"formula {self.formula.name}: its left side must be a symbol"
            )
        for place in ("at_none", "at_all", "beyond"):
            e = Integer(0) + getattr(self, place)
            object.__setattr__(self, place, e)
            if e.has(notation.C) or e.has(Indexed):
                known = ", ".join(map(str, LIMIT_SYMBOLS))
                raise OutOfDomain(
                    f"{place} of {self.name} = {e}: C and levels are gone there, use {known}"
                )

    @property
    def symbol(self) -> Symbol:
        """The letter that other formulas call it by."""
        symbol = self.formula.lhs
        assert isinstance(symbol, Symbol)  # looked at when the row was made
        return symbol

    @property
    def latex(self) -> str:
        """The letter in LaTeX."""
        return latex(self.symbol)

    def limits(self) -> tuple[Formula, ...]:
        """The three limits as formulas, with the conditions under which they hold."""
        return tuple(
            Formula(
                name=f"{self.formula.name}_{where}",
                says=f"{self.heading}: the limit {says}.",
                lhs=self.symbol,
                rhs=getattr(self, place),
                status="exact",
                source=self.formula.source,
                given=says,
            )
            for place, where, says in (
                ("at_none", "without_data", "n → 0"),
                ("at_all", "at_all_modes", "n → N without ridge"),
                ("beyond", "beyond_all_modes", "δ → 0⁺ with n > N"),
            )
        )


class Statistics(Mapping[str, Statistic]):
    """All statistics by name, in the order in which they build on each other."""

    def __init__(self) -> None:
        self._rows: dict[str, Statistic] = {}

    def register(self, row: Statistic) -> Statistic:
        """Enter a row.

        Raises
        ------
        OutOfDomain
            When its name or its symbol is taken.
        """
        taken = {x.symbol for x in self._rows.values()}
        if row.name in self._rows or row.name in TAKEN:
            raise OutOfDomain(f"a statistic named {row.name!r} is there already")
        if row.symbol in taken or row.symbol in LIMIT_SYMBOLS:
            raise OutOfDomain(
                f"statistic {row.name!r}: the symbol {row.symbol} is taken"
            )
        self._rows[row.name] = row
        return row

    def remove(self, name: str) -> None:
        """Take a row out again; unknown names are ignored."""
        self._rows.pop(name, None)

    def rows(self) -> tuple[Statistic, ...]:
        """All rows, each after those whose symbols it holds."""
        return tuple(self._rows.values())

    def __getitem__(self, name: str) -> Statistic:
        if name not in self._rows:
            known = ", ".join(self._rows)
            raise OutOfDomain(
                f"statistic {name!r} is unknown (known: {known}){meant(name, self._rows)}"
            )
        return self._rows[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


STATISTICS = Statistics()
"""The one list of statistics."""


@dataclass(frozen=True, slots=True)
class Equations:
    """The equation for C, and the statistics that follow from its solution.

    Attributes
    ----------
    balance
        The equation; its name is what results call the equation that was used.
    replaced
        Rows that stand in for those of the same name in ``STATISTICS``; the others keep
        their formulas, in the symbols of the replaced ones.
    helpers
        Formulas whose left sides the rows hold beside the statistics' symbols.
    added
        Rows beside those of ``STATISTICS``, for columns that only these equations have.
    """

    balance: Formula
    replaced: tuple[Statistic, ...] = ()
    helpers: tuple[Formula, ...] = ()
    added: tuple[Statistic, ...] = ()

    def rows(self) -> tuple[Statistic, ...]:
        """One row for each registered statistic, in order, then those added."""
        other = {row.name: row for row in self.replaced}
        known = (other.get(row.name, row) for row in STATISTICS.rows())
        return (*known, *self.added)

    def chain(self) -> Chain:
        """All statistics as one chain; its bindings are the rows' symbols."""
        rows = _sorted(self.rows(), self.rows())
        steps = [(x.lhs, x.rhs) for x in self.helpers]
        steps += [(row.symbol, row.formula.rhs) for row in rows]
        return Chain(tuple(steps), rows[-1].symbol)


def chain_of(target: Expr, rows: tuple[Statistic, ...]) -> Chain:
    """An expression as a chain over the statistics that it is built from.

    Examples
    --------
    >>> from theory.statistics import STATISTICS
    >>> row = STATISTICS["test_mse"]
    >>> [str(x) for x, _ in chain_of(row.formula.rhs, STATISTICS.rows()).bindings]
    ['E_0', 'B']
    """
    symbols = target.free_symbols
    below = [row for row in rows if row.symbol in symbols and row.formula.rhs != target]
    steps = tuple((row.symbol, row.formula.rhs) for row in _sorted(rows, below))
    return Chain(steps, target)


def _sorted(
    rows: tuple[Statistic, ...], wanted: Iterable[Statistic]
) -> tuple[Statistic, ...]:
    """The wanted rows and all that they are built from, each after those it holds."""
    found: dict[str, Statistic] = {}

    def enter(row: Statistic) -> None:
        for one in rows:
            if one is not row and one.symbol in row.formula.rhs.free_symbols:
                enter(one)
        found.setdefault(row.name, row)

    for row in wanted:
        enter(row)
    return tuple(found.values())
