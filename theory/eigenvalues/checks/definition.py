"""A closed form is tried against the definition, at levels 0, 1, 2, … and small d."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from sympy import (
    Expr,
    Integer,
    Symbol,
    sympify,
)

from theory.domains import Domain
from theory.eigenvalues.algebra.differences import drawn
from theory.eigenvalues.algebra.equality import CAREFUL
from theory.eigenvalues.checks import quadrature
from theory.eigenvalues.checks.far_levels import first_difference
from theory.eigenvalues.checks.remembered import (
    Progress,
    is_own,
    remembered,
    working,
)
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import k as symbol_k
from theory.notation import t
from theory.verdict import Verdict

LEVELS = (0, 1, 2, 3, 4, 5)
TOLERANCE_DIGITS = 22
MAX_LEVEL = 1000
MOST_DIGITS = 600
MAX_LEVELS = 40


@dataclass(frozen=True, slots=True)
class Checked:
    """What a comparison found.

    Attributes
    ----------
    verdict
        ``confirmed``, ``refuted`` or ``inconclusive``.
    how
        By which argument, or on how many points to how many digits.
    counterexample
        The smallest level and dimension at which the two differ, and the two values.
    """

    verdict: Verdict
    how: str
    counterexample: str = ""

    def __bool__(self) -> bool:
        return self.verdict == Verdict.CONFIRMED

    def __str__(self) -> str:
        tail = f" ({self.counterexample})" if self.counterexample else ""
        return f"{self.verdict}{tail}: {self.how}"


def instances(domain: Domain, level: Expr) -> list[tuple[Domain, Expr, int]]:
    """Concrete domains, values of the level's symbol, and levels; small ones first."""
    sizes = domain.instances()
    if level.free_symbols:
        (symbol,) = level.free_symbols
        values = [(Integer(j), int(level.subs(symbol, j))) for j in LEVELS]
    else:
        values = [(Integer(0), int(level))]
    found = [
        (size, j, k)
        for size in sizes
        for j, k in values
        if k >= 0 and not k > size.last_level
    ]
    return sorted(found, key=lambda item: int(item[0].ambient or 0) + item[2])


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many points agreed, the first that did not, and where it is undefined."""

    agreed: int
    counterexample: str = ""
    undefined: str = ""


def compare(
    domain: Domain,
    kernel: Kernel,
    level: Expr,
    e: Expr,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """An expression in level and dimension against the definition, point by point."""
    agreed, undefined = 0, ""
    written = kernel(t)
    listed = instances(domain, level)
    for done, (size, j, k) in enumerate(listed):
        if progress is not None:
            progress(done, len(listed), f"k = {k} on {size}")
        at: dict[Any, Any] = dict.fromkeys(level.free_symbols, j)
        if size.ambient is not None:
            at[symbol_d] = size.ambient
        for name, number in domain.parameters.items():
            if isinstance(number, Symbol):
                at[number] = size.parameters[name]
        function = written.subs({symbol_d: at.get(symbol_d, symbol_d)})
        free = e.free_symbols | function.free_symbols
        values = drawn(free - {t, *at}, seed)
        function = function.subs(values)
        named = (f"{symbol}={value}" for symbol, value in values.items())
        place = ", ".join([f"k={k}", str(size), *named])
        try:
            right = quadrature.integral(size, function, k)
        except ZeroDivisionError:
            right = mpmath.inf
        left = quadrature.value(e.subs(at).subs(values))
        if left is None or not mpmath.isfinite(right):
            undefined = undefined or place
            continue
        margin = quadrature.scale(function) * mpmath.mpf(10) ** -TOLERANCE_DIGITS
        if not abs(left - right) <= margin:
            shown = f"{mpmath.nstr(left, 12)} instead of {mpmath.nstr(right, 12)}"
            return Comparison(agreed, f"{place}: {shown}", undefined)
        agreed += 1
    return Comparison(agreed, "", undefined)


def check_eigenvalue(
    e: Any, *, seed: int = 0, again: bool = False, progress: Progress | None = None
) -> Checked:
    """Whether a closed form agrees with its definition, and how that was seen.

    Parameters
    ----------
    e
        An eigenvalue.
    seed
        Of the values that free letters take.
    again
        Whether an answer that was found before is found anew.
    progress
        Called with (done, total, where).
    """
    what = f"eigenvalue of {e.kernel} on {e.domain}"

    def compute() -> Checked:
        with working(what, progress) as tell:
            return _check_eigenvalue(e, seed, tell)

    if e.rule is None or not is_own(e.domain, e.kernel, e.rule):
        return compute()
    question = ("check", what, e.rule.name, str(seed), e.level, sympify(e), e.kernel(t))
    return _remembered(question, compute, again=again)


def _remembered(
    question: Any, compute: Callable[[], Checked], *, again: bool
) -> Checked:
    def texts() -> tuple[str, ...]:
        found = compute()
        return str(found.verdict), found.how, found.counterexample

    verdict, how, counterexample = remembered(question, texts, again=again)
    return Checked(Verdict(verdict), how, counterexample)


def _check_eigenvalue(e: Any, seed: int, tell: Progress) -> Checked:
    if e.rule is None:
        return _check_definition(e, seed)
    found = compare(e.domain, e.kernel, e.level, sympify(e), seed=seed, progress=tell)
    how = f"the definition at {found.agreed} points to {TOLERANCE_DIGITS} digits"
    if found.counterexample:
        return Checked(Verdict.REFUTED, how, found.counterexample)
    if found.undefined:
        return Checked(
            Verdict.INCONCLUSIVE, f"undefined at {found.undefined}; else {how}"
        )
    if not e.rule.proof():
        return Checked(Verdict.INCONCLUSIVE, f"agrees with {how}, but the proof failed")
    return Checked(Verdict.CONFIRMED, f"proof of {e.rule.name}, and {how}")


def _check_definition(e: Any, seed: int) -> Checked:
    """The definition itself, against K(1) = Σ g λ over all levels where they are few."""
    how = "the expression is the definition itself"
    summed = 0
    for size in e.domain.instances():
        top = sympify(size.last_level)
        if size.invariant != "cosine" or not top.is_Integer or top > MAX_LEVELS:
            continue
        known = {} if size.ambient is None else {symbol_d: size.ambient}
        function = e.kernel(t).subs(known)
        function = function.subs(drawn(function.free_symbols - {t, *known}, seed))
        gap = quadrature.trace_gap(size, function)
        if not abs(gap) <= mpmath.mpf(10) ** -TOLERANCE_DIGITS:
            text = f"{size}: Σ g λ differs from K(1) by {mpmath.nstr(gap, 3)} of it"
            return Checked(Verdict.REFUTED, "definition and multiplicities", text)
        summed += 1
    if summed:
        how += f"; Σ g λ = K(1) to {TOLERANCE_DIGITS} digits"
    return Checked(Verdict.CONFIRMED, how)


def check_formula(
    domain: Domain,
    kernel: Kernel,
    expression: Any,
    *,
    level: Any = symbol_k,
    again: bool = False,
    progress: Progress | None = None,
) -> Checked:
    """Whether your own closed form is λ_k: confirmed, refuted or inconclusive.

    Confirmed means proved, for all k and d that the symbols stand for; refuted comes
    with the smallest level and dimension; inconclusive says how many points agreed.

    Parameters
    ----------
    domain, kernel
        Whose eigenvalues they are meant to be; the dimension may be a symbol.
    expression
        A SymPy expression in the level and the dimension, or its text.
    level
        A number, a symbol, or an expression in one symbol, such as 2 m for even levels.
    again
        Whether an answer that took long and was found before is found anew.
    progress
        Called with (done, total, where).

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypercube
    >>> from theory.notation import d
    >>> found = check_formula(Hypercube(d), kernels.exponential(1), "tanh(1/d)^k*cosh(1/d)^d")
    >>> found.verdict, found.how
    (<Verdict.CONFIRMED: 'confirmed'>, 'proved equal to the form of hypercube_product')
    >>> print(check_formula(Hypercube(d), kernels.polynomial(1), "0^k/d"))
    refuted (k=0, hypercube:1: 1.0 instead of 0.0): the definition at 0 points
    """
    from theory.eigenvalues.question import understood
    from theory.parser import parse_expression

    domain, kernel = understood(domain, kernel)
    level = sympify(level)
    if isinstance(expression, str):
        names = {"k": level if level.is_Symbol else symbol_k, "d": symbol_d}
        expression = parse_expression(expression, names, "expression")
    mine = sympify(expression)
    what = f"closed form for {kernel} on {domain}"

    def compute() -> Checked:
        with working(what, progress) as tell:
            return _check_formula(domain, kernel, level, mine, tell)

    if not is_own(domain, kernel):
        return compute()
    question = ("formula", what, level, mine, kernel(t))
    return _remembered(question, compute, again=again)


def _check_formula(
    domain: Domain, kernel: Kernel, level: Expr, mine: Expr, tell: Progress
) -> Checked:
    from theory.eigenvalues.lookup import find

    found = compare(domain, kernel, level, mine, progress=tell)
    how = f"the definition at {found.agreed} points"
    if found.counterexample:
        return Checked(Verdict.REFUTED, how, found.counterexample)
    how = f"agrees with {how} to {TOLERANCE_DIGITS} digits"
    if found.undefined:
        return Checked(
            Verdict.INCONCLUSIVE, f"undefined at {found.undefined}; else {how}"
        )
    known = find(domain, kernel, level)
    if known.rule is None:
        return Checked(
            Verdict.INCONCLUSIVE, f"{how}; no rule gives λ_k to compare with"
        )
    place = first_difference(known.expression, mine, level, domain)
    if place:
        far = f"{how}, but not with the form of {known.rule.name} at higher levels"
        return Checked(Verdict.REFUTED, far, place)
    if _proved(known.expression, mine, level, domain):
        return Checked(
            Verdict.CONFIRMED, f"proved equal to the form of {known.rule.name}"
        )
    return Checked(
        Verdict.INCONCLUSIVE, f"{how}; not proved equal to {known.rule.name}"
    )


def _proved(known: Expr, mine: Expr, level: Expr, domain: Domain) -> bool:
    from theory.eigenvalues.algebra.equality import MAX_OPERATIONS, identical

    dimension = getattr(domain, "d", None)
    symbol = dimension if isinstance(dimension, Symbol) else None
    for k in level.free_symbols:
        if identical(known, mine, k, symbol):
            return True
    difference = known - mine
    small = max(known.count_ops(), mine.count_ops()) <= MAX_OPERATIONS
    # SymPy's simplification of these takes no care of poles and of single levels
    plain = not level.free_symbols or not difference.has(*CAREFUL)
    return small and plain and difference.simplify() == 0
