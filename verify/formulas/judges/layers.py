"""Judges of the layer formulas: tiny nets whose random signs are enumerated.

A net with weights ±√W/√width and biases ±√b, each sign equally likely, has the moments
that the formulas state, at any width, and in ℚ: only products of equal signs survive
the average, so no square root is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from flint import fmpq

from theory import notation
from theory.activations import c, dual, q, slope_dual
from theory.formula import Formula
from theory.kernels import layers
from verify.exact.problems.random_problems import positive
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law
from verify.formulas.registry import by_values, judge


@dataclass(frozen=True, slots=True)
class LayerCase:
    """A dense layer on two lists of units, and what its units came from."""

    W: fmpq
    b: fmpq
    left: tuple[fmpq, ...]
    right: tuple[fmpq, ...]
    slopes: tuple[fmpq, ...]
    tangent: fmpq
    variance: fmpq
    correlation: fmpq

    def moment(self, other: bool) -> fmpq:
        """E z z′ or E z² over all signs of weights and bias: (w·h + β)(w·h′ + β)."""
        right = self.right if other else self.left
        width = len(self.left)
        total = fmpq(0)
        for signs in product((1, -1), repeat=width + 1):
            # z = √(W/width) w·h + √b s: the two kinds of terms, and their cross terms
            ones = [
                sum(s * h for s, h in zip(signs, side, strict=False))
                for side in (self.left, right)
            ]
            total += self.W / width * ones[0] * ones[1] + self.b * signs[-1] ** 2
        return total / 2 ** (width + 1)

    def mean_square(self) -> fmpq:
        """Mean square of the left units."""
        return sum((h * h for h in self.left), fmpq(0)) / len(self.left)

    def mean_product(self) -> fmpq:
        """Mean product of left and right units."""
        pairs = zip(self.left, self.right, strict=True)
        return sum((a * b for a, b in pairs), fmpq(0)) / len(self.left)

    def tangent_kernel(self) -> fmpq:
        """Products of gradients: by this layer's parameters, and by those below.

        The readout is Σ_i w_i φ(z_i) √(W/width) + √b s. Its gradient by w_i is
        √(W/width) h_i, by s is √b; by parameters below it is √(W/width) w_i φ′_i ∂z_i,
        and units share no parameters: ∂z_i·∂z′_i = Θ. Averaged over signs w.
        """
        width = len(self.left)
        total = fmpq(0)
        for signs in product((1, -1), repeat=width):
            below = sum(
                (s * s * d for s, d in zip(signs, self.slopes, strict=True)), fmpq(0)
            )
            total += self.W / width * below * self.tangent
        own = self.W * self.mean_product() + self.b
        return own + total / 2**width


def _layer(choose: Choose) -> LayerCase:
    width = choose(1, 3)
    units = lambda: tuple(fmpq(signed(choose), choose(1, 3)) for _ in range(width))
    return LayerCase(
        W=positive(choose),
        b=positive(choose),
        left=units(),
        right=units(),
        slopes=units(),
        tangent=positive(choose),
        variance=positive(choose),
        correlation=fmpq(signed(choose), 10),
    )


def at_known_places(known: dict[tuple[fmpq, fmpq], fmpq]) -> Callable[..., fmpq]:
    """A function with given values at given places, and another one everywhere else."""
    return lambda *place: known.get(place, fmpq(987654321))


def first_values(layer: LayerCase) -> dict[Any, Any] | None:
    """Units are the inputs; q is the variance after the layer."""
    square, cross = layer.mean_square(), layer.mean_product()
    if square == 0:
        return None
    variance, covariance = layer.moment(other=False), layer.moment(other=True)
    return {
        notation.weight_variance: layer.W,
        notation.bias_variance: layer.b,
        notation.input_variance: square,
        notation.t: cross / square,
        notation.u: (1 - cross / square) / 2,
        q: variance,
        layers.q_next: variance,
        layers.s: covariance,
        layers.u_next: (1 - covariance / variance) / 2,
    }


def later_values(layer: LayerCase) -> dict[Any, Any]:
    """Units are activations of Gaussians of variance q and correlation c."""
    square, cross = layer.mean_square(), layer.mean_product()
    variance, covariance = layer.moment(other=False), layer.moment(other=True)
    before, at = layer.variance, layer.correlation
    u = (1 - at) / 2
    slope = sum(layer.slopes, fmpq(0)) / len(layer.slopes)
    return {
        notation.weight_variance: layer.W,
        notation.bias_variance: layer.b,
        q: before,
        c: at,
        notation.u: u,
        dual: at_known_places({(before, fmpq(1)): square, (before, at): cross}),
        slope_dual: at_known_places({(before, at): slope}),
        layers.gap: at_known_places({(before, u): square - cross}),
        layers.q_next: variance,
        layers.s: covariance,
        layers.u_next: (1 - covariance / variance) / 2,
        layers.theta: layer.tangent,
        layers.theta_next: layer.tangent_kernel(),
    }


@judge("first_variance", "first_covariance", "first_half_angle")
def first_layer(formula: Formula) -> Law:
    """Moments over all signs; u₊ = (1 − s/q)/2."""
    return by_values(formula, _layer, first_values)


@judge("layer_variance", "layer_covariance", "layer_tangent", "layer_half_angle")
def later_layer(formula: Formula) -> Law:
    """The same for a layer after an activation."""
    return by_values(formula, _layer, later_values)
