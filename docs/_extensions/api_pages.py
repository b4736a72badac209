"""API pages: the public names of some packages, as their faces list them.

    ```{api} theory.kernels theory.domains
    ```

documents each name of ``__all__`` once, in the first package of ``FACES`` that has it;
another package that has the name too says where it is. ``{names} learnability`` is a
table of all names with their first sentences, each a link to its entry.
"""

import ast
import inspect
import sys
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from theory.formula import Formula

LAYERS = ("theory", "numerics", "verify", "learnability")
FACES = (
    "theory.activations",
    "theory.domains",
    "theory.kernels",
    "theory.eigenvalues",
    "theory.constant",
    "theory.constant.implicit",
    "theory.statistics",
    "theory.statistics.questions",
    "theory.training",
    "theory.derivations",
    "theory.derivations.workbench",
    "theory",
    "numerics.random_features",
    "numerics",
    "verify.data",
    "verify.choice",
    "verify.exact",
    "verify.experiments",
    "verify.formulas",
    "verify.networks",
    "verify.oracles",
    "verify.regression",
    "verify.regression.budget",
    "verify.regression.least_squares",
    "verify.regression.learned_values",
    "learnability.table",
    "learnability.paper_tables",
    "learnability.figure",
    "learnability",
)
"""Packages with public names, from the special to the general."""


@cache
def homes() -> dict[str, list[str]]:
    """Face → its names that are documented there, in the order of ``__all__``."""
    seen: set[int] = set()
    found: dict[str, list[str]] = {}
    for face in FACES:
        module = import_module(face)
        found[face] = []
        for name in module.__all__:
            thing = getattr(module, name)
            if not inspect.ismodule(thing) and id(thing) not in seen:
                seen.add(id(thing))
                found[face].append(name)
    return found


def home_of(face: str, name: str) -> str:
    """The full name under which a public name of a face is documented."""
    thing = getattr(import_module(face), name)
    for other, names in homes().items():
        for known in names:
            if getattr(import_module(other), known) is thing:
                return f"{other}.{known}"
    return thing.__name__ if inspect.ismodule(thing) else f"{face}.{name}"


def directive(face: str, name: str) -> list[str]:
    """The lines that document one name."""
    thing = getattr(import_module(face), name)
    full = f"{face}.{name}"
    if isinstance(thing, Formula):
        return [f"```{{formula}} {thing.name}", "```"]
    if inspect.isclass(thing):
        lines = [f".. autoclass:: {full}", "   :members:"]
    elif callable(thing) and not hasattr(thing, "free_symbols"):
        lines = [f".. autofunction:: {full}"]
    else:
        text = told(name, thing) or f"A {type(thing).__name__}."
        lines = [f".. py:data:: {full}", "", *(f"   {x}" for x in text.splitlines())]
    return ["```{eval-rst}", *lines, "```"]


def told(name: str, thing: Any) -> str:
    """The string below the assignment that makes a value, in whichever module it is."""
    for module in [*sys.modules.values()]:
        path = getattr(module, "__file__", None) or ""
        inside = module.__name__.partition(".")[0] in LAYERS and path.endswith(".py")
        if inside and vars(module).get(name) is thing:
            body = ast.parse(Path(path).read_text("utf-8")).body
            for one, below in pairwise(body):
                targets = getattr(one, "targets", [getattr(one, "target", None)])
                if name in [getattr(x, "id", None) for x in targets] and (
                    isinstance(below, ast.Expr)
                    and isinstance(below.value, ast.Constant)
                    and isinstance(below.value.value, str)
                ):
                    return inspect.cleandoc(below.value.value)
    return ""


class Api(SphinxDirective):
    """The public names of some packages."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Make a section for each package."""
        found: list[nodes.Node] = []
        for face in self.arguments[0].split():
            part = nodes.section(ids=[nodes.make_id(f"module-{face}")], names=[face])
            part += nodes.title(face, "", nodes.literal(face, face))
            summary = (import_module(face).__doc__ or "").strip().partition("\n\n")[0]
            part += nodes.paragraph("", " ".join(summary.split()).replace("``", ""))
            here = homes()[face]
            elsewhere = [x for x in import_module(face).__all__ if x not in here]
            if elsewhere and face != FACES[-1]:
                part += _links(face, elsewhere)
            for name in here:
                self.state.nested_parse(
                    StringList(directive(face, name), face), 0, part
                )
            found.append(part)
        return found


class Names(SphinxDirective):
    """All names of one package with their first sentences."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make a list of definitions."""
        from generated_pages import cell, table

        face = self.arguments[0]
        module = import_module(face)
        rows = []
        for name in module.__all__:
            thing = getattr(module, name)
            text = inspect.getdoc(thing) or ""
            first = " ".join(text.partition("\n\n")[0].split()).replace("``", "")
            rows.append((cell(_link(face, name)), cell(first)))
        return [table(("name", "what it is"), rows)]


def _link(face: str, name: str) -> nodes.Node:
    full = home_of(face, name)
    link = addnodes.pending_xref(
        "",
        nodes.literal(name, name),
        refdomain="py",
        reftype="obj",
        reftarget=full,
        refexplicit=True,
        refwarn=False,
    )
    return link


def _links(face: str, names: list[str]) -> nodes.paragraph:
    line = nodes.paragraph("", "Also here: ")
    for position, name in enumerate(names):
        line += [nodes.Text(", ")] if position else []
        line += _link(face, name)
    line += nodes.Text(".")
    return line


def keep_bars(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Show |x| as it is written."""
    del app, what, name, thing, options
    for place, line in enumerate(lines):
        if "|" in line and ">>>" not in line and not line.startswith(("    ", "+-")):
            lines[place] = line.replace("|", r"\|")


def skip_of_libraries(
    app: Sphinx, what: str, name: str, thing: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out methods that a library writes into our classes, such as Artist.set."""
    del app, what, name, skip, options
    home = getattr(thing, "__module__", None)
    return True if str(home).partition(".")[0] in {"matplotlib", "sklearn"} else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Enter the directives."""
    app.add_directive("api", Api)
    app.add_directive("names", Names)
    app.connect("autodoc-skip-member", skip_of_libraries)
    app.connect("autodoc-process-docstring", keep_bars)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
