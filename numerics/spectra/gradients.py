"""How the eigenvalues move with a kernel's parameter: proved derivatives of a spectrum.

λ_k is linear in K, so ∂λ_k is what the same transform or quadrature makes of ∂K, which
dual numbers evaluate exactly. On the sphere the error of quadrature needs a bound of
|∂K| on an ellipse: with |K| ≤ M there for all complex parameters at a distance of at most
r, Cauchy's estimate is |∂K| ≤ M/r.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from typing import Any

import sympy
from flint import acb, arb, fmpq
from sympy import Integer, Rational, Symbol

from numerics.interpreters.balls import Value, rational
from numerics.interpreters.complex_angles.half_angle import HALF_ANGLE
from numerics.interpreters.dual_numbers import DUALS, DualNumber, slope_of
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import Ball
from numerics.numbers.precision import MOST_DIGITS, bits_for, working_precision
from numerics.numbers.precision_search import raise_bits
from numerics.spectra.domains import harmonics
from numerics.spectra.domains.finite_domains import transform_of
from numerics.spectra.quadrature.angle_quadrature import moments
from numerics.spectra.quadrature.bernstein_ellipse import FIRST, RADII, Ellipses
from numerics.spectra.quadrature.panels import whole
from numerics.spectra.refinement import last_level
from numerics.spectra.spectrum import spectrum
from theory import Kernel, NoConvergence, OutOfDomain, Unsupported, notation
from theory.chain import Chain
from theory.domains import Domain
from theory.kernels.vanishing_levels import vanishing_levels
from theory.notation import u
from theory.numbers import integer

GUARD_BITS = 64
DISKS = (2.0**-6, 2.0**-12, 2.0**-20, 2.0**-32)
METHOD = "derivative by dual numbers"


@dataclass(frozen=True, slots=True)
class Slope:
    """∂K/∂parameter as a function of u: what ``Evaluator`` is for K."""

    program: Program
    symbol: Symbol
    at: fmpq
    label: str

    def __call__(self, low: Value) -> Value:
        """The derivative at u.

        Raises
        ------
        OutOfDomain
            Where it is infinite; the message says at which t.
        """
        inputs = {u: low, self.symbol: DualNumber(self.at, fmpq(1))}
        try:
            slope = slope_of(self.program(inputs))
        except (ZeroDivisionError, ValueError):
            raise self._nowhere(low) from None
        if isinstance(slope, arb) and not slope.is_finite():
            raise self._nowhere(low)
        return slope

    def compiled(self) -> Callable[[arb], arb]:
        """The derivative at many balls u, at the working precision of this moment."""
        return lambda low: arb(self(low))

    def _nowhere(self, low: Value) -> OutOfDomain:
        t = 1 - 2 * low
        where = str(t) if isinstance(t, fmpq) else t.str(12, radius=False)
        return OutOfDomain(
            f"{self.label} has no finite derivative in {self.symbol} at t = {where}"
        )


def gradient(
    kernel: Any, domain: Any, parameter: str, levels: Any = None, digits: int = 30
) -> tuple[Ball, ...]:
    """∂λ_k/∂parameter for the levels that ``spectrum`` lists.

    Parameters
    ----------
    kernel, domain
        As for ``spectrum``.
    parameter
        A parameter of the kernel with a rational value, such as ``"bias_variance"``.
    levels, digits
        As for ``spectrum``.

    Raises
    ------
    OutOfDomain
        When the kernel has no such parameter, or no finite derivative.
    NoConvergence
        When the digits could not be reached.

    Examples
    --------
    >>> slopes = gradient("exponential:beta=1", "hypercube:2", "beta")
    >>> str(slopes[0])          # ∂ cosh²(β/2) = sinh(β)/2
    '0.587600596821900728441190925298(1)'
    """
    s = spectrum(kernel, domain, levels=levels, digits=1)
    assert s.kernel is not None
    assert s.domain is not None
    digits = integer(digits, "digits", least=1, most=MOST_DIGITS)
    symbol, value, moving = _moving(s.kernel, parameter)
    chain = _bound(moving, s.domain)
    slope = Slope(build(chain, DUALS), symbol, value, f"kernel {s.kernel}")
    zeros = vanishing_levels(moving, s.domain)
    last = s.levels[-1].index
    compute = _transform(slope, chain, s.domain, last, digits)

    def levels_at(bits: int) -> list[Ball]:
        return [
            Ball.exact(0, "zero by parity") if any(z.covers(k) for z in zeros) else x
            for k, x in enumerate(compute(bits))
        ]

    scale = (
        harmonics.multiplicities(int(s.domain.ambient), last)[-1].bit_length()
        if s.domain.is_sphere
        else 0
    )
    start = bits_for(digits) + 2 * last.bit_length() + 24 + scale
    try:
        balls = raise_bits(levels_at, start, start + 64 * last + 2000, digits)
    except NoConvergence as error:
        raise NoConvergence(
            f"∂/∂{parameter} of {s.kernel} on {s.domain}: {error}"
        ) from None
    return tuple(balls[x.index] for x in s.levels)


def movable(kernel: Kernel) -> list[str]:
    """Names of the parameters that take all real values of an interval.

    Examples
    --------
    >>> from theory import kernels
    >>> movable(kernels.ntk("relu", depth=2))
    ['weight_variance', 'bias_variance', 'input_variance']
    """
    whole = {"depth", "degree", "order"}
    pairs = kernel.parameters
    return [k for k, x in pairs if isinstance(x, Rational) and k not in whole]


def _moving(kernel: Kernel, parameter: str) -> tuple[Symbol, fmpq, Kernel]:
    """The kernel with one parameter as a symbol, and the parameter's value."""
    values, continuous = dict(kernel.parameters), movable(kernel)
    if parameter not in continuous:
        names = ", ".join(continuous) or "none"
        raise OutOfDomain(
            f"kernel {kernel} has no parameter {parameter!r} to vary (it has {names})"
        )
    symbol = getattr(notation, parameter, Symbol(parameter, positive=True))
    pairs = ((k, symbol if k == parameter else x) for k, x in kernel.parameters)
    return symbol, rational(values[parameter]), Kernel(kernel.family, tuple(pairs))


