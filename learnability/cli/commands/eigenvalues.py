"""``learnability eigenvalues``."""

from learnability.cli.options import OfData, Printed, Values, Whole

SEVERAL_SHOWN = 12


def eigenvalues(
    domain: str,
    /,
    *kernels: str,
    levels: Values | None = None,
    digits: Whole = "30",
    data: OfData = OfData(),  # noqa: B008  (frozen)
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> None:
    """Eigenvalues of kernels on a domain, level by level, every digit proved.

    An example:
    learnability eigenvalues hypercube:8 ntk:relu:depth=4,bias_variance=0.01

    Parameters
    ----------
    domain
        hypercube:D, sphere:D, circle, circle:M, or data:FILE (data:digits).
    kernels
        ntk:relu:depth=4, nngp:erf, gaussian:width=2, laplace, exponential:beta=1,
        polynomial:degree=3, arc_cosine:order=1 or expr:1/(2-t); depth=1..5 expands.
    levels
        Levels to list; 0:10 by default, as far as the domain has them.
    digits
        Proved digits of every eigenvalue.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.table.level_tables import eigenvalues as table
    from learnability.table.level_tables import listed, record
    from theory.errors import OutOfDomain

    domain = inputs.with_options(domain, data.label, data.norms)
    proved = whole(digits, "--digits", inputs.MAX_DIGITS) or 30
    show = whole(printed.show, "--show", inputs.MAX_DIGITS)
    wanted = None if levels is None else lists.levels(levels)
    if domain.startswith("levels:"):
        raise OutOfDomain(
            f"domain {domain!r} already holds its eigenvalues; name a domain of points"
        )
    place = inputs.place(domain)
    chosen = inputs.kernels(kernels, domain)
    if out.format == "json":
        found = [
            record(*listed(kernel, place, wanted, proved), proved) for kernel in chosen
        ]
        out.give_json(found[0] if len(found) == 1 else found)
        return
    made = table(
        chosen,
        place,
        wanted,
        proved,
        show or (proved if len(chosen) == 1 else min(proved, SEVERAL_SHOWN)),
        command=command(),
    )
    out.give(getattr(made, out.format)())
