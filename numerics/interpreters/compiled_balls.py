"""A ball program as one Python function, for the many points of one precision.

The function's text is written here from slot numbers and operators alone; no name or
text of the user enters it. Constants are folded into balls at the precision in force,
so a function must not be used at a higher one (it would be right, and no narrower).
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from flint import arb
from sympy import Add, Mul, Pow, Rational

from numerics.interpreters.balls import angle_and_lag, as_ball, whole_power
from numerics.interpreters.program import Program
from theory.activations.angle import angle, sine_lag

HALF = Rational(1, 2)


def compile_balls(program: Program) -> Callable[[arb], Any]:
    """The program as a function of its single input, which must be a ball.

    Examples
    --------
    >>> from numerics.interpreters.balls import BALLS
    >>> from numerics.interpreters.program import build
    >>> from theory.notation import u
    >>> compile_balls(build(u**2 + 1, BALLS))(arb(3)) == 10
    True
    """
    folded = program.constants_folded()
    scope: dict[str, Any] = {
        "whole_power": whole_power,
        "angle_and_lag": angle_and_lag,
    }
    (slot,) = folded.open_inputs
    lines = [f"def run(s{slot}):"]
    constant = {slot: as_ball(value) for slot, value in folded.known.items()}
    for slot, value in constant.items():
        scope[f"k{slot}"] = value
    pairs = _angles_with_lags(folded)
    for slot, operation, arguments in folded.steps:
        if slot in pairs:
            both = ", ".join(f"s{x}" for x in pairs[slot])
            if both:
                (of,) = arguments
                lines.append(f"    {both} = angle_and_lag({_name(of, constant)})")
            continue
        text = _text(slot, operation, arguments, folded, constant, scope)
        lines.append(f"    s{slot} = {text}")
    lines.append(f"    return {_name(folded.result, constant)}")
    exec(_code("\n".join(lines)), scope)
    return scope["run"]


_code = lru_cache(maxsize=128)(partial(compile, filename="<balls>", mode="exec"))
"""Nets of one depth and activation have one text."""


def _angles_with_lags(program: Program) -> dict[int, tuple[int, ...]]:
    """The angle and the sine lag of one argument: at the first of the two slots both, at
    the second none.

    A net of ReLUs needs both in every layer, and nearly all of its time goes into them.
    """
    seen: dict[tuple[type, int], int] = {}
    found: dict[int, tuple[int, ...]] = {}
    for slot, _, arguments in program.steps:
        head = program.heads[slot].func
        if head not in (angle, sine_lag):
            continue
        seen[head, arguments[0]] = slot
        other = seen.get((sine_lag if head is angle else angle, arguments[0]))
        if other is not None:
            found[other] = (slot, other) if head is angle else (other, slot)
            found[slot] = ()
    return found


def _name(slot: int, constant: dict[int, arb]) -> str:
    return f"k{slot}" if slot in constant else f"s{slot}"


def _text(slot, operation, arguments, program, constant, scope) -> str:
    e = program.heads[slot]
    names = [_name(a, constant) for a in arguments]
    if isinstance(e, (Add, Mul)):
        symbol = " + " if isinstance(e, Add) else " * "
        fixed = [constant[a] for a in arguments if a in constant]
        moving = [_name(a, constant) for a in arguments if a not in constant]
        if fixed:
            total = fixed[0]
            for value in fixed[1:]:
                total = total + value if isinstance(e, Add) else total * value
            scope[f"c{slot}"] = total
            moving.append(f"c{slot}")
        return symbol.join(moving)
    if isinstance(e, Pow) and isinstance(e.exp, Rational):
        (base,) = names
        if e.exp == HALF:
            return f"{base}.sqrt()"
        if e.exp == -HALF:
            return f"{base}.rsqrt()"
        if e.exp == 2:
            return f"{base} * {base}"
        if e.exp.q == 1:
            return f"whole_power({base}, {int(e.exp)})"
    if operation is None:
        return names[0]
    scope[f"f{slot}"] = operation
    return f"f{slot}({', '.join(names)})"
