"""Formulas on pages: the directive and the role ``formula`` render theory's own objects.

    ```{formula} test_mse
    ```

shows the sentence, the LaTeX, status, source and conditions of ``formulas["test_mse"]``,
and {formula}`test_mse` its LaTeX within a line. ``{formula-index}`` shows the whole
registry, with the judges and tests that each formula has. An unknown name is a warning,
and so an error of the build.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from theory import formulas
from theory.errors import OutOfDomain
from theory.formula import Formula

INDEX = "reference/formulas"
SOURCES = "reference/sources"
TESTS = Path(__file__).parents[2] / "tests"


def anchor(name: str) -> str:
    """The place of a formula on the index page."""
    return "formula-" + name.replace("_", "-")


class FormulaDirective(SphinxDirective):
    """Formulas by name, one or more, each as a block."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True  # names may go on in the lines below

    def run(self) -> list[nodes.Node]:
        """Make one block for each name."""
        found: list[nodes.Node] = []
        for name in " ".join([*self.arguments, *self.content]).split():
            try:
                found.append(block(formulas[name], self.env.docname))
            except OutOfDomain as error:
                found.append(self.state.document.reporter.warning(str(error)))
        return found


class FormulaRole(SphinxRole):
    """A formula within a line."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make a node of inline mathematics."""
        try:
            latex = formulas[self.text].latex()
        except OutOfDomain as error:
            return [], [self.inliner.reporter.warning(str(error), line=self.lineno)]
        return [nodes.math(latex, latex)], []


class FormulaIndex(SphinxDirective):
    """All formulas: a list of names first, then every formula with its tests."""

    def run(self) -> list[nodes.Node]:
        """Make a table of names, and a block with a target for each formula."""
        names = nodes.paragraph()
        for name in sorted(formulas):
            names += nodes.reference(
                "", "", nodes.literal(name, name), internal=True, refid=anchor(name)
            )
            names += nodes.Text(" · ")
        names.pop()
        found: list[nodes.Node] = [names]
        for formula in formulas.values():
            entry = block(formula, self.env.docname, detailed=True)
            entry["ids"].append(anchor(formula.name))
            found.append(entry)
        return found


class RemainingFormulas(SphinxDirective):
    """Formulas of the registry that no page of the theory shows."""

    def run(self) -> list[nodes.Node]:
        """Look through the pages beside this one, and make a block for each."""
        pages = Path(self.env.doc2path(self.env.docname)).parent.glob("*.md")
        text = " ".join(page.read_text("utf-8") for page in pages)
        shown = set(text.replace("```", " ").split())
        rest = [one for name, one in formulas.items() if name not in shown]
        return [block(one, self.env.docname) for one in rest]


def block(formula: Formula, page: str, *, detailed: bool = False) -> nodes.container:
    """The sentence, the formula, and the line below it."""
    box = nodes.container(classes=["formula"])
    latex = formula.latex()
    says = nodes.paragraph(formula.says, formula.says)
    box += says
    box += nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
    line = nodes.paragraph(classes=["formula-line"])
    for position, part in enumerate(_about(formula, page, detailed=detailed)):
        if position:
            line += nodes.Text(" · ")
        line += part
    box += line
    if detailed:
        box += _tested(formula)
    return box


def _about(formula: Formula, page: str, *, detailed: bool) -> Iterator[nodes.Node]:
    name = nodes.literal(formula.name, formula.name)
    yield name if detailed else _to(page, INDEX, anchor(formula.name), name)
    classes = ["status", f"status-{formula.status}"]
    yield nodes.inline(formula.status, formula.status, classes=classes)
    source = str(formula.source)
    key = formula.source.key
    yield _to(page, SOURCES, f"source-{key}", nodes.inline(source, source))
    conditions = [] if formula.holds == True else [str(formula.holds)]  # noqa: E712
    if formula.given:
        conditions.append(formula.given)
    if conditions:
        yield nodes.Text("holds for: " + "; ".join(conditions))
    if formula.rewrites:
        first = nodes.literal(formula.rewrites, formula.rewrites)
        box = nodes.inline("", "rewrites ")
        box += _to(page, INDEX, anchor(formula.rewrites), first)
        yield box


def _tested(formula: Formula) -> nodes.Node:
    """Judges of the formula, and the test files that name it."""
    line = nodes.paragraph(classes=["formula-line"])
    judges = dict(judges_by_name().get(formula.name, []))
    line += nodes.Text("tested by ")
    parts = [f"{module} ({how})" for module, how in judges.items()]
    parts += test_files().get(formula.name, [])
    text = "; ".join(parts) if parts else "no test names it"
    line += nodes.Text(text)
    return line


def _to(page: str, target: str, where: str, shown: nodes.Node) -> nodes.reference:
    steps = "../" * page.count("/")
    link = nodes.reference(
        "", "", internal=True, refuri=f"{steps}{target}.html#{where}"
    )
    link += shown
    return link


@cache
def judges_by_name() -> dict[str, list[tuple[str, str]]]:
    """Formula → (module, what the second way is) of each judge."""
    from verify.formulas.registry import JUDGES, judges_of

    judges_of("test_mse")  # loads every module of judges
    return {
        name: [
            (judge.__module__, " ".join((judge.__doc__ or "").split()).rstrip("."))
            for judge in judges
        ]
        for name, judges in JUDGES.items()
    }


@cache
def test_files() -> dict[str, list[str]]:
    """Formula → files under tests/ that hold its name in quotes."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        names = set(re.findall(r"[\"']([a-z_0-9]+)[\"']", path.read_text("utf-8")))
        for name in names & set(formulas):
            found.setdefault(name, []).append(str(path.relative_to(TESTS.parent)))
    return found


def setup(app: Sphinx) -> dict[str, bool]:
    """Enter directives and the role."""
    app.add_directive("formula", FormulaDirective)
    app.add_directive("formula-index", FormulaIndex)
    app.add_directive("remaining-formulas", RemainingFormulas)
    app.add_role("formula", FormulaRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
