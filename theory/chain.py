"""A chain is an expression written as a list of named steps, each used by later ones.

The kernel of a deep network, written out, grows like 3^depth. As a chain it stays
linear in depth: q_1 = …, c_1 = …, Θ_1 = …, and so on, and every operation works binding
by binding.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr, Symbol

from theory.errors import OutOfDomain
from theory.printing import Shown, latex, text

WARN_ABOVE = 100_000


@dataclass(frozen=True, slots=True, repr=False)
class Chain(Shown):
    """Bindings ``symbol = expression`` in order, and a result in their symbols.

    Examples
    --------
    >>> from sympy.abc import x, y
    >>> chain = Chain(((y, x**2),), y + y**2)
    >>> chain.expand(), chain.diff(x).expand(), chain.subs({x: 3}).expand()
    (x**4 + x**2, 2*x*(2*x**2 + 1), 90)
    """

    bindings: tuple[tuple[Symbol, Expr], ...]
    result: Expr

    def __post_init__(self) -> None:
        names = [symbol for symbol, _ in self.bindings]
        if len(set(names)) != len(names):
            raise OutOfDomain(f"a chain binds a symbol twice: {names}")

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols that no binding defines: the chain's inputs."""
        bound = {symbol for symbol, _ in self.bindings}
        used = set().union(
            self.result.free_symbols, *(e.free_symbols for _, e in self.bindings)
        )
        return used - bound

    def has(self, *heads: type) -> bool:
        """Whether some step, or the result, holds one of the functions."""
        return any(e.has(*heads) for e in (*(e for _, e in self.bindings), self.result))

    def map(self, function: Callable[[Expr], Expr]) -> "Chain":
        """The chain with a function applied to every right side."""
        return Chain(
            tuple((symbol, function(e)) for symbol, e in self.bindings),
            function(self.result),
        )

    def subs(self, values: Mapping) -> "Chain":
        """Replace inputs; a bound symbol cannot be replaced."""
        bound = {symbol for symbol, _ in self.bindings} & set(values)
        if bound:
            raise OutOfDomain(
                f"{bound} is bound inside the chain; only inputs can be replaced"
            )
        return self.map(lambda e: e.subs(values))

    def diff(self, x: Symbol) -> "Chain":
        """The derivative with respect to an input, as a chain of twice the length."""
        bindings: list[tuple[Symbol, Expr]] = []
        slopes: dict[Symbol, Symbol] = {}
        taken = {symbol.name for symbol, _ in self.bindings}

        def total(e: Expr) -> Expr:
            chained = sum(e.diff(s) * ds for s, ds in slopes.items() if e.has(s))
            return e.diff(x) + chained

        for symbol, e in self.bindings:
            bindings.append((symbol, e))
            slope = total(e)
            if slope != 0:
                name = f"d{symbol.name}_d{x.name}"
                while name in taken:  # a second derivative meets the first one's names
                    name += "'"
                taken.add(name)
                slopes[symbol] = Symbol(name, real=True)
                bindings.append((slopes[symbol], slope))
        return Chain(tuple(bindings), total(self.result))

    def expand(self) -> Expr:
        """One expression; its size grows exponentially with the number of layers.

        Raises
        ------
        OutOfDomain
            When the expression would have more than 100 000 operations.
        """
        size = self.expanded_size()
        if size > WARN_ABOVE:
            raise OutOfDomain(
                f"the chain expands to about {size} operations; keep it as a chain"
            )
        values: dict[Symbol, Expr] = {}
        for symbol, e in self.bindings:
            values[symbol] = e.xreplace(values)
        return self.result.xreplace(values)

    def expanded_size(self) -> int:
        """How many operations ``expand`` would write, without writing them."""
        sizes: dict[Symbol, int] = {}

        def size(e: Expr) -> int:
            inner = sum(sizes.get(s, 0) * e.count(s) for s in e.free_symbols)
            return int(e.count_ops()) + int(inner)

        for symbol, e in self.bindings:
            sizes[symbol] = size(e)
        return size(self.result)

    def latex(self) -> str:
        r"""All bindings and the result, as lines of an ``aligned`` block."""
        lines = [rf"{latex(s)} &= {latex(e)}" for s, e in self.bindings]
        lines.append(rf"K &= {latex(self.result)}")
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def _line(self) -> str:
        return f"K = {text(self.result)} after {len(self.bindings)} bindings"

    def __str__(self) -> str:
        lines = [f"{text(s)} = {text(e)}" for s, e in self.bindings]
        return "\n".join([*lines, f"K = {text(self.result)}"])
