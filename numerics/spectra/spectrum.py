"""A spectrum: the eigenvalue levels of a kernel on a domain, every one enclosed.

An eigenvalue is exactly 0 only where theory or exact arithmetic proves it. On an infinite
domain the levels above the last one listed are held as a tail, never dropped.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, overload

from flint import arb, fmpq
from sympy import Expr, Integer

from numerics.duals.numeric_kernels import needs_tables
from numerics.numbers.ball import Ball
from numerics.numbers.precision import MOST_DIGITS, bits_for, working_precision
from numerics.spectra.enclosures import enclosure_of, multiplicities
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.floats.numeric_spectrum import is_numeric, numeric_spectrum
from numerics.spectra.high_levels import selected_levels
from numerics.spectra.levels import Spectrum
from numerics.spectra.one_level import Level
from numerics.spectra.refinement import last_level
from numerics.spectra.tails import Tail
from theory import Kernel, NoConvergence, OutOfDomain, Unsupported
from theory.domains import Domain
from theory.numbers import integer

FIRST_LAST = 50
FLOAT_DIGITS = 18
"""Digits proved of what is then rounded to float64."""
MAX_LAST = 10**9
MAX_LISTED = 100_000
KNOWN = "all of them are enclosed, and none is negative"


Progress = Callable[[int, int, str], None]
One = Kernel | Domain | str


@overload
def spectrum(
    a: list, b: Any, levels: Any = ..., digits: int | None = ..., *, progress: Any = ...
) -> list: ...
@overload
def spectrum(
    a: One, b: Any, levels: Any = ..., digits: int = ..., *, progress: Any = ...
) -> Spectrum: ...
@overload
def spectrum(
    a: One, b: Any, levels: Any = ..., *, digits: None, progress: Any = ...
) -> FloatSpectrum: ...
def spectrum(
    a: Any,
    b: Any,
    levels: Any = None,
    digits: int | None = 30,
    *,
    progress: Progress | None = None,
) -> Spectrum | FloatSpectrum | list:
    """The eigenvalues of a kernel on a domain, each proved to ``digits`` digits.

    Parameters
    ----------
    a, b
        A kernel and a domain, in either order; texts such as "hypercube:8" are parsed.
        A list of kernels gives a list of spectra; nets of one activation, depth and
        kind share one program.
    levels
        Which levels to list: by default all of a finite domain, and 0 to 50 of an
        infinite one, whose other levels are held as the tail (fewer where the dual has
        no series either: only levels with six digits are listed).
    digits
        Proved significant digits of every eigenvalue; None for float64: proved and then
        rounded once, or, where duals are numbers or slow series, with a stated error.
    progress
        Called with how many spectra of a list are done, how many there are, and the
        kernel that is next.

    Returns
    -------
    Spectrum
        All levels, or those asked for; a FloatSpectrum where digits is None; a list of
        either for a list of kernels.

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
    >>> two = spectrum([kernels.polynomial(1), kernels.polynomial(2)], Hypercube(4))
    >>> [str(s[1].eigenvalue) for s in two]
    ['0.25', '0']
    """
    if isinstance(a, list | tuple):
        # every pair is read before the first is computed: bad input costs no time
        pairs = [_sorted_pair(kernel, b) for kernel in a]
        found = []
        for done, pair in enumerate(pairs):
            if progress is not None:
                progress(done, len(pairs), str(pair[0]))
            found.append(_one(*pair, levels, digits))
        return found
    return _one(*_sorted_pair(a, b), levels, digits)


def _one(
    kernel: Kernel, domain: Domain, levels: Any, digits: int | None
) -> Spectrum | FloatSpectrum:
    """The spectrum of one kernel."""
    if digits is None and domain.invariant == "cosine" and is_numeric(kernel):
        chosen = None if levels is None else _wanted(levels, last_level(domain))
        try:
            found = numeric_spectrum(kernel, domain, chosen)
        except NoConvergence:
            if needs_tables(kernel):
                raise
        else:
            # a slow series is proved where tables leave out levels of the usual list
            short = last_level(domain) is None and len(found) <= FIRST_LAST
            if needs_tables(kernel) or chosen is not None or not short:
                return found
    if digits is None:
        return spectrum(kernel, domain, levels, FLOAT_DIGITS).floats()
    digits = integer(digits, "digits", least=1, most=MOST_DIGITS)
    top = last_level(domain)
    if levels is None:
        wanted = list(range((FIRST_LAST if top is None else top) + 1))
    else:
        wanted = _wanted(levels, top)
    if not wanted:
        raise OutOfDomain("levels = []: at least one level must be asked for")
    last = max(wanted) if top is None else top
    high = domain.is_sphere and last > selected_levels.EXPANDED_FROM
    if high and len(wanted) <= last:
        found = selected_levels.enclose_selected(
            kernel,
            domain,
            wanted,
            digits,
            lambda final: _spectrum(kernel, domain, final, digits),
        )
        return replace(found, recompute=partial(spectrum, kernel, domain))
    full = _spectrum(kernel, domain, last, digits)
    if len(wanted) == len(full.levels):
        return full
    return replace(
        full,
        levels=tuple(full.levels[index] for index in wanted),
        tail=full.tail if top is None else _tail_above(full, max(wanted)),
    )


def _wanted(levels: Any, top: int | None) -> list[int]:
    indices = [levels] if isinstance(levels, (int, Integer)) else levels
    if not hasattr(indices, "__iter__") or isinstance(indices, str):
        raise OutOfDomain(
            f"levels = {levels!r}: whole numbers are needed, such as range(11)"
        )
    most = MAX_LAST if top is None else top
    if hasattr(indices, "__len__") and len(indices) > max(MAX_LISTED, (top or 0) + 1):
        raise Unsupported(
            f"levels: {len(indices)} of them; at most {MAX_LISTED} are listed"
        )
    return sorted({integer(k, "level", most=most) for k in indices})


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
        raise OutOfDomain(f"spectrum takes a kernel and a domain, not {a!r} and {b!r}")
    return found[True], found[False]


@lru_cache(maxsize=64)
def _spectrum(kernel: Kernel, domain: Domain, last: int, digits: int) -> Spectrum:
    """Levels 0 to ``last``; cached by kernel, domain, last level and digits."""
    balls, tail = enclosure_of(domain)(kernel, domain, last, digits)
    counts = multiplicities(domain, last)
    rows = (Level(k, x, g) for k, (x, g) in enumerate(zip(balls, counts, strict=True)))
    again = partial(spectrum, kernel, domain)
    result = Spectrum(tuple(rows), tail, kernel, domain, digits, again)
    result.require_positive()
    return result


def _tail_above(full: Spectrum, last: int) -> Tail:
    """The tail that the levels of a finite domain above ``last`` make."""
    rest = [x for x in full.levels if x.index > last]
    if all(x.eigenvalue.rational is not None for x in rest):
        mass, square, bound = fmpq(0), fmpq(0), fmpq(0)
        for x in rest:
            value = x.eigenvalue.rational or fmpq(0)
            mass += x.multiplicity * value
            square += x.multiplicity * value * value
            bound = max(bound, value)
        return Tail(Ball.exact(mass), Ball.exact(square), Ball.exact(bound), KNOWN)
    bits = bits_for(full.asked) + 64
    with working_precision(bits):
        values = [x.eigenvalue.at(bits) for x in rest]
        counts = [x.multiplicity for x in rest]
        pairs = list(zip(counts, values, strict=True))
        return Tail(
            Ball(
                sum((g * v for g, v in pairs), arb(0)),
                None,
                "sum over the other levels",
            ),
            Ball(
                sum((g * v * v for g, v in pairs), arb(0)),
                None,
                "sum over the other levels",
            ),
            Ball(max(v.upper() for v in values), None, "largest of the other levels"),
            KNOWN if all(x.eigenvalue.sign is not None for x in rest) else None,
        )
