"""Kernels of nets whose activation's dual is a number: float64 with a stated error.

The chain of layers is the one that theory writes; its duals are read from tables, one for
each layer's variance. A table's error is carried to the kernel by moving each dual by
its error in turn, at angles all over [0, π], and adding up what the kernel moves.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda

from numerics.duals.pair_quadrature import ROUNDING
from numerics.duals.pair_sums import PairSums, masses
from numerics.duals.tables import fall_table, half_table
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory import Kernel
from theory.activations import activation
from theory.activations.named import numeric
from theory.activations.numeric_duals import (
    HEADS,
    NumericMean,
    numeric_apart,
    numeric_dual,
    numeric_fall,
    numeric_half,
    numeric_pair,
)
from theory.activations.series_duals.softplus_dual import HEADS as SOFTPLUS
from theory.activations.series_duals.swish_dual import HEADS as SWISH
from theory.activations.series_duals.tanh_dual import HEADS as TANH
from theory.chain import Chain
from theory.errors import OutOfDomain, Unsupported
from theory.kernels.combined import joined
from theory.kernels.elementary import net_chain
from theory.notation import d as symbol_d
from theory.notation import u

Floats = NDArray[np.float64]
_GRID = (
    np.sin(np.concatenate([[0.0, 1e-9, 1e-5], np.linspace(1e-3, np.pi - 2e-3, 61)]) / 2)
    ** 2
)
_END = np.cos(np.array([2e-3, 1e-4, 1e-6, 1e-7, 1e-8, 0.0]) / 2) ** 2
OPPOSITE = 2.0**-20


def _half(f: Lambda, variance: Any, half: Any) -> Any:
    found = half_table(f, float(variance))
    return found.at_one if np.ndim(half) == 0 and half == 0 else found(half)


def _fall(phi: Lambda, variance: Any, half: Any) -> Any:
    return fall_table(phi, float(variance))(half)


def _dual(f: Lambda, first: Any, second: Any, cosine: Any) -> Any:
    if first is second and np.ndim(cosine) == 0 and cosine == 1:
        return masses(f, first)
    return _pair(f, first, second, (1 - cosine) / 2)


def _pair(f: Lambda, first: Any, second: Any, half: Any) -> Any:
    return PairSums(f, first, second, half).dual()


def _apart(f: Lambda, first: Any, second: Any, half: Any) -> Any:
    return PairSums(f, first, second, half).apart()[0]


NUMERIC = replace(
    ARRAYS,
    name="float64 arrays with numeric duals",
    functions=dict(ARRAYS.functions)
    | {
        numeric_half: _half,
        numeric_fall: _fall,
        numeric_dual: _dual,
        numeric_pair: _pair,
        numeric_apart: _apart,
    },
)
SERIES = (*TANH, *SWISH, *SOFTPLUS)
"""Functions that float64 has no operation for; their activations have tables too."""


def needs_tables(kernel: Kernel) -> bool:
    """Whether some dual of the kernel is a Gaussian integral without a closed form.

    Examples
    --------
    >>> from theory import kernels
    >>> [needs_tables(kernels.ntk(f)) for f in ("relu", "tanh", "arctan")]
    [False, False, True]
    """
    return kernel.half().has(*HEADS)


def has_series(kernel: Kernel) -> bool:
    """Whether some dual is a series that float64 sums by tables.

    Examples
    --------
    >>> from theory import kernels
    >>> [has_series(kernels.ntk(f)) for f in ("relu", "tanh", "arctan")]
    [False, True, False]
    """
    return kernel.half().has(*SERIES)


@dataclass(frozen=True, eq=False)
class NumericKernel:
    """K as a function of u in float64; ``error`` bounds values absolutely, u ≤ 1 − 2^-20."""

    kernel: Kernel
    program: Program

    def __call__(self, half: Any) -> Floats:
        """K at u = (1 − t)/2, an array of any shape."""
        at = np.asarray(half, dtype=np.float64)
        found = np.asarray(self.program({u: at}), dtype=np.float64)
        if not np.all(np.isfinite(found)):
            raise OutOfDomain(f"kernel {self.kernel} leaves the range of float64")
        return np.broadcast_to(found, at.shape)

    @cached_property
    def error(self) -> float:
        """First order in the errors of the duals, and twice that to be safe."""
        moved, size = moved_by_errors(self.program, {u: _GRID})
        return float(np.max(moved + rounding_of(self.program) * np.max(size)))

    @cached_property
    def opposite_error(self) -> float:
        """The same for u above 1 − 2^-20, where errors of u enter with their root."""
        moved, _ = moved_by_errors(self.program, {u: _END})
        # u itself is rounded in each layer
        layers = 1 + len(self.program.steps) // 8
        far = np.maximum(_END - layers * 2.0**-52, 0.0)
        rounded = np.abs(self.program({u: far}) - self.program({u: _END}))
        return self.error + float(np.max(moved + 2 * rounded))


def moved_by_errors(program: Program, inputs: dict[Any, Any]) -> tuple[Any, Any]:
    """Twice what the errors of the duals move the result by, and its size.

    Each dual is moved by its error in turn, and the movements are added up.
    """
    slots = _run(program, inputs, {})
    value, moved = slots[program.result], 0.0
    for slot, _, arguments in program.steps:
        e = program.heads[slot]
        if isinstance(e, NumericMean):
            size = _error_of(e, [slots[a] for a in arguments], slots[slot])
            ways = [
                _run(program, inputs, {slot: slots[slot] + way * size}, slots)
                for way in (1, -1)
            ]
            apart = [np.abs(way[program.result] - value) for way in ways]
            moved = moved + np.maximum(*apart)
    return 2 * moved, np.abs(value)


def rounding_of(program: Program) -> float:
    """The relative rounding of all steps together."""
    return ROUNDING * (1 + len(program.steps) / 16)


def _run(
    program: Program, inputs: dict[Any, Any], given: dict[int, Any], known: Any = None
) -> list[Any]:
    """All slots; with ``known``, what does not depend on a given one is kept."""
    slots: list[Any] = [None] * program.size
    changed = set(given)
    for slot, value in program.known.items():
        slots[slot] = value
    for slot, name in enumerate(program.inputs):
        slots[slot] = inputs[name]
    for slot, operation, arguments in program.steps:
        if slot in given:
            slots[slot] = given[slot]
        elif known is not None and not changed.intersection(arguments):
            slots[slot] = known[slot]
        else:
            slots[slot] = operation(*[slots[a] for a in arguments])
            changed.add(slot)
    return slots


def _error_of(e: NumericMean, arguments: list[Any], value: Any) -> Any:
    if isinstance(e, numeric_half):
        return half_table(e.args[0], float(arguments[0])).error
    if isinstance(e, numeric_fall):
        table = fall_table(e.args[0], float(arguments[0]))
        share = np.clip(arguments[1], 0.0, 1.0)
        return table.error * (np.sqrt(share) if table.jumps else share)
    if isinstance(e, numeric_apart):
        return PairSums(e.args[0], *arguments).apart()[1]
    if isinstance(e, numeric_pair):
        return PairSums(e.args[0], *arguments).error(value)
    return ROUNDING * np.abs(value)


def as_integrals(kernel: Kernel) -> Any:
    """A net's activation with its dual as the integral."""
    return numeric(activation(kernel["activation"]))


