"""Tables by name: spectra, the constant, learnability by mode, and the theory's error."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from learnability.paper_tables.agreement import agreement
from learnability.paper_tables.asymptotics import asymptotics
from learnability.paper_tables.optimal_depth import optimal_depth
from learnability.paper_tables.settings import Settings
from learnability.table import Column, Table
from learnability.table import eigenvalues as eigenvalue_table
from learnability.table.constants import as_fraction
from learnability.table.eigenvalues import short_name
from learnability.table.latex import code
from numerics import Ball, Spectrum, predict, spectrum, working_precision
from numerics.numbers.precision import bits_for
from theory.errors import OutOfDomain

DEPTHS = tuple(f"ntk:relu:depth={depth},bias_variance=0.01" for depth in (1, 2, 3, 4))
DIGITS = 20


def eigenvalues(settings: Settings) -> Table:
    """Eigenvalues by level, for kernels of several depths on one or more domains."""
    pairs = settings.pairs(DEPTHS)
    return eigenvalue_table(
        list(dict.fromkeys(kernel for kernel, _ in pairs)),
        list(dict.fromkeys(place for _, place in pairs)),
        settings.levels,
        settings.digits,
        settings.show,
        closed_form=settings.closed_form,
        command=settings.command,
    )


def constant(settings: Settings) -> Table:
    """C and the overfitting coefficient over n, a pair of columns for each kernel."""
    pairs = settings.pairs()
    spectra = [
        spectrum(kernel, place, digits=settings.digits) for kernel, place in pairs
    ]
    sizes = settings.sizes(min(s.modes for s in spectra))
    columns = [Column("n", "n", "$n$")]
    body: list[list[Any]] = [[as_fraction(n)] for n in sizes]
    for done, s in enumerate(spectra):
        name = "" if len(spectra) == 1 else f"{short_name(s.kernel)} on {s.domain}"
        columns += [
            _column("C", "C", "$C$", "implicit_equation", name),
            _column("E0", "E₀", r"$\mathcal{E}_0$", "overfitting_coefficient", name),
        ]
        for row, n in zip(body, sizes, strict=True):
            settings.tell(done, len(spectra), f"n = {n}")
            p = predict(s, {_first(s): 1}, n, settings.ridge, digits=settings.digits)
            row += [p.C.item(), p.E0.item()]
    return Table(
        tuple(columns),
        tuple(map(tuple, body)),
        f"The constant C and the overfitting coefficient for {_titled(pairs)}.",
        settings.digits,
        settings.show,
        settings.command,
    )


def learnability(settings: Settings) -> Table:
    """The learnability of a mode of each level over n."""
    pairs = settings.pairs()
    columns = [Column("n", "n", "$n$")]
    several = len(pairs) > 1
    if several:
        columns.insert(0, Column("kernel", "kernel", "kernel"))
    body: list[tuple[Any, ...]] = []
    shown: list[int] = []
    for done, (kernel, place) in enumerate(pairs):
        s = spectrum(kernel, place, digits=settings.digits)
        here = _some(s) if settings.levels is None else list(settings.levels)
        shown = shown or here
        for n in settings.sizes(s.modes):
            settings.tell(done, len(pairs), f"{short_name(kernel)}, n = {n}")
            target = dict.fromkeys(shown, 1)
            p = predict(s, target, n, settings.ridge, digits=settings.digits)
            row = [p.learnability[k].item() for k in shown]
            name = [f"{short_name(kernel)} on {place}"] if several else []
            body.append((*name, as_fraction(n), *row))
    columns += [
        _column(
            f"learnability_{k}", f"L_{k}", rf"$\mathcal{{L}}_{{{k}}}$", "learnability"
        )
        for k in shown
    ]
    return Table(
        tuple(columns),
        tuple(body),
        f"Learnability of a mode of level k for {_titled(pairs)}.",
        settings.digits,
        settings.show,
        settings.command,
    )


def theory_error(settings: Settings) -> Table:
    """The theory's exact error where all data sets can be enumerated.

    Raises
    ------
    OutOfDomain
        When a domain or a kernel is named: the enumerated cases are fixed.
    """
    if settings.domains or settings.kernels:
        msg = (
            "the enumerated cases of theory-error are fixed; drop --domain and --kernel"
        )
        raise OutOfDomain(msg)
    from verify.exact.error_table import rows

    columns = (
        Column("domain", "domain", "domain"),
        Column("kernel", "kernel", "kernel"),
        Column("n", "n", "$n$"),
        Column("level", "k", "$k$"),
        Column("statistic", "statistic", "statistic"),
        Column("exact", "exact", "exact", source="average over all data sets in ℚ"),
        Column("theory", "theory", "theory", "", "proved radius", "eigenlearning"),
        Column("difference", "difference", "difference", "", "proved radius"),
    )
    wanted = None if settings.n is None else {int(n) for n in settings.n}
    body = []
    for row in rows(settings.progress):
        if wanted is not None and row.n not in wanted:
            continue
        truth = _enclosed(row.exact, "0" if "/" in row.exact else f"1e-{DIGITS}")
        said = _enclosed(row.theory, row.radius)
        with working_precision(bits_for(DIGITS)):
            gap = Ball(said.value - truth.value, None, "theory minus truth")
        head = (row.domain, row.kernel, row.n, row.level, row.statistic)
        body.append((*head, truth, said, gap))
    return Table(
        columns,
        tuple(body),
        "The theory's error, theory minus truth, averaged exactly over all data sets.",
        settings.digits,
        settings.show,
        settings.command,
    )


TABLES: dict[str, Callable[[Settings], Table]] = {
    "eigenvalues": eigenvalues,
    "constant": constant,
    "learnability": learnability,
    "agreement": agreement,
    "asymptotics": asymptotics,
    "optimal-depth": optimal_depth,
    "theory-error": theory_error,
}


def make(name: str, settings: Settings) -> Table:
    """The table of that name.

    Raises
    ------
    OutOfDomain
        When there is none; the message lists the known ones.

    Examples
    --------
    >>> print(make("constant", Settings(["hypercube:3"], ["exponential"], n=[0, 8])))
    n  C    E₀
    0  inf    1
    8    0  inf
    """
    if name not in TABLES:
        msg = f"table {name!r} is unknown (known: {', '.join(TABLES)})"
        raise OutOfDomain(msg)
    return TABLES[name](settings)


def _column(key: str, heading: str, latex: str, source: str, name: str = "") -> Column:
    return Column(
        f"{key} {name}".strip(),
        f"{heading}, {name}" if name else heading,
        f"{latex}, {code(name)}" if name else latex,
        "",
        "proved radius",
        source,
    )


def _enclosed(number: str, radius: str) -> Ball:
    """A decimal or a fraction with its radius, relative to 1 at least, as a ball."""
    middle, spread = Fraction(number), Fraction(radius)
    if spread == 0:
        return Ball.exact(fmpq(middle.numerator, middle.denominator))
    with working_precision(2 * bits_for(DIGITS)):
        width = arb(fmpq(spread.numerator, spread.denominator))
        center = arb(fmpq(middle.numerator, middle.denominator))
        return Ball(center + width * arb(0, 1), None, "verify.exact.error_table")


def _first(s: Spectrum) -> int:
    """A level that can be learned."""
    return next(level.index for level in s.levels if level.eigenvalue.sign)


def _some(s: Spectrum) -> list[int]:
    """The first levels with a positive eigenvalue, nine at most."""
    return [level.index for level in s.levels if level.eigenvalue.sign][:9]


def _titled(pairs: list[tuple[Any, Any]]) -> str:
    return ", ".join(f"{short_name(kernel)} on {place}" for kernel, place in pairs)
