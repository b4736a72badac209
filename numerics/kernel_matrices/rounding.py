"""Kernel programs in float64 with a bound of what rounding did to every entry.

Forwards every step keeps its value. Backwards the derivatives of the result in every
step are found, as in reverse differentiation; each step's own rounding error, times that
derivative, adds to the bound. So the bound knows which errors cancel and which grow,
which interval arithmetic through many layers does not. It is of first order: products
of two rounding errors, some 2^-80 relative, are left out.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Add, Max, Min, Mul, Pow, Rational, Symbol

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory import NotEvaluable
from theory.activations.angle import angle, sine_lag

Floats = NDArray[np.float64]
UNIT = 2.0**-53
"""The largest relative error of one rounded operation."""
ELEMENTARY = 8.0
"""Units that NumPy's elementary functions may be off by: it promises 4 ulps."""
ANGLE = 12.0
SPECIAL = 32.0
_x = Symbol("x", real=True)

SMOOTH = {
    sympy.exp: ELEMENTARY,
    sympy.log: ELEMENTARY,
    sympy.sin: ELEMENTARY,
    sympy.cos: ELEMENTARY,
    sympy.tan: ELEMENTARY,
    sympy.asin: ELEMENTARY,
    sympy.acos: ELEMENTARY,
    sympy.atan: ELEMENTARY,
    sympy.sinh: ELEMENTARY,
    sympy.cosh: ELEMENTARY,
    sympy.tanh: ELEMENTARY,
    sympy.asinh: ELEMENTARY,
    sympy.atanh: ELEMENTARY,
    sympy.erf: SPECIAL,
    sympy.erfc: SPECIAL,
    sympy.Abs: 0.0,
}
"""Function of one argument → units of relative error of its float64 value."""


@lru_cache(maxsize=64)
def _derivative(head: type) -> Program:
    if head is sympy.Abs:
        return build(sympy.sign(_x), ARRAYS)
    return build(head(_x).diff(_x), ARRAYS)


class Rounded:
    """One step: its value, how much it was rounded, and its derivatives."""

    def value(self, arguments: Sequence[Any]) -> Any:
        """The float64 value."""
        raise NotImplementedError

    def error(self, value: Any, arguments: Sequence[Any]) -> Any:
        """Bound of the step's own rounding error; 0 where there is none."""
        raise NotImplementedError

    def slopes(self, value: Any, arguments: Sequence[Any]) -> list[Any]:
        """The derivative in every argument."""
        raise NotImplementedError


def _by_size(values: Sequence[Any]) -> list[Any]:
    """Numbers before columns before matrices, so that few products are large."""
    return sorted(values, key=np.size)


class Sum(Rounded):
    """A sum of some terms."""

    def value(self, arguments):  # noqa: D102
        total, *rest = _by_size(arguments)
        for term in rest:
            total = total + term
        return total

    def error(self, value, arguments):  # noqa: D102
        if len(arguments) == 2:
            return UNIT * np.abs(value)
        return (len(arguments) - 1) * UNIT * sum(np.abs(x) for x in arguments)

    def slopes(self, value, arguments):  # noqa: D102, ARG002
        return [1.0] * len(arguments)


class Product(Rounded):
    """A product of some factors."""

    def value(self, arguments):  # noqa: D102
        total, *rest = _by_size(arguments)
        for factor in rest:
            total = total * factor
        return total

    def error(self, value, arguments):  # noqa: D102
        rounded = len(arguments) - 1
        for x in arguments:
            if np.ndim(x) == 0 and abs(np.frexp(x)[0]) == 0.5:
                rounded -= 1  # a power of two
        return max(rounded, 0) * UNIT * np.abs(value)

    def slopes(self, value, arguments):  # noqa: D102, ARG002
        if len(arguments) == 2:
            return [arguments[1], arguments[0]]
        return [
            self.value([y for j, y in enumerate(arguments) if j != i])
            for i in range(len(arguments))
        ]


class Power(Rounded):
    """A rational power."""

    def __init__(self, exponent: Rational) -> None:
        self.exponent, self.number = exponent, float(exponent)

    def value(self, arguments):  # noqa: D102
        return ARRAYS.power(arguments[0], self.exponent)

    def error(self, value, arguments):  # noqa: D102, ARG002
        known = {2.0: 1.0, -1.0: 1.0, 0.5: 1.0, -0.5: 2.0}
        return known.get(self.number, ELEMENTARY) * UNIT * np.abs(value)

    def slopes(self, value, arguments):  # noqa: D102
        (base,) = arguments
        if self.number == 2.0:
            return [2.0 * base]
        return [self.number * value / base]


class Function(Rounded):
    """A function of one argument, its derivative as SymPy knows it."""

    def __init__(self, head: type) -> None:
        self.run, self.units = ARRAYS.functions[head], SMOOTH[head]
        self.derivative = _derivative(head)

    def value(self, arguments):  # noqa: D102
        return self.run(*arguments)

    def error(self, value, arguments):  # noqa: D102, ARG002
        return self.units * UNIT * np.abs(value)

    def slopes(self, value, arguments):  # noqa: D102, ARG002
        return [self.derivative({_x: arguments[0]})]


class Angle(Function):
    """θ of u, whose slope is 1/√(u(1 − u))."""

    def __init__(self) -> None:
        self.run, self.units = ARRAYS.functions[angle], ANGLE

    def slopes(self, value, arguments):  # noqa: D102, ARG002
        (u,) = arguments
        return [1 / np.sqrt(u * (1 - u))]


