"""An expression becomes a program: a list of operations of one arithmetic.

The four arithmetics differ in their table of operations and in nothing else. A head
that the table lacks is refused when the program is built, so nothing can fall through
to a wrong function. Equal subexpressions are computed once; a Chain becomes one program,
linear in its depth; a Sum over levels becomes one reduction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Mul,
    NumberSymbol,
    Pow,
    Rational,
    Sum,
    Symbol,
    hyper,
)

from theory import NotEvaluable
from theory.activations.numeric_duals import NumericMean
from theory.chain import Chain

Operation = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What an interpreter needs to know, as one closed table.

    Attributes
    ----------
    name
        How errors call it.
    number
        An exact rational as a value.
    constants
        Named numbers such as π, as functions without arguments.
    add, multiply
        Sum and product of any number of values.
    power
        ``power(base, exponent)`` where the exponent is an exact rational.
    general_power
        Both are values.
    functions
        SymPy head → operation.
    reduce
        ``reduce(body, columns, scalars)``: the sum over levels of a program's values.
    weighted
        ``weighted(weights, summands, columns, scalars)``: several sums at once whose
        summands have the same bare columns, such as g_i, as factors; None where an
        arithmetic gains nothing from that.
    """

    name: str
    number: Callable[[Rational], Any]
    constants: Mapping[Any, Callable[[], Any]]
    add: Callable[[Sequence[Any]], Any]
    multiply: Callable[[Sequence[Any]], Any]
    power: Callable[[Any, Rational], Any]
    general_power: Callable[[Any, Any], Any]
    functions: Mapping[type, Operation]
    reduce: Callable[["Program", Mapping[Any, Any], Mapping[Any, Any]], Any]
    weighted: Callable[..., Any] | None = None


@dataclass(slots=True)
class Program:
    """Operations in order; call it with a value for each of its inputs.

    Slots hold values: the inputs first, then one for each step. Slots that are known
    already carry their value in ``known``; ``heads`` says which expression each step
    computes, and ``named`` which slot holds what a chain binds.

    Raises
    ------
    NotEvaluable
        When it is called without one of its inputs.
    """

    arithmetic: Arithmetic
    inputs: list[Expr] = field(default_factory=list)
    steps: list[tuple[int, Operation, tuple[int, ...]]] = field(default_factory=list)
    result: int = 0
    size: int = 0
    known: dict[int, Any] = field(default_factory=dict)
    heads: dict[int, Expr] = field(default_factory=dict)
    named: dict[Symbol, int] = field(default_factory=dict)

    @property
    def open_inputs(self) -> dict[int, Expr]:
        """Slot → name of the inputs that have no value yet."""
        return {s: x for s, x in enumerate(self.inputs) if s not in self.known}

    def append(self, e: Expr, operation: Operation, arguments: tuple[int, ...]) -> int:
        """Add the step that computes ``e``; the slot of its value."""
        slot = self.size
        self.heads[slot] = e
        self.steps.append((slot, operation, arguments))
        self.size += 1
        return slot

    def __call__(self, values: Mapping[Any, Any]) -> Any:
        """Evaluate; keys are symbols, indexed symbols, or the base of indexed ones."""
        return self._run(values)[self.result]

    def bound(self, values: Mapping[Any, Any]) -> dict[Symbol, Any]:
        """The value of every symbol that the chain binds.

        Examples
        --------
        >>> from numerics.interpreters.arrays import ARRAYS
        >>> from sympy.abc import x, y
        >>> build(Chain(((y, x + 1),), y**2), ARRAYS).bound({x: 2.0})
        {y: np.float64(3.0)}
        """
        slots = self._run(values)
        return {symbol: slots[slot] for symbol, slot in self.named.items()}

    def _run(self, values: Mapping[Any, Any]) -> list[Any]:
        slots: list[Any] = [None] * self.size
        for slot, value in self.known.items():
            slots[slot] = value
        for slot, name in self.open_inputs.items():
            slots[slot] = self._value(name, values)
        for slot, operation, arguments in self.steps:
            slots[slot] = operation(*[slots[a] for a in arguments])
        return slots

    def constants_folded(self) -> "Program":
        """The program with every step that no input reaches already evaluated.

        A float or a ball is folded at the precision of this moment.

        Examples
        --------
        >>> from numerics.interpreters.arrays import ARRAYS
        >>> from sympy import pi
        >>> from theory.notation import t
        >>> len(build(t + pi**2, ARRAYS).constants_folded().steps)
        1
        """
        return self._folded(dict(self.known), lambda _: True)

    def given(
        self, values: Mapping[Expr, Any], exact: Callable[[Any], bool]
    ) -> "Program":
        """The program with some inputs put in, and with what follows from them alone
        evaluated as far as it stays ``exact``: that holds at every precision.

        Examples
        --------
        >>> from flint import fmpq
        >>> from numerics.interpreters.balls import BALLS
        >>> from sympy.abc import x, y
        >>> half = build(x * (y + 1), BALLS).given({y: fmpq(2)}, lambda v: True)
        >>> len(half.steps), half({x: fmpq(1, 2)})
        (1, 3/2)
        """
        known = self.known | {
            slot: values[name]
            for slot, name in enumerate(self.inputs)
            if name in values
        }
        return self._folded(known, exact)

    def _folded(self, known: dict[int, Any], keep: Callable[[Any], bool]) -> "Program":
        left = []
        for slot, operation, arguments in self.steps:
            if all(a in known for a in arguments):
                value = operation(*[known[a] for a in arguments])
                if keep(value):
                    known[slot] = value
                    continue
            left.append((slot, operation, arguments))
        used = {self.result, *range(len(self.inputs))}.union(*(a for _, _, a in left))
        kept = {slot: value for slot, value in known.items() if slot in used}
        return replace(self, steps=left, known=kept)

    def _value(self, name: Expr, values: Mapping[Any, Any]) -> Any:
        if name in values:
            return values[name]
        if isinstance(name, Indexed) and name.base in values:
            return values[name.base]
        given = ", ".join(map(str, values)) or "nothing"
        raise NotEvaluable(
            f"{self.arithmetic.name}: no value for {name} (given: {given})"
        )


