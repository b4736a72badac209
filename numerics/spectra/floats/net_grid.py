"""Nets of every depth and variance at once: eigenvalues over a grid on the hypercube.

All depths share their first layers, so one pass through the chain of the deepest net
gives the kernels of all: a hidden layer's formula with readout variances 1 and 0 is the
last layer of the net that ends there. Values are balls and the transform is exact, so
eigenvalues have their digits at every depth and level; they are rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq
from sympy import Integer, Rational, Symbol

from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.program import Arithmetic, Program, build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import MOST_DIGITS, bits_for, working_precision
from numerics.numbers.precision_search import raise_bits
from numerics.numbers.scaled_floats import Scaled
from numerics.spectra.domains import hypercube
from numerics.spectra.domains.hypercube import binomials
from theory import Kernel, OutOfDomain, kernels
from theory.activations import Activation, activation, for_network
from theory.chain import Chain
from theory.domains import Domain
from theory.kernels.layers import half_angle_chain
from theory.kernels.vanishing_levels import vanishing_levels
from theory.notation import bias_variance, input_variance, u, weight_variance
from theory.numbers import integer

MAX_DEPTH = 512
READOUT = {weight_variance: 1, bias_variance: 0}


@dataclass(frozen=True, eq=False)
class NetGrid:
    """Eigenvalues of nets over (weight variance, bias variance, depth, level).

    Attributes
    ----------
    weight_variances, bias_variances, depths
        The axes.
    balls
        Enclosures, an object array of shape [weight, bias, depth, level].
    multiplicities
        g of each level, whole numbers.
    digits
        Proved digits of every eigenvalue.
    """

    weight_variances: tuple[Rational, ...]
    bias_variances: tuple[Rational, ...]
    depths: tuple[int, ...]
    balls: np.ndarray
    multiplicities: tuple[int, ...]
    digits: int

    @property
    def eigenvalue(self) -> np.ndarray:
        """Eigenvalues in float64, [weight, bias, depth, level]; 0 below its range."""
        flat = Scaled.of_balls(list(self.balls.flat))
        return flat.floats().reshape(self.balls.shape)

    @property
    def fractional_variance(self) -> np.ndarray:
        """The share g λ/Σ g λ in float64, [weight, bias, depth, level]."""
        lam = Scaled.of_balls(list(self.balls.flat))
        g = Scaled.of_integers(
            self.multiplicities * (self.balls.size // self.balls.shape[-1])
        )
        mass = (lam * g).floats().reshape(self.balls.shape)
        return mass / mass.sum(axis=-1, keepdims=True)

    def share(self, weight: int, bias: int, depth: int, level: int) -> Ball:
        """The enclosure of one g λ/Σ g λ; the first three by position.

        Raises
        ------
        OutOfDomain
            When there is no such level.
        """
        level = integer(level, "level", most=len(self.multiplicities) - 1)
        row = self.balls[weight, bias, depth]
        bits = bits_for(self.digits) + 64
        with working_precision(bits):
            parts = [
                x.at(bits) * g for x, g in zip(row, self.multiplicities, strict=True)
            ]
            return ball_of(parts[level] / sum(parts, arb(0)), "fractional variance")

    def best_depth(self, weight: int, bias: int, level: int) -> tuple[int, Ball]:
        """The depth of the largest fractional variance of a level, and that variance.

        Raises
        ------
        Disagreement
            When the enclosures of two depths overlap.
        """
        shares = [self.share(weight, bias, i, level) for i in range(len(self.depths))]
        best = 0
        for i, x in enumerate(shares):
            if i and x > shares[best]:
                best = i
        return self.depths[best], shares[best]


def net_grid(
    domain: Domain,
    depths: Sequence[int],
    weight_variances: Sequence[Any] = (2,),
    bias_variances: Sequence[Any] = (0,),
    *,
    family: str = "ntk",
    activation_name: str = "relu",
    input_variance: Any = 1,
    digits: int = 18,
    progress: Callable[[int, int, str], None] | None = None,
) -> NetGrid:
    """Every eigenvalue of every net of a grid on a hypercube.

    Parameters
    ----------
    domain
        A hypercube.
    depths
        Hidden layers, each from 1 to 512.
    weight_variances, bias_variances
        Exact numbers.
    family, activation_name, input_variance
        As for ``kernels.ntk``; ``family`` is "ntk" or "nngp".
    digits
        Proved digits of every eigenvalue.
    progress
        Called with (done, total, what).

    Raises
    ------
    OutOfDomain
        When an axis is empty, a variance is out of range, or the domain is no hypercube.
    NoConvergence
        When the digits could not be reached.

    Examples
    --------
    >>> from theory import Hypercube
    >>> grid = net_grid(Hypercube(6), range(1, 9), [2], ["0", "0.1"])
    >>> grid.balls.shape, str(grid.balls[0, 0, 0, 3])     # one layer, no bias: parity
    ((1, 2, 8, 7), '0')
    """
    if not domain.is_cube or domain.free_symbols:
        raise OutOfDomain(
            f"{domain}: grids of nets are computed on hypercubes of numeric dimension"
        )
    if family not in ("ntk", "nngp"):
        raise OutOfDomain(f"family = {family!r} is neither 'ntk' nor 'nngp'")
    axes = {
        "depths": sorted(
            {integer(x, "depth", least=1, most=MAX_DEPTH) for x in depths}
        ),
        "weight_variances": list(weight_variances),
        "bias_variances": list(bias_variances),
    }
    for name, axis in axes.items():
        if not axis:
            raise OutOfDomain(f"{name} is empty")
    digits = integer(digits, "digits", least=1, most=MOST_DIGITS)
    make = kernels.ntk if family == "ntk" else kernels.nngp
    nets = [
        [
            make(
                activation_name,
                depth=1,
                weight_variance=w,
                bias_variance=b,
                input_variance=input_variance,
            )
            for b in axes["bias_variances"]
        ]
        for w in axes["weight_variances"]
    ]
    levels = tuple(axes["depths"])
    phi = activation(for_network(activation_name, tangent=family == "ntk").name)
    program = all_depths(phi, family == "ntk", levels)
    size = int(domain.ambient) + 1
    shape = (len(nets), len(nets[0]), len(levels), size)
    balls = np.empty(shape, dtype=object)
    for done, (i, j) in enumerate(np.ndindex(shape[:2])):
        if progress is not None:
            progress(done, shape[0] * shape[1], str(nets[i][j]))
        values = _Values(program, nets[i][j], levels)
        for position, depth in enumerate(levels):
            balls[i, j, position] = _levels(values, depth, domain, digits)
    first = [row[0]["weight_variance"] for row in nets]
    second = [net["bias_variance"] for net in nets[0]]
    counts = binomials(int(domain.ambient))
    return NetGrid(tuple(first), tuple(second), levels, balls, counts, digits)


def all_depths(
    phi: Activation,
    tangent: bool,
    depths: tuple[int, ...],
    arithmetic: Arithmetic = BALLS,
) -> Program:
    """One program whose bound symbols ``kernel_symbol(L)`` are the kernels of all depths.

    Its inputs are u and the variances of weights, biases and inputs.
    """
    chain = half_angle_chain(phi, max(depths) + 1, tangent, {})
    hidden = dict(chain.bindings)
    bindings = [
        (symbol, e)
        for symbol, e in chain.bindings
        if int(symbol.name.partition("_")[2]) <= max(depths)
    ]
    for depth in depths:
        put: dict[Any, Any] = {}
        for letter in ("q", "u", "Theta"):
            symbol = Symbol(f"{letter}_{depth + 1}", real=True)
            if symbol in hidden:
                e = hidden[symbol].subs(READOUT).xreplace(put)
                put[symbol] = Symbol(f"{letter}_{depth + 1}_out", real=True)
                bindings.append((put[symbol], e))
        q, low = (put[Symbol(f"{x}_{depth + 1}", real=True)] for x in "qu")
        theta = put.get(Symbol(f"Theta_{depth + 1}", real=True))
        bindings.append(
            (kernel_symbol(depth), q * (1 - 2 * low) if theta is None else theta)
        )
    return build(Chain(tuple(bindings), kernel_symbol(depths[-1])), arithmetic)


def kernel_symbol(depth: int) -> Symbol:
    """The letter of the kernel of a net of that depth."""
    return Symbol(f"K_{depth}", real=True)


class _Values:
    """The kernels of all depths at a point, computed once for each precision."""

    def __init__(self, program: Program, net: Any, depths: tuple[int, ...]) -> None:
        self.program, self.net = program, net
        self.outputs = [kernel_symbol(depth) for depth in depths]
        self.inputs = {
            symbol: rational(net[name])
            for symbol, name in (
                (weight_variance, "weight_variance"),
                (bias_variance, "bias_variance"),
                (input_variance, "input_variance"),
            )
        }
        self.kept: dict[Any, Any] = {}

    def __call__(self, depth: int, low: fmpq | arb) -> Any:
        key = (str(low) if isinstance(low, fmpq) else low.mid().man_exp(), ctx.prec)
        if key not in self.kept:
            found = self.program.bound({u: low, **self.inputs})
            self.kept[key] = {x: found[x] for x in self.outputs}
        return self.kept[key][kernel_symbol(depth)]


class _AtDepth:
    """What ``hypercube.eigenvalues`` needs to know of one depth's kernel."""

    def __init__(self, values: _Values, depth: int) -> None:
        self.values, self.depth = values, depth

    def __call__(self, low: fmpq | arb) -> Any:
        return self.values(self.depth, low)

    def compiled(self) -> Callable[[arb], arb]:
        return lambda low: as_ball(self(low))


def _levels(values: _Values, depth: int, domain: Domain, digits: int) -> list[Ball]:
    d = int(domain.ambient)
    parameters = dict(values.net.parameters) | {"depth": Integer(depth)}
    net = Kernel(values.net.family, tuple(parameters.items()))
    zeros = vanishing_levels(net, domain)
    run = _AtDepth(values, depth)

    def compute(bits: int) -> list[Ball]:
        return [
            Ball.exact(0, "zero by parity") if any(z.covers(k) for z in zeros) else x
            for k, x in enumerate(hypercube.eigenvalues(run, d, bits, digits))
        ]

    start = bits_for(digits) + int(log2(d + 1)) + 12
    return raise_bits(compute, start, start + 64 * d + 2000, digits)
