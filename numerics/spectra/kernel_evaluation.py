"""A kernel made ready for numbers: the domain's d put in, built as a ball program."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import isfinite
from typing import Any, Protocol

from flint import arb, ctx, fmpq
from sympy import Expr, Mul, Rational, Symbol, besseli, besselj, exp

from numerics.interpreters.balls import BALLS, Value, rational
from numerics.interpreters.compiled_balls import compile_balls
from numerics.interpreters.program import Program, build
from numerics.numbers.magnitudes import log2_above
from numerics.numbers.precision import BITS_PER_DIGIT, working_precision
from theory.activations import activation
from theory.chain import Chain
from theory.domains import Domain
from theory.errors import NotEvaluable, OutOfDomain, Unsupported
from theory.kernels import Kernel
from theory.kernels.elementary import net_structure
from theory.notation import d as symbol_d
from theory.notation import u

NETS = {"ntk", "nngp"}
MAX_LOG2 = 300_000
SEEN_BITS = (64, 1024)
MOST_LOST = 64
"""Bits that rounding may cost before a value is computed again with more."""


@lru_cache(maxsize=64)
def bound_chain(kernel: Kernel, domain: Domain) -> Chain:
    """The kernel in u = (1 − t)/2 with the domain's d; the circle has d = 2.

    Raises
    ------
    OutOfDomain
        When the kernel holds symbols besides t and d.
    """
    dimension = _dimension(domain)
    bound = {} if dimension is None else {symbol_d: dimension}
    chain = kernel.half().subs(bound).map(_one_sign)
    loose = chain.free_symbols - {u}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        raise OutOfDomain(
            f"kernel {kernel} has the symbols {names}; numbers are needed"
        )
    return chain


def _dimension(domain: Domain) -> Any:
    """The domain's d, None where it has none."""
    if isinstance(domain.ambient, Symbol):
        raise OutOfDomain(
            f"{domain} has a symbol in place of a number; numbers are needed"
        )
    return domain.ambient


def _one_sign(e: Expr) -> Expr:
    """Write powers of b and −b in one product as powers of b, so that the quotient of
    both, as SymPy makes of Bessel functions of t, is ±1 where b is 0 too.

    Examples
    --------
    >>> from sympy import besseli
    >>> _one_sign(besseli(1, 1 - 2 * u)), _one_sign(besseli(2, 4 - 8 * u))
    (-besseli(1, 2*u - 1), besseli(2, 8*u - 4))
    """
    if not e.has(besseli, besselj):
        return e
    return e.replace(lambda x: isinstance(x, Mul), _joined)


def _joined(product: Expr) -> Expr:
    bases: set[Expr] = set()
    factors = []
    for factor in product.args:
        base, power = factor.as_base_exp()
        if power.is_Integer and -base in bases:
            factors += [(-1) ** power, (-base) ** power]
        else:
            bases.add(base)
            factors.append(factor)
    return Mul(*factors)


