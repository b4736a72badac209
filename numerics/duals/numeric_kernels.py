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

from numerics.duals.pair_quadrature import ROUNDING, pair_mean
from numerics.duals.tables import fall_table, half_table, plane
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory import Kernel
from theory.activations.numeric_duals import (
    HEADS,
    NumericMean,
    numeric_dual,
    numeric_fall,
    numeric_half,
)
from theory.activations.series_duals.softplus_dual import HEADS as SOFTPLUS
from theory.activations.series_duals.swish_dual import HEADS as SWISH
from theory.activations.series_duals.tanh_dual import HEADS as TANH
from theory.chain import Chain
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d as symbol_d
from theory.notation import u

Floats = NDArray[np.float64]
MOST_PAIRS = 1000
"""Means over pairs of different variances are integrated one by one."""
_GRID = (
    np.sin(np.concatenate([[0.0, 1e-9, 1e-5], np.linspace(1e-3, np.pi, 61)]) / 2) ** 2
)


def _number(x: Any) -> float | None:
    return float(x) if np.ndim(x) == 0 else None


def _half(f: Lambda, variance: Any, half: Any) -> Any:
    found = half_table(f, float(variance))
    return found.at_one if np.ndim(half) == 0 and half == 0 else found(half)


def _fall(phi: Lambda, variance: Any, half: Any) -> Any:
    return fall_table(phi, float(variance))(half)


def _pair(f: Lambda, first: Any, second: Any, cosine: Any) -> Any:
    numbers = [_number(x) for x in (first, second, cosine)]
    if numbers[0] is not None and numbers[0] == numbers[1] and numbers[2] == 1:
        return half_table(f, numbers[0]).at_one
    arrays = np.broadcast_arrays(first, second, cosine)
    rows = np.stack([np.ravel(x) for x in arrays], axis=1)
    unique, where = np.unique(rows, axis=0, return_inverse=True)
    if len(unique) > MOST_PAIRS:
        raise Unsupported(
            f"{len(unique)} means over pairs of different variances, integrated one by "
            f"one: at most {MOST_PAIRS}; use equal norms, or fewer points"
        )
    found = np.array([_one_pair(f, *map(float, row)) for row in unique])
    return found[np.ravel(where)].reshape(arrays[0].shape)


def _one_pair(f: Lambda, first: float, second: float, cosine: float) -> float:
    one, other = plane(f, first), plane(f, second)
    sine = np.sqrt(max(0.0, (1 - cosine) * (1 + cosine)))
    product = lambda x, y: one.values(x) * other.values(y)
    return pair_mean(one, other, product, float(np.arctan2(sine, cosine)))[0]


NUMERIC = replace(
    ARRAYS,
    name="float64 arrays with numeric duals",
    functions=dict(ARRAYS.functions)
    | {numeric_half: _half, numeric_fall: _fall, numeric_dual: _pair},
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


@dataclass(frozen=True, eq=False)
class NumericKernel:
    """K as a function of u in float64; ``error`` bounds every value absolutely."""

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
        slots = self._run({})
        value = slots[self.program.result]
        moved = np.zeros_like(_GRID)
        for slot, _, arguments in self.program.steps:
            e = self.program.heads[slot]
            if isinstance(e, NumericMean):
                size = _error_of(e, [slots[a] for a in arguments], slots[slot])
                other = self._run({slot: slots[slot] + size})[self.program.result]
                moved = moved + np.abs(other - value)
        rounding = ROUNDING * (1 + len(self.program.steps) / 16)
        return float(2 * np.max(moved) + rounding * np.max(np.abs(value)))

    def _run(self, given: dict[int, Any]) -> list[Any]:
        slots: list[Any] = [None] * self.program.size
        for slot, value in self.program.known.items():
            slots[slot] = value
        for slot, name in enumerate(self.program.inputs):
            slots[slot] = {u: _GRID}[name]
        for slot, operation, arguments in self.program.steps:
            slots[slot] = (
                given[slot]
                if slot in given
                else operation(*[slots[a] for a in arguments])
            )
        return slots


def _error_of(e: NumericMean, arguments: list[Any], value: Any) -> Any:
    if isinstance(e, numeric_half):
        return half_table(e.args[0], float(arguments[0])).error
    if isinstance(e, numeric_fall):
        table = fall_table(e.args[0], float(arguments[0]))
        share = np.clip(arguments[1], 0.0, 1.0)
        return table.error * (np.sqrt(share) if table.jumps else share)
    return ROUNDING * np.abs(value)


def without_series(kernel: Kernel) -> Chain:
    """The chain in u, with the duals of tanh and its kin as integrals too."""
    from theory.activations import activation
    from theory.activations.named import numeric
    from theory.kernels.elementary import net_chain

    if kernel.family in {"ntk", "nngp"} and kernel.half().has(*SERIES):
        return net_chain(kernel, numeric(activation(kernel["activation"])))
    return kernel.half()


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
    steps = [
        (slot, _bounded(operation) if _is_half_angle(program, slot) else operation, a)
        for slot, operation, a in program.steps
    ]
    return NumericKernel(kernel, replace(program, steps=steps).constants_folded())


def _is_half_angle(program: Program, slot: int) -> bool:
    return any(
        name.name.startswith("u_") and at == slot for name, at in program.named.items()
    )


def _bounded(operation: Callable[..., Any]) -> Callable[..., Any]:
    """A layer's u stays in [0, 1], which rounding may leave."""
    return lambda *values: np.clip(operation(*values), 0.0, 1.0)
