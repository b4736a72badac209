"""``learnability table``."""

from typing import Annotated

from cyclopts import Parameter

from learnability.cli.options import Flag, Printed, Samples, Values, Whole

Repeated = Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative=())]
DEFAULT_SHOW = 6
MAX_TRIALS = 1_000_000


def table(
    name: str,
    /,
    *,
    domain: Repeated = (),
    kernel: Repeated = (),
    n: Samples | None = None,
    ridge: Whole = "0",
    levels: Values | None = None,
    depths: Values | None = None,
    closed_form: Flag = False,
    trials: Whole | None = None,
    seed: Whole = "0",
    digits: Whole = "30",
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> None:
    """A table for a paper, with the caption that says how to make it again.

    An example:
    learnability table constant --kernel ntk:relu:depth=1..3 --output constant.tex

    Parameters
    ----------
    name
        eigenvalues, constant, learnability, agreement, asymptotics, optimal-depth or
        theory-error.
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
    depths
        Depths that optimal-depth compares: 1:16, or 1,2,4,8.
    closed_form
        Closed forms beside the digits of eigenvalues, also long ones.
    trials
        Data sets that agreement draws, an even number; 1000 by default.
    seed
        Seed of what is measured.
    digits
        Proved digits of every number.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.cli.progress import progress
    from learnability.paper_tables.by_name import make
    from learnability.paper_tables.settings import Settings
    from theory.numbers import integer, rational

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
                depths=None if depths is None else _depths(lists.numbers, depths),
                closed_form=closed_form or None,
                trials=whole(trials, "--trials", MAX_TRIALS),
                seed=integer(seed, "--seed", most=2**63 - 1),
                command=command(),
                progress=report,
            ),
        )
    out.give(getattr(made, out.format)())


def _depths(read, text: str) -> list[int]:
    from learnability.cli.inputs import MAX_DEPTH
    from theory.numbers import integer

    found = read(text, "depths", whole=True)
    return [integer(x, "--depths", least=1, most=MAX_DEPTH) for x in found]
