"""Eigenvalues, C, learnabilities and exact errors of the theory, as tables for papers.

Each is a function with keywords: what ``learnability table NAME`` prints.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from learnability.paper_tables.learned_modes import learned_modes
from learnability.subjects import Subject, several, shared_words, sizes, subjects
from learnability.table.cell import as_fraction
from learnability.table.latex import escape
from learnability.table.level_tables import eigenvalues as eigenvalue_table
from learnability.table.table import Column, Table
from numerics import Ball, Spectrum, predict, working_precision
from numerics.numbers.precision import bits_for
from theory.errors import OutOfDomain

Progress = Callable[[int, int, str], None]
DEPTHS = tuple(f"ntk:relu:depth={depth},bias_variance=0.01" for depth in (1, 2, 3, 4))
DIGITS = 20


def eigenvalues(
    *subject: Any,
    levels: Sequence[int] | None = None,
    closed_form: bool | None = None,
    digits: int = 30,
    show: int = 6,
    command: Sequence[str] = (),
) -> Table:
    """Eigenvalues by level, for one or several kernels on one or more domains.

    Parameters
    ----------
    subject
        Kernels and domains, as objects or text, in any order.
    levels
        Level indices; 0 to 10 by default, as far as the domain has them.
    closed_form
        Closed forms beside the digits, also long ones; by default where there is one
        kernel on one domain and a form is short.
    digits, show
        Digits that are proved, and digits that are printed.
    command
        Words for the caption.

    Examples
    --------
    >>> print(eigenvalues("polynomial:degree=2", "hypercube:4", levels=[0, 2]))
    k  multiplicity  λ_k    closed form
    0             1  0.25   1/4
    2             6  0.125  1/8
    Levels above 2 hold the trace Σ g λ = 0.
    """
    pairs = _pairs(subject, DEPTHS)
    return eigenvalue_table(
        list(dict.fromkeys(one.kernel for one in pairs)),
        list(dict.fromkeys(one.domain for one in pairs)),
        levels,
        digits,
        show,
        closed_form=closed_form,
        command=command,
    )


def constant(
    *subject: Any,
    n: Any = None,
    ridge: Any = 0,
    digits: int = 30,
    show: int = 6,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Table:
    """C and the overfitting coefficient over n, a pair of columns for each kernel.

    Parameters
    ----------
    subject
        Kernels and domains (objects or text), spectra, in any order.
    n
        Training points.
    ridge
        δ ≥ 0.
    digits, show
        Digits that are proved, and digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Examples
    --------
    >>> print(constant("exponential", "hypercube:3", n=[2, 4]))
    n  C            E₀
    2  0.801411(1)  1.55933(1)
    4  0.214723(1)  2.42966(1)
    """
    chosen = subjects(subject)
    spectra = [one.spectrum(digits) for one in chosen]
    places = sizes(n, min(s.modes for s in spectra), ridge)
    shared, names = shared_words(chosen)
    columns = [Column("n", "n", "$n$")]
    body: list[list[Any]] = [[as_fraction(size)] for size in places]
    for done, (s, one, name) in enumerate(zip(spectra, chosen, names, strict=True)):
        alone = len(spectra) == 1
        full = "" if alone else one.words()
        group = "" if alone else escape(name)
        columns += [
            _column("C", "C", "$C$", "implicit_equation", full, group),
            _column(
                "E0", "E₀", r"$\mathcal{E}_0$", "overfitting_coefficient", full, group
            ),
        ]
        for row, size in zip(body, places, strict=True):
            if progress is not None:
                progress(done, len(spectra), f"n = {size}")
            p = predict(s, {_first(s): 1}, size, ridge, digits=digits)
            row += [p.C.item(), p.E0.item()]
    return Table(
        tuple(columns),
        tuple(map(tuple, body)),
        f"The constant C and the overfitting coefficient: {shared}.",
        digits,
        show,
        command,
    )


def learnability(
    *subject: Any,
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
    digits: int = 30,
    show: int = 6,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Table:
    """The learnability of a mode of each level over n.

    Parameters
    ----------
    subject
        Kernels and domains (objects or text), spectra, in any order.
    n
        Training points.
    levels
        Levels; the first nine with a positive eigenvalue by default.
    ridge
        δ ≥ 0.
    digits, show
        Digits that are proved, and digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Examples
    --------
    >>> made = learnability("exponential", "hypercube:3", n=4, levels=[0, 1])
    >>> [column.key for column in made.columns]
    ['n', 'learnability_0', 'learnability_1']
    """
    chosen = subjects(subject)
    columns = [Column("n", "n", "$n$")]
    many = len(chosen) > 1
    shared, names = shared_words(chosen)
    if many:
        columns.insert(0, Column("kernel", "kernel", "kernel"))
    body: list[tuple[Any, ...]] = []
    shown: list[int] = []
    for done, (one, name) in enumerate(zip(chosen, names, strict=True)):
        s = one.spectrum(digits)
        here = _some(s) if levels is None else several(levels)
        if levels is None and shown:
            known = {x.index for x in s.levels}
            here = [k for k in shown if k in known]
        shown = shown or here
        for size in sizes(n, s.modes, ridge):
            if progress is not None:
                progress(done, len(chosen), f"{name}, n = {size}")
            _, learned = learned_modes(s, here, size, ridge, digits)
            row = [learned.get(k) for k in shown]
            body.append((*([name] if many else []), as_fraction(size), *row))
    columns += [
        _column(
            f"learnability_{k}", f"L_{k}", rf"$\mathcal{{L}}_{{{k}}}$", "learnability"
        )
        for k in shown
    ]
    return Table(
        tuple(columns),
        tuple(body),
        f"Learnability of a mode of level k: {shared}.",
        digits,
        show,
        command,
    )


def theory_error(
    *,
    n: Any = None,
    show: int = 6,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Table:
    """The theory's exact error where all data sets can be enumerated.

    Parameters
    ----------
    n
        Training points; all that were enumerated by default.
    show
        Digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Examples
    --------
    >>> theory_error(n=[1]).rows[0][4]
    'learnability'
    """
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
    wanted = None if n is None else {int(x) for x in several(n)}
    body = []
    for row in rows(progress):
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
        DIGITS,
        show,
        command,
    )


def _column(
    key: str, heading: str, latex: str, source: str, name: str = "", group: str = ""
) -> Column:
    return Column(
        f"{key} {name}".strip(),
        f"{heading}, {name}" if name else heading,
        latex,
        "",
        "proved radius",
        source,
        group,
    )


def _pairs(subject: Sequence[Any], kernels: Sequence[Any]) -> list[Subject]:
    """Kernels on domains; spectra that were given have no closed forms or levels.

    Raises
    ------
    OutOfDomain
        When a spectrum is given.
    """
    found = subjects(subject, kernels)
    if any(one.kernel is None for one in found):
        raise OutOfDomain("this table takes kernels and domains, not spectra")
    return found


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