def build(source: Chain | Expr, arithmetic: Arithmetic) -> Program:
    """The program that evaluates an expression or a chain in an arithmetic.

    Raises
    ------
    NotEvaluable
        When the table has no operation for some head; the message names it.

    Examples
    --------
    >>> from numerics.interpreters.arrays import ARRAYS
    >>> from theory.notation import t
    >>> build(t**2 + 1, ARRAYS)({t: 3.0})
    np.float64(10.0)
    """
    chain = source if isinstance(source, Chain) else Chain((), source)
    used = chain.free_symbols
    inputs = _inputs(chain, used)
    program = Program(arithmetic, inputs=inputs, size=len(inputs))
    slot_of: dict[Expr, int] = {name: slot for slot, name in enumerate(inputs)}
    if arithmetic.weighted is not None:
        _join_sums(chain, program, slot_of)
    for symbol, expression in chain.bindings:
        slot_of[symbol] = _compile(expression, program, slot_of)
        program.named[symbol] = slot_of[symbol]
    program.result = _compile(chain.result, program, slot_of)
    return program


def _inputs(chain: Chain, free: set[Symbol]) -> list[Expr]:
    """Free symbols and indexed symbols; indices and Sum limits are not inputs."""
    expressions = [e for _, e in chain.bindings] + [chain.result]
    indexed = set().union(*(_outside_sums(e) for e in expressions))
    sums = set().union(*(e.atoms(Sum) for e in expressions))
    bases = set().union(*(_bases(s) for s in sums))
    limits = set().union(*(s.limits[0][1].free_symbols for s in sums), set())
    limits |= set().union(*(s.limits[0][2].free_symbols for s in sums), set())
    columns = indexed | bases
    labels = {
        column.base.label if isinstance(column, Indexed) else column.label
        for column in columns
    }
    indices = set().union(
        *(index.free_symbols for c in indexed for index in c.indices), set()
    )
    inside = set().union(*(e.free_symbols for e in expressions))
    plain = {s for s in free & inside if s not in labels and s not in limits}
    plain -= indices | indexed
    plain = {s for s in plain if not isinstance(s, Indexed)}
    return sorted(plain | columns, key=str)


def _outside_sums(e: Expr) -> set[Indexed]:
    if isinstance(e, Sum):
        return set()
    if isinstance(e, Indexed):
        return {e}
    return set().union(*(_outside_sums(a) for a in e.args), set())


def _bases(e: Sum) -> set[IndexedBase]:
    return {a.base for a in e.function.atoms(Indexed)}


def _compile(e: Expr, program: Program, slot_of: dict[Expr, int]) -> int:
    """Append what computes ``e``; the slot that holds it."""
    if e in slot_of:
        return slot_of[e]
    operation, children = _operation(e, program.arithmetic)
    arguments = tuple(_compile(child, program, slot_of) for child in children)
    slot = program.append(e, operation, arguments)
    slot_of[e] = slot
    return slot


