"""``learnability figure``."""

import sys
from dataclasses import dataclass
from inspect import Parameter as Argument
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from learnability.cli.options import Flag

Words = Annotated[str, Parameter(allow_leading_hyphen=True, show=False)]
FORMATS = ("png", "pdf", "svg")


@Parameter(name="*")
@dataclass(frozen=True)
class Written:
    """Where a figure goes."""

    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None
    """A file (.png .pdf .svg .eps), or a folder for all of them; ./NAME/ by default."""
    quiet: Annotated[Flag, Parameter(name=["--quiet", "-q"])] = False
    """No progress and no remarks on standard error."""
    debug: Flag = False
    """Show the traceback of an error."""


def figure(*words: Words) -> Any:
    """A figure for a paper, as PNG, PDF and SVG, with its data beside it.

    An example:
    learnability figure learning-curves sphere:8 ntk:relu:depth=1..3 --target 1 -o a.pdf
    """
    from learnability.cli.by_signature import named
    from learnability.cli.names import chosen, listing
    from learnability.figure import FIGURES

    name, rest = chosen("figure", words, FIGURES)
    from learnability import figure as figures

    if name is None:
        sys.stdout.write(listing("figure", figures, FIGURES))
        return 0
    function = getattr(figures, name.replace("-", "_"))
    common = {
        "written": Argument(
            "written", Argument.KEYWORD_ONLY, default=Written(), annotation=Written
        )
    }

    def finish(make: Any, shared: dict[str, Any]) -> None:
        _finish(name, make, shared.get("written") or Written())

    app = named("figure", name, function, common, finish)
    return app(
        rest, exit_on_error=False, print_error=False, result_action="return_value"
    )


def _finish(name: str, make: Any, written: Written) -> None:
    from learnability.atomic_writing import check_folder, check_writable, write_bytes
    from learnability.cli.progress import progress
    from learnability.errors import BadRequest
    from learnability.figure.picture import SUFFIXES

    path = Path(name) if written.output is None else written.output
    if path.suffix and path.suffix not in SUFFIXES and not path.is_dir():
        raise BadRequest(
            f"output = {path}: a figure is {', '.join(SUFFIXES)}, or a folder"
        )
    single = path.suffix in SUFFIXES
    check_writable(path) if single else check_folder(path)
    with progress(quiet=written.quiet) as report:
        picture = make(progress=report)
    if single:
        picture.save(path)
        print(path)
        return
    path.mkdir(parents=True, exist_ok=True)
    for suffix in FORMATS:
        write_bytes(path / f"{name}.{suffix}", picture.image(suffix))
    picture.table.csv(path / f"{name}.csv")
    picture.table.latex(path / f"{name}.tex")
    print(f"{path}/{name}.png .pdf .svg, data in .csv and .tex")
