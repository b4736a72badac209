"""A kernel made ready for matrices: what needs a point, and what needs a pair.

The variances of a net's layers depend on one point alone. They are enclosed in balls,
once for each point, and only what depends on both points is computed in float64. The
diagonal has a program of its own, which knows that both inputs are one point.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import Expr, Max, Min, S, Symbol, nan, oo, zoo

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, Value, as_ball
from numerics.interpreters.program import Program, build
from numerics.kernel_matrices.rounding import BoundedProgram
from numerics.numbers.precision import working_precision
from theory import Kernel, NoConvergence, NotEvaluable, OutOfDomain
from theory.chain import Chain
from theory.kernels.unequal_norms import norm1, norm2, one_point_form, two_norm_form
from theory.notation import d as symbol_d
from theory.notation import u

PRECISIONS = (96, 192, 384, 768, 1536, 3072, 6144)
WANTED = 2.0**-60
LARGEST, SMALLEST = np.finfo(np.float64).max, np.finfo(np.float64).tiny


@dataclass(frozen=True)
class KernelPrograms:
    """The programs of one kernel in one dimension, for equal or own norms.

    Attributes
    ----------
    label
        The kernel, for messages.
    balls
        The whole kernel in balls, a program in u, r₁ and r₂.
    clipped
        The same with every layer's u kept in [0, 1], which a ball around 0 leaves.
    once
        K(x, x) in balls, a program in r₁; None where it is infinite.
    floats
        What depends on pairs in float64 with bounds; None where there is no such form.
    constants, first, second
        Slots of ``balls`` that pairs need and that depend on nothing, on the first point
        alone, on the second alone.
    """

    label: str
    balls: Program
    clipped: Program
    once: Program | None
    floats: BoundedProgram | None
    constants: tuple[int, ...]
    first: tuple[int, ...]
    second: tuple[int, ...]
    inputs: dict[Expr, int] = field(default_factory=dict)
    needed: dict[tuple[int, ...], list[tuple]] = field(default_factory=dict, repr=False)

    def known(self, wanted: tuple[int, ...], values: dict[Expr, Value]) -> list[float]:
        """Slots that depend on one point or none, enclosed and rounded to float64."""
        if not wanted:
            return []
        if wanted not in self.needed:
            self.needed[wanted] = self._needed(wanted)
        needed = self.needed[wanted]
        for bits in PRECISIONS:
            with working_precision(bits):
                try:
                    slots = self._run(needed, values)
                except (ZeroDivisionError, ValueError):
                    break
                found = [slots[slot] for slot in wanted]
                if all(_settled(value) for value in found):
                    return [_float(value) for value in found]
        return [np.nan] * len(wanted)

    def _needed(self, wanted: tuple[int, ...]) -> list[tuple]:
        arguments = {slot: a for slot, _, a in self.balls.steps}
        held, stack = set(), list(wanted)
        while stack:
            slot = stack.pop()
            if slot in held:
                continue
            held.add(slot)
            stack += arguments.get(slot, ())
        return [step for step in self.balls.steps if step[0] in held]

    def _run(self, steps: list[tuple], values: dict[Expr, Value]) -> dict[int, Value]:
        slots = {self.inputs[name]: value for name, value in values.items()}
        for slot, operation, arguments in steps:
            slots[slot] = operation(*[slots[a] for a in arguments])
        return slots

    def diagonal(self, square: fmpq) -> float:
        """K(x, x) at ‖x‖²/d, enclosed and rounded.

        Raises
        ------
        OutOfDomain
            When it is not finite or leaves float64; the message says in which layer.
        """
        if self.once is None:
            raise OutOfDomain(f"{self.label} is not a finite real number at t = 1")
        for bits in PRECISIONS:
            with working_precision(bits):
                try:
                    value = self.once({norm1: square})
                except (ZeroDivisionError, ValueError):
                    break
                if isinstance(value, arb) and not value.is_finite():
                    continue
                if _settled(value):
                    return self._in_range(value, square)
        where = self._where(square)
        what = f"overflows float64{where}; scale the kernel"
        never = "is not a finite real number at t = 1"
        raise OutOfDomain(f"{self.label} {what if where else never}")

    def _in_range(self, value: Value, square: fmpq) -> float:
        found = _float(value)
        if (found != 0 and SMALLEST <= abs(found) <= LARGEST) or value == 0:
            return found
        power = float((abs(as_ball(value)).log() / arb(10).log()).mid())
        side = "overflows" if power > 0 else "underflows"
        size = f"1e{power // 1:.0f}" if abs(power) < 1e15 else f"10^({power:.3g})"
        raise OutOfDomain(
            f"{self.label} {side} float64: K(x, x) is about {size}"
            f"{self._where(square)}; scale the kernel, or take eigenvalues in balls"
        )

    def _where(self, square: fmpq) -> str:
        """The first binding that leaves float64, in words."""
        once = self.once
        if once is None:
            return ""
        with working_precision(PRECISIONS[1]):
            try:
                found = once.bound({norm1: square})
            except (ZeroDivisionError, ValueError):
                return ""
        for symbol, value in found.items():
            ball = abs(as_ball(value))
            large = ball > LARGEST or not ball.is_finite()
            if large or (ball < SMALLEST and not ball.contains(0)):
                layer = symbol.name.split("_")[-1].rstrip("xy")
                return f", and {symbol.name} of layer {layer} leaves it first"
        return ""

    def pair(self, half: Any, one: fmpq, other: fmpq, scale: float) -> float:
        """K of one pair in balls, rounded; ``half`` is u as a function of nothing.

        Right to half a unit, or, near a zero of K, within 2^-90 ``scale``.

        Raises
        ------
        OutOfDomain
            When it is not finite, or leaves float64.
        NoConvergence
            When a ball stays too wide at the highest precision.
        """
        where, value = "", None
        for bits in PRECISIONS:
            with working_precision(bits):
                at = half()
                values = {u: at, norm1: one, norm2: other}
                wanted = {name: values[name] for name in self.clipped.inputs}
                where = _cosine(at)
                try:
                    value = self.clipped(wanted)
                except (ZeroDivisionError, ValueError):
                    continue
                if isinstance(value, fmpq):
                    return self._finite(_float(value), where)
                if not value.is_finite():
                    continue
                small = 2.0**-90 * scale if scale else 2.0**-1074
                if _settled(value) or value.rad() <= arb(small):
                    return self._finite(_float(value), where)
        if isinstance(value, arb) and value.is_finite():
            raise NoConvergence(
                f"{self.label}: {PRECISIONS[-1]} bits do not prove it at {where}"
            )
        raise OutOfDomain(f"{self.label} is not a finite real number at {where}")

    def _finite(self, value: float, where: str) -> float:
        if abs(value) > LARGEST:
            raise OutOfDomain(f"{self.label} overflows float64 at {where}")
        return value


def _cosine(half: Value) -> str:
    t = 1 - 2 * half
    return f"t = {t if isinstance(t, fmpq) else t.str(12, radius=False)}"


def _settled(value: Value) -> bool:
    if isinstance(value, fmpq):
        return True
    return value.is_finite() and value.rad() <= WANTED * abs(value.mid())


def _float(value: Value) -> float:
    return float(value.mid()) if isinstance(value, arb) else float(arb(value).mid())


@lru_cache(maxsize=128)
def kernel_programs(kernel: Kernel, dimension: int, norms: str) -> KernelPrograms:
    """The programs of a kernel.

    Raises
    ------
    OutOfDomain
        When the kernel holds symbols besides t and d.
    Unsupported
        When norms differ and the kernel is defined for equal ones only.
    NotEvaluable
        When ball arithmetic cannot evaluate the kernel.
    """
    own = norms == "own"
    bind = {symbol_d: dimension}
    form = (two_norm_form(kernel) if own else kernel.half()).subs(bind)
    loose = form.free_symbols - {u, norm1, norm2}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        raise OutOfDomain(
            f"kernel {kernel} has the symbols {names}; numbers are needed"
        )
    balls, clipped = build(form, BALLS), build(_clipped(form), BALLS)
    diagonal = one_point_form(kernel, own=own).subs(bind)
    once = None if diagonal.has(zoo, nan, oo) else build(diagonal, BALLS)
    depends = _dependence(balls)
    label = f"kernel {kernel}"
    inputs = {name: slot for slot, name in enumerate(balls.inputs)}
    try:
        arrays = build(form, ARRAYS)
        if [a for _, _, a in arrays.steps] != [a for _, _, a in balls.steps]:
            raise NotEvaluable("the two programs differ")
        borders = _borders(balls, depends)
        floats = BoundedProgram(
            arrays,
            {
                slot
                for slot, names in depends.items()
                if len(names) < 2 and u not in names
            },
        )
    except NotEvaluable:
        floats, borders = None, ((), (), ())
    constants, first, second = borders
    return KernelPrograms(
        label, balls, clipped, once, floats, constants, first, second, inputs
    )


def _clipped(chain: Chain) -> Chain:
    """The chain with every layer's u kept in [0, 1]."""

    def bounded(e: Expr) -> Expr:
        # SymPy would look for a proof that one of them is always larger
        below = Min(S.One, e, evaluate=False)
        return Max(S.Zero, below, evaluate=False)

    steps = ((s, bounded(e) if s.name[:2] == "u_" else e) for s, e in chain.bindings)
    return Chain(tuple(steps), chain.result)


def _dependence(program: Program) -> dict[int, frozenset[Symbol]]:
    """What every slot depends on: u, r₁, r₂."""
    found = {slot: frozenset([name]) for slot, name in enumerate(program.inputs)}
    for slot, _, arguments in program.steps:
        found[slot] = frozenset().union(*(found[a] for a in arguments))
    return found


def _borders(program: Program, depends: dict) -> tuple[tuple[int, ...], ...]:
    """Slots of one point or none that steps of pairs need."""
    single = {s for s, names in depends.items() if len(names) < 2 and u not in names}
    needed = {program.result} & single
    for slot, _, arguments in program.steps:
        if slot not in single:
            needed |= set(arguments) & single
    return tuple(
        tuple(sorted(s for s in needed if depends[s] == frozenset(names)))
        for names in ((), (norm1,), (norm2,))
    )
