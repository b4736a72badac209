"""Eigenvalues by level: kernels in columns, closed forms beside digits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Pow

from learnability.subjects import Subject, shared_words
from learnability.table.cell import Symbolic, spell_fully
from learnability.table.latex import escape
from learnability.table.table import Column, Table
from learnability.wording import domain_words, kernel_words, short_name
from numerics import Spectrum, spectrum
from theory import Chain, Kernel
from theory.domains import parse as parse_domain
from theory.kernels import parse as parse_kernel
from theory.notation import t
from theory.printing import latex

if TYPE_CHECKING:
    from theory.domains import Domain

MAX_CLOSED_FORM = 500
MAX_POWER = 100
DEFAULT_TOP = 10
SHORT_CLOSED_FORM = 60


def eigenvalues(
    kernels: Any,
    domains: Any,
    levels: Sequence[int] | None = None,
    digits: int = 30,
    show: int = 6,
    *,
    closed_form: bool | None = None,
    command: Sequence[str] = (),
) -> Table:
    """A table of λ_k by level, one column for each kernel on each domain.

    Parameters
    ----------
    kernels, domains
        One or several, as objects or as text.
    levels
        Level indices; 0 to 10 by default, as far as the domain has them.
    digits, show
        Digits that are proved and printed.
    closed_form
        Whether closed forms stand beside the digits; by default where there is one
        kernel on one domain and a form is short.

    Examples
    --------
    >>> print(eigenvalues("polynomial:degree=2", "hypercube:4", levels=[0, 2]))
    k  multiplicity  λ_k    closed form
    0             1  0.25   1/4
    2             6  0.125  1/8
    Levels above 2 hold the trace Σ g λ = 0.
    """
    spectra = [
        listed(kernel, domain, levels, digits)
        for domain in _many(domains)
        for kernel in _many(kernels)
    ]
    alone = len(spectra) == 1
    places = list(dict.fromkeys(str(s.domain) for s, _ in spectra))
    rows = sorted({level for _, shown in spectra for level in shown})
    columns = [Column("level", "k", "$k$")]
    body: list[list[Any]] = [[k] for k in rows]
    one_place = len(places) == 1
    kernels_shared, names = shared_words(
        [Subject(s.kernel, "") for s, _ in spectra if s.domain == spectra[0][0].domain]
    )
    counted: set[str] = set()
    for (s, shown), own in zip(spectra, names * len(places), strict=True):
        place = str(s.domain)
        group = "" if one_place else escape(domain_words(place))
        if place not in counted:
            counted.add(place)
            name = "multiplicity" if one_place else f"multiplicity on {place}"
            key = name.replace(" ", "_")
            columns.append(Column(key, name, "$g_k$", group=group))
            counts = {x.index: x.multiplicity for x in s.levels}
            for row in body:
                row.append(counts.get(row[0]))
        head = r"$\lambda_k$" if not own else escape(own)
        group = group or (r"$\lambda_k$" if own else "")
        columns.append(_column(s, head, group, alone=alone, one_place=one_place))
        for row in body:
            row.append(s.level(row[0]).eigenvalue if row[0] in shown else None)
        if closed_form or (alone and closed_form is None):
            forms = [_form(s, row[0]) for row in body]
            limit = MAX_CLOSED_FORM if closed_form else SHORT_CLOSED_FORM
            if any(form and len(form.text) <= limit for form in forms):
                key = "closed_form" if alone else f"{columns[-1].key} closed form"
                columns.append(Column(key, "closed form", "closed form"))
                for row, form in zip(body, forms, strict=True):
                    short = form and len(form.text) <= limit
                    row.append(form if short else None)
    return Table(
        columns=tuple(columns),
        rows=tuple(map(tuple, body)),
        title=f"Eigenvalues: {kernels_shared}, {', '.join(map(domain_words, places))}.",
        digits=digits,
        show=show,
        command=command,
        notes=tuple(
            _tail_note(s, shown, alone) for s, shown in spectra if _cut(s, shown)
        ),
    )


def of_spectrum(s: Spectrum, show: int = 6) -> Table:
    """A spectrum's levels as a table.

    Examples
    --------
    >>> print(of_spectrum(Spectrum.from_levels([("1/2", 1), ("1/4", 3)])))
    k  multiplicity  λ_k
    0             1  0.5
    1             3  0.25
    """
    where = "" if s.domain is None else f", {domain_words(s.domain)}"
    name = "given levels" if s.kernel is None else kernel_words(s.kernel)
    columns = (
        Column("level", "k", "$k$"),
        Column("multiplicity", "multiplicity", "$g_k$"),
        Column("eigenvalue", "λ_k", r"$\lambda_k$", "", "proved radius"),
    )
    rows = tuple((x.index, x.multiplicity, x.eigenvalue) for x in s.levels)
    return Table(columns, rows, f"Eigenvalues: {name}{where}.", 30, show)


def record(s: Spectrum, levels: Sequence[int], digits: int) -> dict[str, Any]:
    """The spectrum as the command line's json has it."""
    rows = []
    for k in levels:
        level = s.level(k)
        spelled = spell_fully(level.eigenvalue, digits)
        form = _form(s, k)
        rows.append(
            {
                "level": k,
                "multiplicity": str(level.multiplicity),
                "eigenvalue": spelled.decimal,
                "radius": spelled.radius,
                "closed_form": None if form is None else form.text,
            }
        )
    tail = spell_fully(s.tail_mass, digits)
    return {
        "domain": str(s.domain),
        "kernel": str(s.kernel),
        "levels": rows,
        "tail_mass": tail.decimal,
        "tail_mass_radius": tail.radius,
    }


