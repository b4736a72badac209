"""Levels on the sphere for compiled JAX: quadrature on the host, in pairs of floats.

The program that JAX compiles calls back; a derivative in the kernel's parameters is the
same quadrature of the chain's symbolic derivative, so that it has the same digits, to any
order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from sympy import Symbol

from numerics.differentiable.angle_rule import angle_rule
from numerics.interpreters import double_double as dd
from numerics.interpreters.double_double import Pair
from numerics.interpreters.program import Program, build
from theory.chain import Chain
from theory.notation import u


class AngleMoments:
    """Levels of a chain's derivatives by quadrature on the host, in pairs of floats."""

    def __init__(
        self, chain: Chain, symbols: tuple[Symbol, ...], d: int, top: int
    ) -> None:
        self.symbols, self.rule = symbols, angle_rule(d, top)
        self.chains: dict[tuple[int, ...], Chain] = {(): chain}
        self.programs: dict[tuple[int, ...], Program] = {}
        self.functions: dict[tuple[int, ...], Callable[[Any], Any]] = {}

    def function(self, order: tuple[int, ...]) -> Callable[[Any], Any]:
        """Point → (λ, Σ g λ as two floats, Σ g λ² of the tail), differentiated.

        ``order`` lists the parameters by position, each as often as it is differentiated
        by; the derivative of the function returned is the function of the next order.
        """
        if order in self.functions:
            return self.functions[order]
        like = lambda *shape: jax.ShapeDtypeStruct(shape, np.float64)
        shapes = (like(len(self.rule.counts.hi)), like(2), like())

        @jax.custom_jvp
        def run(point: Any) -> Any:
            return jax.pure_callback(
                partial(self._evaluate, order), shapes, point, vmap_method="sequential"
            )

        @run.defjvp
        def _(primals: Any, tangents: Any) -> Any:
            (point,), (move,) = primals, tangents
            change = None
            for j in range(len(self.symbols)):
                slope = self.function(tuple(sorted((*order, j))))(point)
                part = jax.tree.map(lambda x, j=j: x * move[j], slope)
                change = part if change is None else jax.tree.map(jnp.add, change, part)
            return run(point), change

        self.functions[order] = run
        return run

    def _evaluate(self, order: tuple[int, ...], point: Any) -> tuple[Any, Any, Any]:
        at = np.asarray(point, dtype=np.float64)
        memo: dict[tuple[int, ...], tuple[Pair, Pair]] = {}
        found, _ = self._moments(order, at, memo)
        rule = self.rule
        listed = dd.total(dd.multiply(rule.counts, found), np)
        square = Pair(np.float64(0), np.float64(0))
        for chosen in product((True, False), repeat=len(order)):
            one = tuple(j for j, x in zip(order, chosen, strict=True) if x)
            two = tuple(j for j, x in zip(order, chosen, strict=True) if not x)
            (a, v), (b, w) = (self._moments(x, at, memo) for x in (one, two))
            whole = dd.total(dd.multiply(rule.mass, dd.multiply(v, w)), np)
            part = dd.total(dd.multiply(rule.counts, dd.multiply(a, b)), np)
            square = dd.add(square, dd.subtract(whole, part))
        return found.hi, np.array([listed.hi, listed.lo]), np.asarray(square.hi)

    def _moments(self, order: tuple[int, ...], at: np.ndarray, memo: Any) -> Any:
        """Levels, and values at the nodes, of one derivative."""
        if order not in memo:
            zero = np.float64(0.0)
            inputs = {x: Pair(at[i], zero) for i, x in enumerate(self.symbols)}
            flat = np.zeros_like(self.rule.u.hi)
            value = self._program(order)({u: self.rule.u, **inputs})
            values = Pair(value.hi + flat, value.lo + flat)
            memo[order] = dd.total(dd.multiply(self.rule.zonal, values), np), values
        return memo[order]

    def _program(self, order: tuple[int, ...]) -> Program:
        if order not in self.programs:
            self.programs[order] = build(self._chain(order), dd.DOUBLE_DOUBLE)
        return self.programs[order]

    def _chain(self, order: tuple[int, ...]) -> Chain:
        if order not in self.chains:
            lower = self._chain(order[:-1])
            self.chains[order] = lower.diff(self.symbols[order[-1]])
        return self.chains[order]
