"""Text and numbers in LaTeX: what a cell of a table becomes."""

import re
from decimal import Decimal
from fractions import Fraction

from learnability.table.cell import Cell, Spelled, Symbolic, exact_text, spell

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
MOST_DECADES = 3
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
        text = text.replace(f"σ_{letter}²", f"\0{letter}")
    spelled = "".join(known.get(letter, letter) for letter in text)
    return re.sub("\0([wb])", r"$\\sigma_\1^2$", spelled)


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


def cell_latex(cell: Cell, digits: int, *, radius: bool = True) -> str:
    r"""A cell as siunitx or as LaTeX sets it.

    Examples
    --------
    >>> cell_latex(None, 5), cell_latex("a_b", 5), cell_latex(Fraction(1, 3), 5)
    ('{--}', '{a\\_b}', '{$1/3$}')
    """
    if cell is None:
        return "{--}"
    if isinstance(cell, str):
        return f"{{{escape(cell)}}}"
    if isinstance(cell, Symbolic):
        return f"{{${cell.latex}$}}"
    if isinstance(cell, Fraction):
        text = exact_text(cell)
        return text if NUMBER.match(text) else f"{{${text}$}}"
    return number_latex(spell(cell, digits), radius=radius)


def number_latex(spelled: Spelled, *, radius: bool = True) -> str:
    r"""A spelled number, with its uncertainty in parentheses or without.

    Examples
    --------
    >>> number_latex(Spelled("1.2340e-5", "3e-9"))
    '1.2340(3)e-5'
    >>> number_latex(Spelled("1.2340e-5", "3e-9"), radius=False)
    '1.2340e-5'
    """
    if spelled.decimal == "inf":
        return r"{$\infty$}"
    if not radius:
        return spelled.decimal
    text = spelled.short()
    if "±" in text:
        mantissa, _, exponent = spelled.radius.partition("e")
        size = rf"{mantissa}\times 10^{{{exponent}}}" if exponent else mantissa
        return rf"{{$0 \pm {size}$}}"
    return text


def one_power(cells: list[str]) -> tuple[list[str], int]:
    """Numbers of a column over one power of ten, where they span few decades.

    Examples
    --------
    >>> one_power(["1.25(1)e-5", "3.0(2)e-6"])
    (['1.25(1)', '0.30(2)'], -5)
    >>> one_power(["1.0e-5", "3.0e-90"])[1]
    0
    """
    found = [NUMBER.match(cell) for cell in cells]
    numbers = [(m, Decimal(_plain(m))) for m in found if m]
    sizes = [x.adjusted() for _, x in numbers if x]
    if not sizes or not any(m[5] for m, _ in numbers):
        return cells, 0
    top = max(sizes)
    if top - min(sizes) > MOST_DECADES:
        return cells, 0
    moved = []
    for cell, match in zip(cells, found, strict=True):
        if match is None:
            moved.append(cell)
            continue
        value = Decimal(_plain(match)).scaleb(-top)
        moved.append(f"{value:f}" + (f"({match[3]})" if match[3] else ""))
    return moved, top


def _plain(match: re.Match[str]) -> str:
    """The number of a cell without its uncertainty."""
    return re.sub(r"\(\d+\)", "", match[0])


def column_format(cells: list[str]) -> str:
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


def width(text: str) -> float:
    r"""About how many digits wide a cell or a head is.

    Examples
    --------
    >>> width("1.25"), width(r"{$\lambda_k$}") < 4
    (3.6, True)
    """
    number = NUMBER.match(text)
    if number:
        digits = len(number[1]) + len(number[2] or "") + (0.6 if number[2] else 0)
        # siunitx parts five digits and more in groups of three
        for part in (number[1], number[2] or ""):
            digits += 0.4 * ((len(part) - 1) // 3) if len(part) > 4 else 0
        digits += 1.6 + len(number[3]) if number[3] else 0
        digits += 1.6 if text.startswith("-") else 0
        if number[5]:
            digits += 5.0 + 0.75 * len(number[5]) + (1.2 if number[4] else 0)
        return digits
    text = re.sub(
        r"\\(math|text)[a-z]*|\\(left|right|allowbreak|operatorname)", "", text
    )
    text = re.sub(r"\\[a-zA-Z]+", "mm", text)
    return 1.08 * len(re.sub(r"[{}$\\_^]", "", text))
