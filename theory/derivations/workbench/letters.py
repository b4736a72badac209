"""What a formula says in λ, g, v², C, n, δ, σ² alone, whatever it was given as."""

from typing import Any

from sympy import Indexed, Symbol, sympify

from theory import notation
from theory.chain import Chain
from theory.constant import balance
from theory.constant.implicit.moments import Moment
from theory.constant.level_sums import total
from theory.errors import NotEvaluable, OutOfDomain, meant
from theory.formula import Formula, formulas
from theory.notation import C, modes, n, ridge
from theory.statistics import STATISTICS
from theory.statistics.registry import chain_of, trace, whole

g: Any = notation.g
power: Any = notation.power
lam: Any = notation.lam
i: Any = notation.i
COUNTED = {modes: total(g[i]), whole: total(power[i]), trace: total(g[i] * lam[i])}
"""Letters of the limits of statistics, as sums over levels."""
NAMES: dict[str, Any] = {
    letter.name: letter.symbol
    for letter in notation.LETTERS
    if isinstance(letter.symbol, Symbol)
} | {"delta": ridge, "sigma2": notation.noise, "E": notation.test_mse}


def read(formula: Any) -> Any:
    """The expression that a formula, its name, a result or an expression stands for.

    Raises
    ------
    OutOfDomain
        When it is no formula, no name of one, and no expression.

    Examples
    --------
    >>> read("test_mse"), read(notation.overfitting) == notation.overfitting
    (E_0*(B + sigma2), True)
    """
    if isinstance(formula, str):
        return formulas[formula].rhs
    if isinstance(formula, Formula):
        return formula.rhs
    if isinstance(formula, Chain):
        return formula.expand()
    if hasattr(formula, "expression"):
        return formula.expression
    try:
        return sympify(formula, strict=True)
    except (TypeError, ValueError):
        known = "a formula, its name, or an expression in the letters of notation"
        raise OutOfDomain(f"formula = {formula!r} is not {known}") from None


def letter(x: Any, argument: str) -> Any:
    """A letter, given as itself or by its name: n, ridge, lam[j], "ridge".

    Raises
    ------
    OutOfDomain
        When it is no letter.

    Examples
    --------
    >>> letter("ridge", "x"), letter(notation.lam[notation.j], "x")
    (delta, lambda[j])
    """
    if isinstance(x, str):
        if x not in NAMES:
            raise OutOfDomain(
                f"{argument} = {x!r} is no letter (known: {', '.join(NAMES)})"
                f"{meant(x, NAMES)}"
            )
        return NAMES[x]
    if isinstance(x, Symbol | Indexed):
        return x
    raise OutOfDomain(
        f"{argument} = {x!r} is no letter: use n, ridge, noise, C, lam[j], g[j], power[j]"
    )


def expanded(e: Any) -> Any:
    """The expression with the letters E₀, B, V, E, … written out.

    Examples
    --------
    >>> expanded(notation.bias)
    Sum(unlearned(lambda[i], C)**2*v2[i], (i, 1, ell))
    """
    e = chain_of(e, STATISTICS.rows()).expand()
    return e.replace(lambda a: isinstance(a, Moment), lambda a: a.definition)


def has_C(e: Any) -> bool:
    """Whether an expression knows the constant, itself or through a statistic."""
    symbols = {row.symbol for row in STATISTICS.rows()} | {C}
    return bool(e.free_symbols & symbols)


def counted(e: Any) -> Any:
    """N, Σ v² and Σ g λ as sums over levels."""
    return e.xreplace({x: s for x, s in COUNTED.items() if e.has(x)})


def samples(of: dict[Any, Any]) -> Any:
    """The number n as a function of C, where other letters have been replaced.

    Examples
    --------
    >>> samples({ridge: 0})
    Sum(learnability(lambda[i], C)*g[i], (i, 1, ell))
    """
    left = balance.lhs.xreplace({x: sympify(y) for x, y in of.items()})
    if not left.has(n):
        return left
    rest = left - n
    factor = rest.diff(n)
    if factor.has(n) or factor == 0:
        raise NotEvaluable(f"the implicit equation with {of} cannot be solved for n")
    return -rest.xreplace({n: sympify(0)}) / factor