def without_series(kernel: Kernel) -> Chain:
    """The chain in u, with the duals of tanh and its kin as integrals too."""
    if not has_series(kernel):
        return kernel.half()
    if kernel.family in {"ntk", "nngp"}:
        return net_chain(kernel, as_integrals(kernel))
    parts = [part for _, part in kernel.parameters]
    if kernel.family in COMBINE:
        return joined([without_series(part) for part in parts], COMBINE[kernel.family])
    raise Unsupported(f"{kernel}: float64 tables of its series are not combined so")


COMBINE: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda a, b: a + b,
    "product": lambda a, b: a * b,
}


@lru_cache(maxsize=128)
def numeric_kernel(kernel: Kernel, dimension: int) -> NumericKernel:
    """A kernel as a function of u with a stated error.

    Raises
    ------
    OutOfDomain
        When the kernel holds symbols besides d.

    Examples
    --------
    >>> from theory import kernels
    >>> K = numeric_kernel(kernels.nngp("arctan"), 3)
    >>> K(np.array([0.0])).round(6), K.error < 1e-12
    (array([0.640892]), True)
    """
    chain = without_series(kernel).subs({symbol_d: dimension})
    loose = chain.free_symbols - {u}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        raise OutOfDomain(
            f"kernel {kernel} has the symbols {names}; numbers are needed"
        )
    program = build(chain, NUMERIC)
    return NumericKernel(kernel, kept_in_range(program).constants_folded())


def kept_in_range(program: Program) -> Program:
    """The program with every layer's u kept in [0, 1], which rounding may leave."""
    steps = [
        (slot, _bounded(operation) if _is_half_angle(program, slot) else operation, a)
        for slot, operation, a in program.steps
    ]
    return replace(program, steps=steps)


def _is_half_angle(program: Program, slot: int) -> bool:
    return any(
        name.name.startswith("u_") and at == slot for name, at in program.named.items()
    )


def _bounded(operation: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: np.clip(operation(*values), 0.0, 1.0)
