"""Tables on pages, made from the objects that the program itself uses.

``{letters}`` is the notation, ``{sources}`` the bibliography, ``{commands}`` the help of
every command, ``{theory-error}`` a summary of ``results/theory_error.csv``.
"""

import contextlib
import csv
import io
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TOP = Path(__file__).parents[2]
ERRORS = TOP / "results" / "theory_error.csv"


def cell(*content: nodes.Node | str) -> nodes.entry:
    """A cell of a table."""
    line = nodes.paragraph()
    for part in content:
        line += nodes.Text(part) if isinstance(part, str) else part
    return nodes.entry("", line)


def code(text: str) -> nodes.literal:
    """A name in typewriter letters."""
    return nodes.literal(text, text)


def table(heads: Iterable[str], rows: Iterable[Iterable[nodes.entry]]) -> nodes.table:
    """A table with a head line."""
    heads = list(heads)
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=1) for _ in heads]
    first = nodes.row("", *[cell(head) for head in heads])
    group += nodes.thead("", first)
    group += nodes.tbody("", *[nodes.row("", *row) for row in rows])
    return nodes.table("", group)


class Letters(SphinxDirective):
    """Notation: symbol, name in Python, meaning, names in papers."""

    def run(self) -> list[nodes.Node]:
        """Make the table of ``theory.notation.LETTERS``."""
        from theory.notation import LETTERS

        rows = []
        for letter in LETTERS:
            elsewhere: list[nodes.Node | str] = []
            for paper, latex in letter.elsewhere.items():
                elsewhere += ["; "] if elsewhere else []
                elsewhere += [nodes.math(latex, latex), f" in {paper}"]
            rows.append(
                (
                    cell(nodes.math(letter.latex, letter.latex)),
                    cell(code(letter.name)),
                    cell(letter.meaning),
                    cell(*elsewhere),
                )
            )
        return [table(("letter", "name", "meaning", "elsewhere"), rows)]


class Conventions(SphinxDirective):
    """One eigenvalue in every convention that the engine knows."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Restate λ_k of the kernel that is named, on the sphere."""
        from theory import Hypersphere, kernels, notation
        from theory.eigenvalues.export.conventions import CONVENTIONS

        kernel = kernels.parse(self.arguments[0])
        e = Hypersphere(notation.d).eigenvalue(kernel, notation.k)
        found: list[nodes.Node] = []
        for name in ("ours", *CONVENTIONS):
            line = nodes.paragraph()
            line += code(name)
            says = (
                CONVENTIONS[name].says if name in CONVENTIONS else "this engine's own"
            )
            line += nodes.Text(f": {says}.")
            latex = e.latex(convention=name)
            found.append(line)
            found.append(
                nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
            )
        return found


class Sources(SphinxDirective):
    """Everything that formulas cite, and the formulas that cite it."""

    def run(self) -> list[nodes.Node]:
        """Make a paragraph for each entry of ``references.bib``."""
        from theory import formulas

        text = (TOP / "theory" / "references.bib").read_text("utf-8")
        found: list[nodes.Node] = []
        for entry in re.findall(r"@\w+\{([^,]+),\n(.*?)\n\}", text, re.DOTALL):
            key, body = entry
            fields = dict(re.findall(r"(\w+)\s*=\s*\{(.*)\}", body))
            line = nodes.paragraph(ids=[f"source-{key}"])
            line += code(key)
            parts = [fields.get("author", "").replace(" and ", ", "), fields["title"]]
            parts += [fields.get("journal") or fields.get("booktitle") or ""]
            parts += [fields.get("year", "")]
            if "eprint" in fields:
                parts.append(f"arXiv:{fields['eprint']}")
            line += nodes.Text(" " + ". ".join(map(_plain, filter(None, parts))) + ".")
            cited = [f.name for f in formulas.values() if f.source.key == key]
            if cited:
                count = f" Source of {len(cited)} formula{'s' * (len(cited) > 1)}."
                line += nodes.emphasis(count, count)
            found.append(line)
        return found


def _plain(tex: str) -> str:
    """BibTeX text without braces and accents' commands."""
    accents = {
        r"{\'e}": "é",
        r"{\"o}": "ö",
        r"{\'o}": "ó",
        r"{\"u}": "ü",
        r"{\`e}": "è",
    }
    for spelled, letter in accents.items():
        tex = tex.replace(spelled, letter)
    return tex.replace("{", "").replace("}", "").replace("--", "–")


class Commands(SphinxDirective):
    """The help of every command, as the terminal shows it."""

    def run(self) -> list[nodes.Node]:
        """Run ``learnability COMMAND --help`` for every command."""
        from learnability.__main__ import main
        from learnability.cli import COMMANDS

        found: list[nodes.Node] = []
        for command in ("", *(f.__name__ for f in COMMANDS)):
            shown = io.StringIO()
            with contextlib.redirect_stdout(shown):
                main([*filter(None, [command]), "--help"])
            name = f"learnability {command}".strip()
            part = nodes.section(ids=[nodes.make_id(f"command-{name}")], names=[name])
            part += nodes.title(name, name)
            text = shown.getvalue().strip()
            part += nodes.literal_block(text, text, language="none")
            found.append(part)
        return found


class TheoryError(SphinxDirective):
    """How far the theory is from the truth where all data sets can be enumerated."""

    def run(self) -> list[nodes.Node]:
        """Summarize the stored rows by domain, kernel and statistic."""
        worst: dict[tuple[str, str, str], list[tuple[Fraction, str, str]]] = {}
        with ERRORS.open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                key = (row["domain"], row["kernel"], row["statistic"])
                gap = Fraction(row["difference"])
                worst.setdefault(key, []).append((gap, row["n"], row["level"]))
        self.env.note_dependency(str(ERRORS))
        rows = []
        for (domain, kernel, statistic), gaps in worst.items():
            gap, n, level = max(gaps, key=lambda g: abs(g[0]))
            mean = sum(abs(g[0]) for g in gaps) / len(gaps)
            rows.append(
                (
                    cell(code(domain)),
                    cell(code(kernel)),
                    cell(statistic),
                    cell(str(len(gaps))),
                    cell(f"{float(gap):+.4f}"),
                    cell(f"n\u00a0=\u00a0{n}, k\u00a0=\u00a0{level}"),
                    cell(f"{float(mean):.4f}"),
                )
            )
        heads = (
            "domain",
            "kernel",
            "statistic",
            "cases",
            "largest error",
            "at",
            "mean |error|",
        )
        return [table(heads, rows)]


def show_prompts_as_sessions(app: Sphinx, page: str, source: list[str]) -> None:
    """Fenced Python with prompts is a session: let it be colored as one."""
    del app, page
    source[0] = re.sub(r"```python\n(?=>>>)", "```pycon\n", source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Enter the directives."""
    app.add_directive("letters", Letters)
    app.add_directive("conventions", Conventions)
    app.add_directive("sources", Sources)
    app.add_directive("commands", Commands)
    app.add_directive("theory-error", TheoryError)
    app.connect("source-read", show_prompts_as_sessions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
