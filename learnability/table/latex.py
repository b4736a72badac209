"""Tables in LaTeX: booktabs rules, siunitx columns, uncertainty as 1.234(5)."""

import re
from fractions import Fraction

from learnability.table.cell import Cell, Spelled, Symbolic, exact_text, spell
from learnability.table.content import Column, TableContent

SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
}
GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "varepsilon",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "varphi",
    "Θ": "Theta",
    "Σ": "Sigma",
    "Φ": "Phi",
    "±": "pm",
    "∓": "mp",
    "≤": "le",
    "≥": "ge",
    "≈": "approx",
    "≠": "ne",
    "∞": "infty",
    "√": "surd",
    "∂": "partial",
    "·": "cdot",
    "×": "times",
    "→": "to",
    "ℓ": "ell",
}
LETTERS = {letter: rf"$\{name}$" for letter, name in GREEK.items()} | {
    "²": r"$^2$",
    "³": r"$^3$",
    "⁻": r"$^-$",
    "¹": r"$^1$",
    "₀": r"$_0$",
    "₁": r"$_1$",
    "₂": r"$_2$",
    "−": r"$-$",
    "′": r"$'$",
    "–": "--",
    "—": "---",
    "…": r"\dots{}",
    "’": "'",
    "“": "``",
    "”": "''",
}
BREAKS = ":,="
TALL_ROWS = r"  \renewcommand{\arraystretch}{1.5}"
NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?(?:\((\d+)\))?(?:e(-?)(\d+))?$")


def escape(text: str) -> str:
    r"""Plain text for LaTeX.

    Examples
    --------
    >>> print(escape("bias_variance = 1%"))
    bias\_variance = 1\%
    """
    known = SPECIAL | LETTERS
    for letter in "wb":
        text = text.replace(f"σ_{letter}²", rf"\x00{letter}")
    spelled = "".join(known.get(letter, letter) for letter in text)
    return re.sub("\x00([wb])", r"$\\sigma_\1^2$", spelled)


def code(text: str) -> str:
    r"""A name or a command in typewriter letters, with places to break the line.

    Examples
    --------
    >>> print(code("a:b"))
    \texttt{a:\allowbreak{}b}
    """
    parts = []
    for letter in text:
        spelled = "{-}" if letter == "-" else escape(letter)
        parts.append(spelled + (r"\allowbreak{}" if letter in BREAKS else ""))
    return rf"\texttt{{{''.join(parts)}}}"


def as_latex(table: TableContent) -> str:
    """A table environment; it needs the packages booktabs and siunitx."""
    body = [[_cell(cell, table.show) for cell in row] for row in table.rows]
    formats = [
        _column_format([row[position] for row in body])
        for position in range(len(table.columns))
    ]
    heads = [_head(column) for column in table.columns]
    lines = [
        r"% needs \usepackage{booktabs,siunitx}",
        f"% {table.caption}",
        r"\begin{table}",
        r"  \centering",
        rf"  \caption{{{_caption(table)}}}",
        *([TALL_ROWS] if any(_has_fractions(row) for row in table.rows) else []),
        r"  \begin{tabular}{",
        *(f"    {form}" for form in formats),
        r"  }",
        r"    \toprule",
        f"    {' & '.join(heads)} \\\\",
        r"    \midrule",
        *(f"    {' & '.join(row)} \\\\" for row in body),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _has_fractions(row: tuple[Cell, ...]) -> bool:
    """Whether a cell needs a taller row."""
    return any(isinstance(cell, Symbolic) and "frac" in cell.latex for cell in row)


def _caption(table: TableContent) -> str:
    title, made = table.title, table.caption[len(table.title) :].strip()
    version, colon, command = made.partition(": ")
    words = rf"{escape(version)}{colon}{code(command)}" if colon else made
    notes = " ".join(escape(note) for note in table.notes)
    return " ".join(filter(None, [escape(title), notes, words]))


def _head(column: Column) -> str:
    unit = rf" / \unit{{{column.unit}}}" if column.unit else ""
    return f"{{{column.latex}{unit}}}"


def _cell(cell: Cell, digits: int) -> str:
    if cell is None:
        return "{--}"
    if isinstance(cell, str):
        return f"{{{escape(cell)}}}"
    if isinstance(cell, Symbolic):
        return f"{{${cell.latex}$}}"
    if isinstance(cell, Fraction):
        text = exact_text(cell)
        return text if NUMBER.match(text) else f"{{${text}$}}"
    return _number(spell(cell, digits))


def _number(spelled: Spelled) -> str:
    if spelled.decimal == "inf":
        return r"{$\infty$}"
    text = spelled.short()
    if "±" in text:
        mantissa, _, exponent = spelled.radius.partition("e")
        size = rf"{mantissa}\times 10^{{{exponent}}}" if exponent else mantissa
        return rf"{{$0 \pm {size}$}}"
    return text


def _column_format(cells: list[str]) -> str:
    """S with room for every number of the column, or l for words."""
    matches = [found for found in map(NUMBER.match, cells) if found]
    if not matches:
        return "l"

    def widest(group: int) -> int:
        return max(len(found[group] or "") for found in matches)

    minus = "-" if any(found[0].startswith("-") for found in matches) else ""
    form = f"{minus}{widest(1)}.{widest(2)}" if widest(2) else f"{minus}{widest(1)}"
    if widest(3):
        form += f"({widest(3)})"
    if widest(5):
        sign = "-" if any(found[4] for found in matches) else ""
        form += f"e{sign}{widest(5)}"
    return f"S[table-format={form}]"
