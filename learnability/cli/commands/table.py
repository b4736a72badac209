"""``learnability table``."""

import sys
from dataclasses import replace
from inspect import Parameter as Argument
from typing import Annotated, Any

from cyclopts import Parameter

from learnability.cli.options import Flag, Printed

Words = Annotated[str, Parameter(allow_leading_hyphen=True, show=False)]


def table(*words: Words) -> Any:
    """A table for a paper, with a comment that says how to make it again.

    An example:
    learnability table constant hypercube:8 ntk:relu:depth=1..3 -o constant.tex
    """
    from learnability.cli.by_signature import named
    from learnability.cli.names import chosen, listing
    from learnability.paper_tables import TABLES

    name, rest = chosen("table", words, TABLES)
    if name is None:
        from learnability import table as tables

        sys.stdout.write(listing("table", tables, TABLES))
        return 0
    from learnability import paper_tables

    function = getattr(paper_tables, name.replace("-", "_"))
    common = {
        "no_radius": Argument(
            "no_radius",
            Argument.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[Flag, Parameter(help=NO_RADIUS)],
        ),
        "printed": Argument(
            "printed", Argument.KEYWORD_ONLY, default=Printed(), annotation=Printed
        ),
    }
    app = named("table", name, function, common, _finish)
    return app(
        rest, exit_on_error=False, print_error=False, result_action="return_value"
    )


NO_RADIUS = "Numbers without their proved or statistical uncertainty."


def _finish(make: Any, shared: dict[str, Any]) -> None:
    from learnability.cli.emit import sink
    from learnability.cli.inputs import MAX_DIGITS
    from learnability.cli.options import whole
    from learnability.cli.progress import progress

    printed = shared.get("printed") or Printed()
    out = sink(printed)
    show = whole(printed.show, "--show", MAX_DIGITS)
    with progress(quiet=printed.quiet) as report:
        made = make(progress=report)
    made = replace(
        made, show=show or made.show, radius=not shared.get("no_radius", False)
    )
    out.give(getattr(made, out.format)())