class Samples(Protocol):
    """A function of u, at exact rationals or fast at balls."""

    def __call__(self, at: Value, /) -> Value:
        """The value at u, exact where every operation stays rational."""
        ...

    def compiled(self) -> Callable[[arb], arb]:
        """The function at many balls, at the working precision of this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Evaluator:
    """A kernel as a function of u, exactly at rationals or fast at balls.

    Raises
    ------
    OutOfDomain
        Where the kernel has no finite real value; the message says at which t.
    """

    program: Program
    kernel: Kernel | None = None

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"kernel {self.kernel}" if self.kernel else "kernel"

    def __call__(self, at: Value) -> Value:
        """K at u: an exact rational where every operation stays rational.

        A deep chain loses bits in every layer, until the value has few digits or is not
        finite at the working precision. At an exact u it is computed again with more,
        and only what is not finite with far more bits is refused.
        """
        try:
            value = self._finite(self._run, at)
            lost = 0 if isinstance(value, fmpq) else _lost_bits(at, value)
            more = ctx.prec + lost if lost > MOST_LOST else 0
        except OutOfDomain:
            value, more = None, 8 * ctx.prec + 1024
        if value is not None and not more:
            return value
        with working_precision(more):
            return self._finite(self._run, at)

    def _run(self, at: Value) -> Value:
        return self.program({u: at})

    def compiled(self) -> Callable[[arb], arb]:
        """K at many balls u, at the working precision of this moment."""
        run = compile_balls(self.program) if self.program.open_inputs else None
        if run is None:
            value = self.program({})
            return lambda _: value if isinstance(value, arb) else arb(value)
        return lambda at: self._finite(run, at)

    def _finite(self, run: Callable[[Any], Any], at: Value) -> Any:
        try:
            value = run(at)
        except (ZeroDivisionError, ValueError):
            raise self._nowhere(at) from None
        if isinstance(value, fmpq) or value.is_finite():
            return value
        raise self._nowhere(at)

    def _nowhere(self, at: Value) -> OutOfDomain:
        t = 1 - 2 * at
        where = str(t) if isinstance(t, fmpq) else t.str(12, radius=False)
        return OutOfDomain(f"{self.label} is not a finite real number at t = {where}")


def _lost_bits(at: Value, value: arb) -> int:
    """Bits of an exact argument that are not in the value; 0 for a value around 0."""
    exact = isinstance(at, fmpq) or at.is_exact()
    return ctx.prec - value.rel_accuracy_bits() if exact and value != 0 else 0


@lru_cache(maxsize=64)
def evaluator(kernel: Kernel, domain: Domain) -> Evaluator:
    """The kernel on a domain, in ball arithmetic.

    Raises
    ------
    OutOfDomain
        When the kernel holds symbols besides t and d.
    NotEvaluable
        When it holds a function that ball arithmetic has no rule for.
    Unsupported
        When its values at t = ±1 have more than ``MAX_LOG2`` bits before the point.

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> evaluator(kernels.polynomial(2), Hypercube(4))(fmpq(1, 4))
    1/4
    """
    try:
        program, grows = _program(kernel, domain)
    except NotEvaluable as error:
        raise NotEvaluable(f"kernel {kernel}: {error}") from None
    made = Evaluator(program, kernel)
    # exponentials of exponentials lose so many bits that few show nothing; the other
    # functions do not grow so fast, and the series of tanh are slow with many bits
    _require_moderate(made, SEEN_BITS if grows else SEEN_BITS[:1])
    return made


def _program(kernel: Kernel, domain: Domain) -> tuple[Program, bool]:
    """The kernel as a program in u, and whether it holds exponentials.

    Nets of one activation, depth and kind share one program, built once with their
    variances as inputs, into which rational variances are put.
    """
    if kernel.family in NETS:
        _dimension(domain)
        shared, weights = net_structure(kernel, activation(kernel["activation"]))
        if all(isinstance(value, Rational) for value in weights.values()):
            program, grows = _shared_program(shared)
            values = {name: rational(value) for name, value in weights.items()}
            return program.given(values, lambda x: isinstance(x, fmpq)), grows
    chain = bound_chain(kernel, domain)
    return build(chain, BALLS), chain.has(exp)


@lru_cache(maxsize=64)
def _shared_program(chain: Chain) -> tuple[Program, bool]:
    return build(chain.map(_one_sign), BALLS), chain.has(exp)


def _require_moderate(kernel: Evaluator, tried: tuple[int, ...]) -> None:
    """Refuse a kernel that reaches numbers too large to carry, seen with few bits."""
    for end, bits in product((0, 1), tried):
        try:
            with working_precision(bits):
                value = arb(kernel.program({u: fmpq(end)}))
        except (ArithmeticError, ValueError):
            continue
        if not value.is_finite():
            continue
        size = log2_above(value.abs_upper())
        if size > MAX_LOG2:
            reached = (
                f"10^{size / BITS_PER_DIGIT:.0f}" if isfinite(size) else "10^(10^300)"
            )
            raise Unsupported(
                f"{kernel.label} reaches about {reached} at t = {1 - 2 * end}; at most "
                f"10^{MAX_LOG2 / BITS_PER_DIGIT:.0f} is evaluated"
            )
