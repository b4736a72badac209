"""A spectrum: the eigenvalue levels of a kernel on a domain, every one enclosed.

Precision is raised by the program until each eigenvalue has the digits that were asked
for. An eigenvalue is exactly 0 only where theory or exact arithmetic proves it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from sympy import Expr, Integer

from numerics import circle, hypercube
from numerics.ball import Ball
from numerics.interpreters.balls import BALLS, Value, rational
from numerics.interpreters.program import build
from numerics.precision import BITS_PER_DIGIT, bits_for
from theory import Kernel, NoConvergence, NotPositiveDefinite, OutOfDomain, Unsupported
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.notation import d as symbol_d
from theory.notation import u
from theory.numbers import integer
from theory.numbers import rational as exact_rational
from theory.parity import vanishing_levels

Domain = Hypercube | Hypersphere | UnitCircle
MAX_RAISES = 7
MAX_BYTES = 8 << 30


@dataclass(frozen=True, slots=True)
class Level:
    """One eigenvalue, shared by ``multiplicity`` orthonormal eigenfunctions."""

    index: int
    eigenvalue: Ball
    multiplicity: int


@dataclass(frozen=True)
class Spectrum:
    """Levels of a kernel, immutable; a finite domain has no tail.

    Attributes
    ----------
    levels
        In the order of the domain's level index.
    tail_mass
        Σ g λ over the levels above the last one listed.
    kernel, domain
        What the levels belong to; None for a spectrum given by its levels.
    asked
        The digits that were asked for.
    """

    levels: tuple[Level, ...]
    tail_mass: Ball = field(default_factory=lambda: Ball.exact(0))
    kernel: Kernel | None = None
    domain: Domain | None = None
    asked: int = 30

    @classmethod
    def from_levels(
        cls, levels: Iterable[tuple[Any, Any]], tail_mass: Any = 0
    ) -> "Spectrum":
        """A spectrum from pairs (λ, g) of exact numbers, listed as levels 0, 1, 2, …

        Parameters
        ----------
        levels
            Eigenvalues (numbers, strings such as "1e-40", or Balls) and multiplicities.
        tail_mass
            Σ g λ of what is left out; acts like ridge in the limit of small λ.

        Raises
        ------
        OutOfDomain
            When the list is empty, or a multiplicity is not a positive whole number.
        NotPositiveDefinite
            When an eigenvalue is negative.

        Examples
        --------
        >>> Spectrum.from_levels([("1/2", 1), ("1e-40", 3)]).modes
        4
        """
        rows = []
        for index, (value, count) in enumerate(levels):
            eigenvalue = value if isinstance(value, Ball) else _exact_ball(value, index)
            multiplicity = integer(count, f"multiplicity of level {index}", least=1)
            rows.append(Level(index, eigenvalue, multiplicity))
        if not rows:
            msg = "levels = []: a spectrum needs at least one level"
            raise OutOfDomain(msg)
        mass = exact_rational(tail_mass, "tail_mass", least=0)
        if mass != 0:
            msg = f"tail_mass = {tail_mass}: only 0 is supported for a list of levels"
            raise Unsupported(msg)
        spectrum = cls(tuple(rows), Ball.exact(rational(mass)), None, None, 10**6)
        spectrum.require_positive()
        return spectrum

    def require_positive(self) -> None:
        """Refuse a negative eigenvalue, and one whose sign nothing settles.

        Raises
        ------
        NotPositiveDefinite
            Naming the level and its eigenvalue.
        """
        where = f"kernel {self.kernel} on {self.domain}" if self.kernel else "spectrum"
        for level in self.levels:
            if level.eigenvalue.sign == -1:
                msg = (
                    f"{where} is not positive semi-definite: "
                    f"level {level.index} has eigenvalue {level.eigenvalue} < 0"
                )
                raise NotPositiveDefinite(msg)
            undecided = level.eigenvalue.sign is None
            if undecided and not (self.kernel and self.kernel.positive_definite):
                msg = (
                    f"{where}: the sign of level {level.index} is undecided, "
                    f"its eigenvalue is {level.eigenvalue}"
                )
                raise NotPositiveDefinite(msg)

    @cached_property
    def modes(self) -> int:
        """N, the number of modes whose eigenvalue is proved positive."""
        return sum(x.multiplicity for x in self.levels if x.eigenvalue.sign == 1)

    @cached_property
    def undecided(self) -> tuple[int, ...]:
        """Levels whose enclosure contains 0 without being proved 0."""
        return tuple(x.index for x in self.levels if x.eigenvalue.sign is None)

    @property
    def digits(self) -> float:
        """Digits proved for every positive eigenvalue."""
        return min(
            (x.eigenvalue.digits for x in self.levels if x.eigenvalue.sign), default=0.0
        )

    def level(self, index: int) -> Level:
        """The level with that index.

        Raises
        ------
        OutOfDomain
            When there is none.
        """
        for level in self.levels:
            if level.index == index:
                return level
        first, last = self.levels[0].index, self.levels[-1].index
        where = f" of {self.domain}" if self.domain else ""
        msg = f"level = {index} is outside {first}..{last}{where}"
        raise OutOfDomain(msg)

    def refine(self, digits: int) -> "Spectrum":
        """The same spectrum with more digits; a list of levels stays as it is."""
        if self.kernel is None or self.domain is None or digits <= self.asked:
            return self
        return replace(spectrum(self.kernel, self.domain, digits=digits))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{x.index}</td><td>{x.multiplicity}</td><td>{x.eigenvalue}</td></tr>"
            for x in self.levels[:20]
        )
        return f"<table><tr><th>level</th><th>multiplicity</th><th>λ</th></tr>{rows}</table>"

    def __str__(self) -> str:
        head = f"{self.kernel} on {self.domain}" if self.kernel else "given levels"
        lines = [
            f"  {x.index}: {x.eigenvalue}  ×{x.multiplicity}" for x in self.levels[:12]
        ]
        if len(self.levels) > 12:
            lines.append(f"  … {len(self.levels) - 12} more")
        return "\n".join([f"Spectrum of {head}", *lines])


def _exact_ball(value: Any, index: int) -> Ball:
    number = exact_rational(value, f"eigenvalue of level {index}")
    return Ball.exact(rational(number))


def spectrum(a: Any, b: Any, levels: Any = None, digits: int = 30) -> Spectrum:
    """The eigenvalues of a kernel on a domain, each proved to ``digits`` digits.

    Parameters
    ----------
    a, b
        A kernel and a domain, in either order; texts such as "hypercube:8" are parsed.
    levels
        Which levels to list; all of them by default.
    digits
        Proved significant digits of every eigenvalue.

    Returns
    -------
    Spectrum
        All levels, or those asked for.

    Raises
    ------
    OutOfDomain
        When an argument is malformed or a level does not exist.
    NotPositiveDefinite
        When an eigenvalue is proved negative, or its sign stays open.
    NoConvergence
        When the digits could not be reached.

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> s = spectrum(kernels.polynomial(2), Hypercube(4))
    >>> [str(level.eigenvalue) for level in s.levels]
    ['0.25', '0', '0.125', '0', '0']
    """
    kernel, domain = _sorted_pair(a, b)
    digits = integer(digits, "digits", least=1)
    wanted = None if levels is None else tuple(_wanted(levels, domain))
    full = _spectrum(kernel, domain, digits)
    if wanted is None:
        return full
    return replace(full, levels=tuple(full.level(index) for index in wanted))


def _wanted(levels: Any, domain: Domain) -> list[int]:
    top = domain.last_level
    indices = [levels] if isinstance(levels, (int, Integer)) else list(levels)
    most = int(top) if isinstance(top, Integer) else None
    return [integer(k, "level", most=most) for k in indices]


def _sorted_pair(a: Any, b: Any) -> tuple[Kernel, Domain]:
    from theory import domains, kernels

    pair = [a, b]
    for position, value in enumerate(pair):
        if isinstance(value, str):
            head = value.partition(":")[0]
            read = kernels.parse if head in kernels.FAMILIES else domains.parse
            pair[position] = read(value)
        elif isinstance(value, Expr):
            pair[position] = kernels.from_expression(value)
    found = {isinstance(x, Kernel): x for x in pair}
    if set(found) != {True, False} or not isinstance(found[False], Domain):
        msg = f"spectrum takes a kernel and a domain, not {a!r} and {b!r}"
        raise OutOfDomain(msg)
    return found[True], found[False]


def evaluator(kernel: Kernel, domain: Domain) -> Callable[[Value], Value]:
    """The kernel as a function of u = (1 − t)/2 on a domain, in ball arithmetic.

    Raises
    ------
    OutOfDomain
        When the kernel holds symbols besides t and d.
    NotEvaluable
        When it holds a function that ball arithmetic has no rule for.

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> evaluator(kernels.polynomial(2), Hypercube(4))(fmpq(1, 4))
    1/4
    """
    dimension = Integer(2) if isinstance(domain, UnitCircle) else domain.d
    chain = kernel.half().subs({symbol_d: dimension})
    loose = chain.free_symbols - {u}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        msg = f"kernel {kernel} has the symbols {names}; numbers are needed"
        raise OutOfDomain(msg)
    program = build(chain, BALLS)
    return lambda at: program({u: at})


@lru_cache(maxsize=64)
def _spectrum(kernel: Kernel, domain: Domain, digits: int) -> Spectrum:
    """All levels; cached by kernel, domain and digits."""
    size = _level_count(domain)
    from numerics.evaluation import evaluator as compiled
    method = compiled(kernel, domain)
    zero = [rule for rule in vanishing_levels(kernel, domain)]
    bits = bits_for(digits) + (size if isinstance(domain, Hypercube) else 32)
    _check_memory(size, bits)
    for _ in range(MAX_RAISES):
        balls = _levels_at(domain, method, size, bits, digits)
        balls = [
            Ball.exact(0, "zero by parity") if any(z.covers(k) for z in zero) else ball
            for k, ball in enumerate(balls)
        ]
        short = _missing_bits(balls, digits)
        if short == 0:
            break
        bits = bits * 2 if short < 0 else bits + short + 8
    result = Spectrum(
        tuple(
            Level(k, ball, int(domain.multiplicity(k))) for k, ball in enumerate(balls)
        ),
        kernel=kernel,
        domain=domain,
        asked=digits,
    )
    result.require_positive()
    weak = [
        x.index
        for x in result.levels
        if x.eigenvalue.sign and x.eigenvalue.digits < digits
    ]
    if weak:
        msg = (
            f"{kernel} on {domain}: level {weak[0]} has {result.digits:.0f} of "
            f"{digits} digits at {bits} bits; more would need more bits than tried"
        )
        raise NoConvergence(msg)
    return result


def _level_count(domain: Domain) -> int:
    top = domain.last_level
    if isinstance(domain, UnitCircle) and domain.points is None:
        msg = "circle: a numeric spectrum needs a number of points, as in circle:256"
        raise Unsupported(msg)
    if isinstance(domain, Hypersphere):
        msg = f"{domain}: numeric spectra of the sphere are not there yet; use hypercube:D"
        raise Unsupported(msg)
    if not isinstance(top, Integer):
        msg = f"{domain} has a symbol in place of a number; numbers are needed"
        raise OutOfDomain(msg)
    return int(top) + 1


def _levels_at(domain: Domain, method, size: int, bits: int, digits: int) -> list[Ball]:
    if isinstance(domain, Hypercube):
        return hypercube.eigenvalues(method, size - 1, bits, digits)
    return circle.eigenvalues(method, int(domain.points), bits)  # type: ignore[union-attr]


def _missing_bits(balls: list[Ball], digits: int) -> int:
    """Bits that the weakest level lacks; −1 where one still contains 0."""
    missing = 0
    for ball in balls:
        if ball.sign is None:
            return -1
        if ball.sign and ball.digits < digits:
            missing = max(missing, int((digits - ball.digits) * BITS_PER_DIGIT) + 4)
    return missing


def _check_memory(size: int, bits: int) -> None:
    needed = size * (bits + size) // 8 * 6
    if needed > MAX_BYTES:
        msg = (
            f"{size} levels at {bits} bits need about {needed >> 30} GiB; "
            f"at most {MAX_BYTES >> 30} GiB are taken"
        )
        raise Unsupported(msg)
