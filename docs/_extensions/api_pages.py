"""API pages: every public module of a package, from its docstrings.

    ```{api} numerics
    :without: numerics.interpreters
    ```

writes an ``automodule`` for each module below the package.
"""

import pkgutil
from importlib import import_module

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

RUN_AS_COMMANDS = ("__main__",)


class Api(SphinxDirective):
    """All modules of one package, but for those of packages named in ``without``."""

    required_arguments = 1
    option_spec = {"without": directives.unchanged}  # noqa: RUF012  (Sphinx reads it)

    def run(self) -> list[nodes.Node]:
        """Make a section with an ``automodule`` for each module."""
        package = import_module(self.arguments[0])
        skipped = self.options.get("without", "").split()
        found: list[nodes.Node] = []
        for name in [package.__name__, *_modules(package.__name__, package.__path__)]:
            if any(name == s or name.startswith(s + ".") for s in skipped):
                continue
            part = nodes.section(ids=[nodes.make_id(f"module-{name}")], names=[name])
            part += nodes.title(name, "", nodes.literal(name, name))
            rst = [f".. automodule:: {name}", "   :members:", "   :ignore-module-all:"]
            lines = ["```{eval-rst}", *rst, "```"]
            self.state.nested_parse(StringList(lines, name), 0, part)
            found.append(part)
        return found


def _modules(package: str, path: list[str]) -> list[str]:
    names = []
    for info in pkgutil.walk_packages(path, prefix=f"{package}."):
        if not any(part in RUN_AS_COMMANDS for part in info.name.split(".")):
            names.append(info.name)
    return names


def keep_bars(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Show |x| as it is written, and what a module's text indents as a block of code."""
    del app, name, thing, options
    for place, line in enumerate(lines):
        if "|" in line and ">>>" not in line and not line.startswith(("    ", "+-")):
            lines[place] = line.replace("|", r"\|")
    if what == "module":
        for place in range(len(lines) - 1, 1, -1):
            inside, above = lines[place].startswith("    "), lines[place - 2]
            if inside and not lines[place - 1] and not above.startswith("    "):
                lines[place:place] = ["::", ""]


def skip_of_libraries(
    app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object
) -> bool | None:
    """Leave out methods that a library writes into our classes, such as Artist.set."""
    del app, what, name, skip, options
    home = getattr(thing, "__module__", None)
    return True if str(home).partition(".")[0] in {"matplotlib", "sklearn"} else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Enter the directive."""
    app.add_directive("api", Api)
    app.connect("autodoc-skip-member", skip_of_libraries)
    app.connect("autodoc-process-docstring", keep_bars)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