def _bound(kernel: Kernel, domain: Domain) -> Chain:
    """The chain with the domain's d, and what does not depend on u worked in."""
    bound = {} if domain.ambient is None else {notation.d: domain.ambient}
    chain = kernel.half().subs(bound)
    known: dict[Any, Any] = {}
    bindings = []
    for symbol, e in chain.bindings:
        e = _cancelled(e.xreplace(known))
        if not e.has(u) and not (e.free_symbols & {s for s, _ in bindings}):
            known[symbol] = e
        else:
            bindings.append((symbol, e))
    return Chain(tuple(bindings), _cancelled(chain.result.xreplace(known)))


def _cancelled(e: Any) -> Any:
    """The constant factor of a product in lowest terms, where it is a fraction."""
    inner = {
        x
        for x in e.free_symbols
        if x == u or ("_" in x.name and x != notation.input_variance)
    }
    factor, rest = e.as_independent(*inner, as_Add=False) if inner else (e, Integer(1))
    rational_one = factor.is_rational_function(*factor.free_symbols)
    return sympy.cancel(factor) * rest if rational_one else e


def _transform(
    slope: Slope, chain: Chain, domain: Domain, last: int, digits: int
) -> Callable[[int], list[Ball]]:
    """Bits → derivative of every level up to the last one."""
    if not domain.is_sphere:
        if last_level(domain) is None:
            raise Unsupported(
                f"{domain}: derivatives are enclosed on spheres and finite domains"
            )
        transform = transform_of(domain)
        return lambda bits: transform.eigenvalues(slope, domain, bits, digits)
    d = int(domain.ambient)
    shape = _ellipses(slope, chain)

    def by_quadrature(bits: int) -> list[Ball]:
        found = moments(whole(shape, slope), d, last, bits)
        with working_precision(bits + GUARD_BITS):
            values = harmonics.eigenvalues(found.cosine, d, range(last + 1))
        return [Ball(x, None, METHOD) for x in values]

    return by_quadrature


def _ellipses(slope: Slope, chain: Chain) -> Ellipses:
    """Ellipses with a bound of |∂K|, by Cauchy's estimate over a disk of parameters.

    A small disk costs bits and no digits, so the first one is taken for which an ellipse
    of use is proved.
    """
    center = float(slope.at)
    program = build(chain, HALF_ANGLE)
    shape = Ellipses(program, slope.label)
    for wide in DISKS:
        radius = max(abs(center), 2.0**-6) * wide
        part = arb(0, radius)
        box = acb(arb(center) + part, part)
        shape = Ellipses(
            program, slope.label, {slope.symbol: box}, -log2(radius) + 1e-5
        )
        if shape.log2_bound(RADII[FIRST]) is not None:
            break
    return shape
