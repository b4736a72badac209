"""How fast eigenvalues on a sphere decay: exponents, constants, and how good they are.

A kernel's half powers (1 ∓ t)^ν at both ends decide. With the smaller ν,
λ_k ≈ A k^{−p}, p = 2ν + d − 1, for even and odd k; in the order of eigenvalues, one mode
after the other, the exponent is 1 + 2ν/(d − 1).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from sympy import Integer, Rational

from learnability.subjects import subjects
from learnability.table.cell import from_float
from learnability.table.table import Column, Table
from learnability.wording import domain_words, kernel_words
from numerics import spectrum
from theory.errors import OutOfDomain, Unsupported

KERNELS = (
    "ntk:relu:depth=1",
    "ntk:relu:depth=2,bias_variance=0.1",
    "nngp:relu:depth=1",
    "laplace:width=1",
    "arc_cosine:order=0",
    "arc_cosine:order=2",
)
DOMAINS = ("sphere:3", "sphere:8")
LEVEL = 20
TERMS = 4
RELATIVE_ERROR = 1e-12
TINY = 1e-25
FLOAT = "float64"


def asymptotics(
    *subject: Any,
    level: int = LEVEL,
    show: int = 6,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Table:
    """Exponent and constants of λ_k by kernel and sphere, with measured errors.

    Parameters
    ----------
    subject
        Kernels and spheres, as objects or text, in any order.
    level
        Where the error of the asymptotic forms is measured.
    show
        Digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Raises
    ------
    OutOfDomain
        When a domain is not a sphere of a dimension that is a number.

    Examples
    --------
    >>> print(asymptotics("ntk:relu:depth=1", "sphere:3").rows[0][2:4])
    (Fraction(1, 2), Fraction(3, 1))
    """
    chosen = subjects(subject, KERNELS, DOMAINS)
    for one in chosen:
        place = one.domain
        if (
            place is None
            or not place.is_sphere
            or place.by_angle
            or not place.d.is_Integer
        ):
            raise OutOfDomain(
                f"domain {place}: asymptotics are those of spheres, such as sphere:8"
            )
    if level < 1:
        raise OutOfDomain(
            f"level = {level}: the error is measured at a level of at least 1"
        )
    body = []
    for done, one in enumerate(chosen):
        if progress is not None:
            progress(done, len(chosen), one.words())
        head = (domain_words(one.domain), kernel_words(one.kernel))
        body.append((*head, *_row(one.kernel, one.domain, level)))
    columns = (
        Column("domain", "domain", "domain"),
        Column("kernel", "kernel", "kernel"),
        Column("nu", "ν", r"$\nu$", source="half power of 1 ∓ t"),
        Column("exponent", "p", "$p$", source="2ν + d − 1"),
        Column("by_mode", "by mode", r"$\alpha$", source="1 + 2ν/(d − 1)"),
        Column("constant_even", "A, even k", "$A$, even $k$", "", FLOAT),
        Column("constant_odd", "A, odd k", "$A$, odd $k$", "", FLOAT),
        Column("error_leading", "error of A k^-p", "error of $A k^{-p}$"),
        Column("error_series", f"error of {TERMS} half powers", "error of the series"),
    )
    return Table(
        columns,
        tuple(body),
        "Decay of eigenvalues in the level k, as A times k to the power −p; relative "
        f"errors measured at k = {level} against proved eigenvalues.",
        15,
        show,
        command,
        notes=(
            "A dash: no half power at t = ±1, λ_k falls faster than every power; or no "
            "error, as λ_k is exactly 0 there.",
        ),
    )


def leading(kernel: Any, d: int) -> tuple[Rational, float, float] | None:
    """ν and the constants A of even and odd levels; None without a half power.

    Examples
    --------
    >>> from theory import kernels
    >>> nu, even, odd = leading(kernels.ntk("relu"), 3)
    >>> nu, round(even * 3.14159265, 6), odd           # even k: 1/(π k³)
    (1/2, 1.0, 0.0)
    """
    import mpmath

    from theory.eigenvalues.asymptotics.endpoint_decay import leading_power
    from theory.eigenvalues.asymptotics.puiseux import expansion
    from theory.notation import d as symbol_d
    from theory.notation import k

    half = kernel.half().subs({symbol_d: Integer(d)})
    ends: dict[int, tuple[Rational, float]] = {}
    for end in (1, -1):
        series = expansion(half, end=end, size=2 * TERMS + 6)
        for j in range(1, 2 * TERMS, 2):
            if abs(series.coefficients[j]) >= TINY:
                nu = Rational(j, 2)
                scale = mpmath.mpf(series.coefficients[j]) / mpmath.mpf(2) ** (j / 2)
                head = leading_power(nu, Integer(d), k, order=0).subs(
                    k, 1 - Rational(d - 2, 2)
                )
                ends[end] = (nu, float(scale * mpmath.mpf(str(head.evalf(30)))))
                break
    if not ends:
        return None
    nu = min(x for x, _ in ends.values())
    plus, minus = (
        ends[e][1] if e in ends and ends[e][0] == nu else 0.0 for e in (1, -1)
    )
    scale = max(abs(plus), abs(minus))
    even, odd = plus + minus, plus - minus
    even, odd = (0.0 if abs(x) < RELATIVE_ERROR * scale else x for x in (even, odd))
    return nu, even, odd


def _row(kernel: Any, place: Any, level: int) -> tuple[Any, ...]:
    d = int(place.d)
    found = leading(kernel, d)
    if found is None:
        return (None,) * 7
    nu, even, odd = found
    p = 2 * nu + d - 1
    truth = float(
        spectrum(kernel, place, levels=[level], digits=15).level(level).eigenvalue
    )
    amplitude = odd if level % 2 else even
    return (
        _fraction(nu),
        _fraction(p),
        _fraction(1 + 2 * nu / (d - 1)),
        from_float(even, RELATIVE_ERROR),
        from_float(odd, RELATIVE_ERROR),
        _off(amplitude * float(level) ** -float(p), truth),
        _off(_series(kernel, place, level), truth),
    )


def _series(kernel: Any, place: Any, level: int) -> float:
    from theory.eigenvalues.checks import quadrature
    from theory.notation import k

    try:
        form = place.eigenvalue(kernel, level).large_k(terms=TERMS, at=())
    except Unsupported:
        return 0.0
    return float(quadrature.value(form.expression.subs(k, level)))


def _off(approximation: float, truth: float) -> Fraction | None:
    """The relative error, to two digits."""
    if truth == 0:
        return None
    return Fraction(f"{abs(approximation / truth - 1):.1e}")


def _fraction(x: Rational) -> Fraction:
    return Fraction(int(x.p), int(x.q))