def listed(
    kernel: Any, domain: Any, levels: Sequence[int] | None, digits: int
) -> tuple[Spectrum, list[int]]:
    """The spectrum at the levels that are asked for, and the levels.

    Raises
    ------
    OutOfDomain
        When the domain has no such level.
    """
    place: Domain = parse_domain(domain) if isinstance(domain, str) else domain
    function: Kernel = parse_kernel(kernel) if isinstance(kernel, str) else kernel
    if levels is None:
        top = place.last_level
        last = min(DEFAULT_TOP, int(top)) if top.is_Integer else DEFAULT_TOP
        levels = range(last + 1)
    return spectrum(function, place, levels=levels, digits=digits), list(levels)


def _form(s: Spectrum, k: int) -> Symbolic | None:
    if s.kernel is None or s.domain is None or s.domain.invariant == "pair":
        return None
    if _has_high_powers(s.kernel):
        return None
    found = s.domain.eigenvalue(s.kernel, k)
    if found.rule is None:
        return None
    text = str(found.expression)
    if len(text) > MAX_CLOSED_FORM:
        return None
    return Symbolic(text, latex(found.expression))


def _has_high_powers(kernel: Kernel) -> bool:
    """Whether a closed form would be longer than is printed, and slow to find out."""
    written = kernel(t)
    if isinstance(written, Chain):
        return False
    return any(
        power.exp.is_Integer and abs(power.exp) > MAX_POWER
        for power in written.atoms(Pow)
        if power.base.has(t)
    )


def _column(
    s: Spectrum, latex: str, group: str, *, alone: bool, one_place: bool
) -> Column:
    where = "" if one_place else f" on {s.domain}"
    label = f"{short_name(s.kernel)}{where}"
    return Column(
        key="eigenvalue" if alone else f"{s.kernel}{where}",
        heading="λ_k" if alone else label,
        latex=latex,
        group=group,
        uncertainty="proved radius",
        source=f"eigenvalues of {s.kernel} on {s.domain}",
    )


def _cut(s: Spectrum, shown: list[int]) -> bool:
    last = s.domain.last_level if s.domain else max(shown)
    return bool(last > max(shown))


def _tail_note(s: Spectrum, shown: list[int], alone: bool) -> str:
    mass = spell_fully(s.tail_mass, 4).short()
    of = "" if alone else f" of {short_name(s.kernel)}"
    return f"Levels above {max(shown)}{of} hold the trace Σ g λ = {mass}."


def _many(given: Any) -> list[Any]:
    return list(given) if isinstance(given, (list, tuple)) else [given]