def _operation(e: Expr, table: Arithmetic) -> tuple[Operation, tuple]:
    if isinstance(e, Rational):
        return (lambda: table.number(e)), ()
    if isinstance(e, NumberSymbol):
        if e in table.constants:
            return table.constants[e], ()
    elif isinstance(e, Add):
        return (lambda *terms: table.add(terms)), e.args
    elif isinstance(e, Mul):
        return (lambda *factors: table.multiply(factors)), e.args
    elif isinstance(e, Pow):
        if isinstance(e.exp, Rational):
            return (lambda base: table.power(base, e.exp)), (e.base,)
        return table.general_power, (e.base, e.exp)
    elif isinstance(e, Sum):
        return _reduction(e, table)
    elif isinstance(e, hyper) and hyper in table.functions:
        return table.functions[hyper], (*e.ap, *e.bq, e.argument)
    elif isinstance(e, NumericMean) and e.func in table.functions:
        # the activation is no value: it is part of the operation
        return partial(table.functions[e.func], e.args[0]), e.args[1:]
    elif isinstance(e, NumericMean):
        raise NotEvaluable(
            f"{table.name}: the dual of φ(z) = {e.activation} has no closed form; it is "
            "a number in float64 with a stated error, not an enclosure"
        )
    elif e.func in table.functions:
        return table.functions[e.func], e.args
    elif hasattr(e, "definition"):
        return (lambda value: value), (e.definition,)
    what = e.func.__name__ if e.args else repr(e)
    raise NotEvaluable(f"{table.name}: no evaluation of {what} in {str(e)[:80]}")


def _reduction(e: Sum, table: Arithmetic) -> tuple[Operation, tuple]:
    """A Sum over one index becomes a program for its summand and one reduction."""
    if len(e.limits) != 1 or e.limits[0][1] != 1:
        raise NotEvaluable(
            f"{table.name}: only sums over one index from 1 are evaluated, not {e}"
        )
    body = build(e.function, table)
    columns = [name for name in body.inputs if isinstance(name, Indexed)]
    scalars = [name for name in body.inputs if not isinstance(name, Indexed)]
    bases = list(dict.fromkeys(column.base for column in columns))

    def reduce(*values: Any) -> Any:
        held = dict(zip(bases, values[: len(bases)], strict=True))
        rest = dict(zip(scalars, values[len(bases) :], strict=True))
        return table.reduce(body, {c: held[c.base] for c in columns}, rest)

    return reduce, (*bases, *scalars)


def _join_sums(chain: Chain, program: Program, slot_of: dict[Expr, int]) -> None:
    """Sums over levels with equal weights become one step, which shares their summands.

    Σ g L (1 − L) and Σ g L² both need 1/(λ + C); it is the costly part. Sums that hold a
    symbol bound by the chain are left to come one by one.
    """
    bound = {symbol for symbol, _ in chain.bindings}
    expressions = [e for _, e in chain.bindings] + [chain.result]
    groups: dict[tuple[IndexedBase, ...], list[Sum]] = {}
    for e in expressions:
        for one in sorted(e.atoms(Sum), key=str):
            if not one.free_symbols & bound and _is_over_levels(one):
                weights = tuple(x.base for x in _bare_factors(one))
                members = groups.setdefault(weights, [])
                members += [one] if one not in members else []
    for weights, sums in groups.items():
        bodies = [
            Mul(*(x for x in _factors(e) if x not in _bare_factors(e))) for e in sums
        ]
        names = [Dummy(f"summand_{i}") for i in range(len(sums))]
        pairs = tuple(zip(names, bodies, strict=True))
        body = build(Chain(pairs, names[-1]), program.arithmetic)
        columns = [name for name in body.inputs if isinstance(name, Indexed)]
        scalars = [name for name in body.inputs if not isinstance(name, Indexed)]
        held = (*weights, *(x.base for x in columns), *scalars)
        step = _joint(program.arithmetic, len(weights), names, body, columns, scalars)
        arguments = tuple(_compile(x, program, slot_of) for x in held)
        slot = program.append(sums[0], step, arguments)
        for i, one in enumerate(sums):
            slot_of[one] = program.append(one, itemgetter(i), (slot,))


def _factors(e: Sum) -> tuple[Expr, ...]:
    return Mul.make_args(e.function)


def _bare_factors(e: Sum) -> list[Indexed]:
    return [x for x in _factors(e) if isinstance(x, Indexed)]


def _is_over_levels(e: Sum) -> bool:
    return len(e.limits) == 1 and e.limits[0][1] == 1


def _joint(table, loads: int, names, body: Program, columns, scalars) -> Operation:
    def reduce(*values: Any) -> list[Any]:
        split = loads + len(columns)
        given = dict(zip(columns, values[loads:split], strict=True))
        rest = dict(zip(scalars, values[split:], strict=True))

        def summands(at: Mapping[Any, Any]) -> list[Any]:
            found = body.bound(at)
            return [found[name] for name in names]

        return table.weighted(values[:loads], summands, given, rest)

    return reduce
