"""``learnability table``."""

from typing import Annotated

from cyclopts import Parameter

from learnability.cli.options import Printed, Samples, Values, Whole

Repeated = Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative=())]
DEFAULT_SHOW = 6


def table(
    name: str,
    /,
    *,
    domain: Repeated = (),
    kernel: Repeated = (),
    n: Samples | None = None,
    ridge: Whole = "0",
    levels: Values | None = None,
    digits: Whole = "30",
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> None:
    """A table for a paper, with the caption that says how to make it again.

    An example:
    learnability table constant --kernel ntk:relu:depth=1..3 --output constant.tex

    Parameters
    ----------
    name
        eigenvalues, constant, learnability, optimal-depth or theory-error.
    domain
        A domain; may be given several times.
    kernel
        A kernel, or several by depth=1..5; may be given several times.
    n
        Training points, where the table has them.
    ridge
        δ ≥ 0, where the table has it.
    levels
        Levels to list.
    digits
        Proved digits of every number.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.cli.progress import progress
    from learnability.gallery.settings import Settings
    from learnability.gallery.tables import make
    from theory.numbers import rational

    with progress(quiet=printed.quiet) as report:
        made = make(
            name,
            Settings(
                domains=[inputs.place(text) for text in domain],
                kernels=inputs.kernels(kernel, name) if kernel else (),
                n=None if n is None else lists.numbers(n, "n", whole=True),
                ridge=rational(ridge, "ridge", least=0),
                levels=None if levels is None else lists.levels(levels),
                digits=whole(digits, "--digits", inputs.MAX_DIGITS) or 30,
                show=whole(printed.show, "--show", inputs.MAX_DIGITS) or DEFAULT_SHOW,
                command=command(),
                progress=report,
            ),
        )
    out.give(getattr(made, out.format)())
