"""``learnability figure``."""

from pathlib import Path

from learnability.cli.commands.table import Repeated
from learnability.cli.options import Flag, Samples, Values, Whole

DOTS_PER_INCH = 200


def figure(
    name: str,
    /,
    *,
    domain: Repeated = (),
    kernel: Repeated = (),
    n: Samples | None = None,
    ridge: Whole = "0",
    levels: Values | None = None,
    digits: Whole = "30",
    output: Path | None = None,
    quiet: Flag = False,
    debug: Flag = False,
) -> None:
    """A figure for a paper, as PNG, PDF and SVG, with its data beside it.

    An example:
    learnability figure learning-curves --kernel ntk:relu:depth=2 --domain sphere:8

    Parameters
    ----------
    name
        learning-curves, spectra, conservation, heatmap, phase-diagram or theory-error.
    domain
        The domain; hypercube:8 by default.
    kernel
        The kernel; spectra takes several, also by depth=1..5.
    n
        Training points, where the figure has them.
    ridge
        δ ≥ 0, where the figure has it.
    levels
        Levels to show.
    digits
        Proved digits of the data.
    output
        The folder that is written; ./NAME/ by default.
    quiet
        No progress and no remarks on standard error.
    debug
        Show the traceback of an error.
    """
    del debug
    from learnability.atomic_writing import check_folder, write_bytes

    folder = Path(name) if output is None else output

    import io

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.cli.progress import progress
    from learnability.figure.drawings import FIGURES, draw
    from learnability.paper_tables.settings import Settings
    from theory.numbers import rational

    if name in FIGURES:
        check_folder(folder)
    with progress(quiet=quiet) as report:
        picture, table = draw(
            name,
            Settings(
                domains=[inputs.place(text) for text in domain],
                kernels=inputs.kernels(kernel, name) if kernel else (),
                n=None if n is None else lists.numbers(n, "n", whole=True),
                ridge=rational(ridge, "ridge", least=0),
                levels=None if levels is None else lists.levels(levels),
                digits=whole(digits, "--digits", inputs.MAX_DIGITS) or 30,
                command=command(),
                progress=report,
            ),
        )
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("png", "pdf", "svg"):
        memory = io.BytesIO()
        picture.savefig(memory, format=suffix, dpi=DOTS_PER_INCH)
        write_bytes(folder / f"{name}.{suffix}", memory.getvalue())
    table.csv(folder / f"{name}.csv")
    table.latex(folder / f"{name}.tex")
    print(f"{folder}/{name}.png .pdf .svg, data in .csv and .tex")
