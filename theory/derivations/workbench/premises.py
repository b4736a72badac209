"""What is given: definitions of letters, equations that hold, and conditions.

An equation between letters is used by solving it for one of them: σ² along the optimal
ridge, δ where n = N. Definitions are put in before slopes are taken, facts afterwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Dummy,
    Eq,
    Gt,
    Indexed,
    Integer,
    Limit,
    Lt,
    Sum,
    Symbol,
    cancel,
    expand,
    fraction,
    together,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from theory import notation
from theory.constant import level_sums
from theory.constant.level_sums import written
from theory.derivations.workbench.letters import (
    NAMES,
    counted,
    expanded,
    has_C,
    samples,
)
from theory.derivations.workbench.limits import limit_of
from theory.derivations.workbench.slopes import carried_out
from theory.errors import NotEvaluable, OutOfDomain, Unsupported
from theory.notation import C, modes, n, noise, ridge
from theory.printing import text
from theory.statistics import STATISTICS

BASES = {notation.lam, notation.g, notation.power}
MOST_ROUNDS = 12


@dataclass(slots=True)
class Premises:
    """Definitions, equations and conditions under which a statement is judged.

    Attributes
    ----------
    defined
        Letters of one's own, with what they stand for.
    facts
        Letters of the theory that have a value: δ → 0.
    solved
        Letters that an equation was solved for, in order.
    conditions
        Inequalities.
    samples
        A value of n, where one is given.

    Examples
    --------
    >>> given = Premises.of([Eq(ridge, 0)])
    >>> given.closed(n, always=True)
    Sum(learnability(lambda[i], C)*g[i], (i, 1, ell))
    """

    defined: dict[Any, Any] = field(default_factory=dict)
    facts: dict[Any, Any] = field(default_factory=dict)
    solved: dict[Any, Any] = field(default_factory=dict)
    conditions: tuple[Any, ...] = ()
    samples: Any = None

    @classmethod
    def of(cls, relations: Iterable[Any]) -> "Premises":
        """Read relations in order.

        Raises
        ------
        OutOfDomain
            When one is false, or no relation.
        Unsupported
            When an equation can be solved for none of its letters.
        """
        given = cls()
        for relation in relations:
            given.enter(relation)
        return given

    def enter(self, relation: Any) -> None:
        """Take one more relation for granted."""
        if not isinstance(relation, Relational):
            if relation == True:  # noqa: E712
                return
            raise OutOfDomain(f"{relation} is no equation or inequality")
        if not isinstance(relation, Eq):
            self.conditions += (relation,)
            return
        left, right = relation.args
        if self._define(left, right):
            return
        residual = together(written(self.closed(left - right, always=True)))
        numerator = fraction(cancel(residual) if not residual.has(Sum) else residual)[0]
        if numerator == 0:
            return
        self._solve(numerator, relation)

    def _define(self, left: Any, right: Any) -> bool:
        """Whether the left side is a letter that can simply be replaced."""
        known = {row.symbol for row in STATISTICS.rows()}
        if isinstance(left, Indexed):
            places = {a for a in right.atoms(Indexed) if a.base == left.base}
            if places:
                return False
            (self.facts if left.base in BASES else self.defined)[left] = right
            return True
        if isinstance(left, AppliedUndef):
            self.defined[left] = right
            return True
        if not isinstance(left, Symbol) or left in known or left == C:
            return False
        if right.has(left):
            return False
        if left == n:
            self.samples = right
            return not has_C(right) and self._fix_samples(right)
        theirs = left in set(NAMES.values())
        (self.facts if theirs else self.defined)[left] = right
        return True

    def _fix_samples(self, value: Any) -> bool:
        """The case n = value, used with C by solving the implicit equation for the ridge."""
        if ridge in self.facts:
            raise Unsupported(
                f"n = {value} and a given ridge leave no letter free: give one of them"
            )
        learned = samples({ridge: Integer(0)})
        self.solved[ridge] = C * (counted(value) - learned)
        return True

    def _solve(self, numerator: Any, relation: Any) -> None:
        sums = {s: Dummy("s", positive=True) for s in numerator.atoms(Sum)}
        hidden = numerator.xreplace(sums)
        inside: set[Any] = set()
        for s in sums:
            inside |= s.free_symbols
        letters = sorted(hidden.free_symbols - set(sums.values()) - {C}, key=_place)
        for x in letters:
            if not isinstance(x, Symbol) or x in inside or x in self.solved:
                continue
            factor = hidden.diff(x)
            if factor.has(x) or factor == 0:
                continue
            value = cancel(together(x - hidden / factor))
            back = {dummy: s for s, dummy in sums.items()}
            self.solved[x] = value.xreplace(back)
            return
        if level_sums.vanishes(numerator):  # it follows from what is given already
            return
        raise Unsupported(
            f"{text(relation, letters=True)} can be solved for none of its letters; "
            "solve it first"
        )

    def in_own_letters(self, e: Any) -> Any:
        """The expression with defined letters replaced by what they stand for."""
        for _ in range(MOST_ROUNDS):
            changed = replaced(e, self.defined)
            if changed == e:
                return e
            e = changed
        raise OutOfDomain(
            f"{', '.join(map(str, self.defined))} are defined in a circle"
        )

    def knows_C(self, *expressions: Any) -> bool:
        """Whether C stands in an expression, a condition or what was solved for."""
        given = [a for c in self.conditions for a in c.args]
        given += [*self.facts.values(), *self.solved.values()]
        return any(has_C(e) for e in (*expressions, *given))

    @property
    def regime(self) -> Any:
        """Whether n = N or n > N is given, on which limits in δ depend."""
        if self.samples == modes:
            return Eq(n, modes)
        above = (Gt(n, modes), Lt(modes, n))
        return Gt(n, modes) if set(above) & set(self.conditions) else None

    def _limits(self, e: Any) -> Any:
        """Limits carried out, in the regime that is given."""
        regime = self.regime
        return e.replace(
            lambda a: isinstance(a, Limit),
            lambda a: (
                limit_of(
                    self._at_facts(a.args[0], a.args[1]),
                    a.args[1],
                    a.args[2],
                    given=regime,
                ).expression
            ),
        )

    def _at_facts(self, e: Any, moving: Any) -> Any:
        facts = {x: value for x, value in self.facts.items() if x != moving}
        return replaced(carried_out(e), facts) if facts else e

    def closed(self, e: Any, *, always: bool = False) -> Any:
        """The expression in letters that are free; n becomes a function of C.

        ``always``: n is replaced even where the expression does not hold C.
        """
        e = carried_out(self._limits(over_levels(self.in_own_letters(e))))
        for _ in range(MOST_ROUNDS):
            changed = expanded(replaced(e, self.facts))
            if changed == e:
                break
            e = changed
        knows = always or has_C(e)
        for value in self.facts.values():
            knows = knows or (e.has(n) and has_C(value))
        if knows:
            e = e.xreplace({n: samples({ridge: self.facts.get(ridge, ridge)})})
            e = replaced(counted(replaced(e, self.facts)), self.facts)
        elif self.samples is not None:
            e = e.xreplace({n: self.samples})
        for x, value in self.solved.items():
            e = e.xreplace({x: value})
        return e


def over_levels(e: Any) -> Any:
    """Sums over modes i = 1, …, N as sums over levels, each counted g_i times.

    The power v_i² of a level is that of all its modes; what is linear in it is not
    counted again.

    Examples
    --------
    >>> lam, g, i = notation.lam, notation.g, notation.i
    >>> over_levels(Sum(lam[i] ** 2, (i, 1, modes)))
    Sum(g[i]*lambda[i]**2, (i, 1, ell))
    """

    def counted_once(s: Any) -> Any:
        (index, low, high), *more = s.limits
        if more or low != 1 or high != modes:
            return s
        power: Any = notation.power[index]
        size: Any = notation.g[index]
        body = expand(s.function)
        constant, linear = body.coeff(power, 0), body.coeff(power, 1)
        if expand(body - constant - linear * power) != 0 or body.has(size):
            raise NotEvaluable(f"{s}: only what is linear in v² is summed over modes")
        whole = size * constant + linear * power
        return Sum(whole, (index, 1, notation.levels))

    return e.replace(lambda a: isinstance(a, Sum), counted_once)


def _place(x: Any) -> tuple[int, str]:
    """One's own letters first, then σ², then δ."""
    if x == noise:
        return 1, ""
    if x == ridge:
        return 2, ""
    return (3 if x in set(NAMES.values()) else 0), str(x)


def replaced(e: Any, meanings: Mapping[Any, Any]) -> Any:
    """Letters replaced; an indexed one for every index, a function for every argument."""
    for x, value in meanings.items():
        if isinstance(x, Indexed):
            e = e.replace(
                lambda a, x=x: isinstance(a, Indexed) and a.base == x.base,
                lambda a, x=x, value=value: value.xreplace(
                    dict(zip(x.indices, a.indices, strict=True))
                ),
            )
        elif isinstance(x, AppliedUndef):
            e = e.replace(
                lambda a, x=x: isinstance(a, AppliedUndef) and a.func == x.func,
                lambda a, x=x, value=value: value.xreplace(
                    dict(zip(x.args, a.args, strict=True))
                ),
            )
        else:
            e = e.xreplace({x: value})
    return e
