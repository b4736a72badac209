"""``learnability constant``."""

from learnability.cli.options import OfData, Printed, Samples, Values, Whole

SEVERAL_SHOWN = 12


def constant(
    domain: str,
    /,
    *kernels: str,
    n: Samples,
    ridge: Values = "0",
    digits: Whole = "30",
    data: OfData = OfData(),  # noqa: B008  (frozen)
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> None:
    """The constant C, root of Σ g λ/(λ + C) + δ/C = n, enclosed.

    An example:
    learnability constant hypercube:8 ntk:relu:depth=4 -n 64

    Parameters
    ----------
    domain
        hypercube:D, sphere:D, circle:M, data:FILE, or levels:FILE (CSV of λ,g; no
        kernel then).
    kernels
        As for eigenvalues; several make several columns.
    n
        Training points: 64, 1:8, log:1:256:40 (rounded down to whole numbers).
    ridge
        δ ≥ 0, absolute: the predictor inverts K + δ.
    digits
        Proved digits of C.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.table import constants as table

    domain = inputs.with_options(domain, data.label, data.norms)
    proved = whole(digits, "--digits", inputs.MAX_DIGITS) or 30
    show = whole(printed.show, "--show", inputs.MAX_DIGITS)
    sizes = lists.numbers(n, "n", whole=True)
    ridges = lists.numbers(ridge, "ridge")
    spectra = inputs.spectra(domain, kernels, proved)
    made = table(
        spectra,
        sizes,
        ridges,
        proved,
        show or (proved if len(spectra) == 1 else min(proved, SEVERAL_SHOWN)),
        command=command(),
    )
    if out.format == "json":
        found = _records(made, list(spectra), has_ridge=len(made.columns[1].key) == 5)
        out.give_json(found[0] if len(found) == 1 else found)
        return
    out.give(getattr(made, out.format)())


def _records(made, labels: list[str], *, has_ridge: bool) -> list[dict[str, str]]:
    """One object for each n, ridge and kernel; the kernel is named among several."""
    from learnability.table.cell import exact_text, spell_fully

    found = []
    for row in made.rows:
        delta = exact_text(row[1]) if has_ridge else "0"
        for label, c in zip(labels, row[-len(labels) :], strict=True):
            spelled = spell_fully(c, made.digits)
            record = {"kernel": label} if len(labels) > 1 else {}
            record |= {"n": exact_text(row[0]), "ridge": delta}
            record |= {"C": spelled.decimal, "radius": spelled.radius}
            found.append(record)
    return found