class SineLag(Function):
    """Sin θ − θ cos θ of u: given θ too, so that it is found once; slope 2θ."""

    def __init__(self) -> None:
        self.run = ARRAYS.functions[sine_lag]

    def value(self, arguments):  # noqa: D102
        return self.run(*arguments)

    def error(self, value, arguments):  # noqa: D102
        u, theta = arguments
        direct = 3 * UNIT * value + (ANGLE + 4) * UNIT * theta * np.abs(1 - 2 * u)
        return np.where(u < 0.125, 12 * UNIT * value, direct)

    def slopes(self, value, arguments):  # noqa: D102, ARG002
        return [2 * arguments[1], 0.0]  # the error of θ is in the step's own


class Extreme(Rounded):
    """The largest or smallest of some values."""

    def __init__(self, head: type) -> None:
        self.run = ARRAYS.functions[head]

    def value(self, arguments):  # noqa: D102
        return self.run(*arguments)

    def error(self, value, arguments):  # noqa: D102, ARG002
        return 0.0

    def slopes(self, value, arguments):  # noqa: D102
        return [(x == value) * 1.0 for x in arguments]


class Same(Rounded):
    """A name for another value."""

    def value(self, arguments):  # noqa: D102
        return arguments[0]

    def error(self, value, arguments):  # noqa: D102, ARG002
        return 0.0

    def slopes(self, value, arguments):  # noqa: D102, ARG002
        return [1.0]


def _rounded_step(e: Any) -> Rounded:
    if isinstance(e, Add):
        return Sum()
    if isinstance(e, Mul):
        return Product()
    if isinstance(e, Pow) and isinstance(e.exp, Rational):
        return Power(e.exp)
    if e.func in (Max, Min):
        return Extreme(e.func)
    if isinstance(e, angle):
        return Angle()
    if isinstance(e, sine_lag):
        return SineLag()
    if e.func in SMOOTH:
        return Function(e.func)
    if hasattr(e, "definition"):
        return Same()
    raise NotEvaluable(
        f"float64 with error bounds: no rule for {e.func.__name__} in {str(e)[:80]}"
    )


class BoundedProgram:
    """The steps of a program that depend on the pair, with bounds of their rounding.

    Parameters
    ----------
    program
        Built with ``ARRAYS``.
    given
        Slots whose values come from outside, with relative errors of half an ulp.

    Raises
    ------
    NotEvaluable
        When a step has no float64 rule with an error bound.
    """

    def __init__(self, program: Program, given: set[int]) -> None:
        self.result, self.size, self.given = program.result, program.size, given
        self.steps: list[tuple[int, Rounded, tuple[int, ...]]] = []
        angles = {
            arguments[0]: slot
            for slot, _, arguments in program.steps
            if isinstance(program.heads[slot], angle)
        }
        missing = program.size
        for slot, _, arguments in program.steps:
            if slot in given:
                continue
            rule = _rounded_step(program.heads[slot])
            if isinstance(rule, SineLag):
                (u,) = arguments
                if angles.get(u, missing) > slot:
                    # θ of the same u, moved before the first step that needs it
                    angles[u] = self.size
                    self.steps.append((self.size, Angle(), (u,)))
                    self.size += 1
                arguments = (u, angles[u])
            self.steps.append((slot, rule, arguments))
        self.steps = self._merged_angles()
        self.last_use = self._last_uses()

    def _merged_angles(self) -> list[tuple[int, Rounded, tuple[int, ...]]]:
        """Steps with every angle of one u computed once."""
        first: dict[int, int] = {}
        renamed: dict[int, int] = {}
        kept = []
        for slot, rule, arguments in self.steps:
            arguments = tuple(renamed.get(a, a) for a in arguments)
            if isinstance(rule, Angle):
                if arguments[0] in first:
                    renamed[slot] = first[arguments[0]]
                    continue
                first[arguments[0]] = slot
            kept.append((slot, rule, arguments))
        self.result = renamed.get(self.result, self.result)
        return kept

    def _last_uses(self) -> set[int]:
        return {slot for slot, _, _ in self.steps}

    def __call__(
        self, values: Mapping[int, Any], errors: Mapping[int, Any]
    ) -> tuple[Any, Any]:
        """The result and its bound, both of the shape that the inputs broadcast to.

        Parameters
        ----------
        values
            Slot → value, for every slot that is given.
        errors
            Slot → bound of its absolute error, where that is not half an ulp.
        """
        slots: dict[int, Any] = dict(values)
        with np.errstate(all="ignore"):
            for slot, rule, arguments in self.steps:
                slots[slot] = rule.value([slots[a] for a in arguments])
            bound: Any = 0.0
            slopes: dict[int, Any] = {self.result: 1.0}
            for slot, rule, arguments in reversed(self.steps):
                slope = slopes.pop(slot, None)
                if slope is None:
                    continue
                held = [slots[a] for a in arguments]
                own = rule.error(slots[slot], held)
                if np.ndim(own) or own:
                    bound = bound + np.abs(slope) * own
                for a, inner in zip(
                    arguments, rule.slopes(slots[slot], held), strict=True
                ):
                    if np.ndim(inner) == 0 and inner == 0.0:
                        continue
                    part = (
                        slope
                        if np.ndim(inner) == 0 and inner == 1.0
                        else (slope * inner)
                    )
                    slopes[a] = slopes[a] + part if a in slopes else part
            for slot, slope in slopes.items():
                own = errors.get(slot)
                if own is None:
                    own = UNIT * np.abs(slots[slot])
                bound = bound + np.abs(slope) * own
        return slots[self.result], bound


Evaluate = Callable[[Mapping[int, Any], Mapping[int, Any]], tuple[Any, Any]]
