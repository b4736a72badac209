"""The explorer's numbers, as HTML and as sentences; letters are set as mathematics."""

from html import escape

from learnability.explore.answers import Answer
from learnability.explore.simulation import Seen


def tex(latex: str) -> str:
    """A formula within HTML, in the element that marimo sets."""
    return f'<marimo-tex class="arithmatex">||({escape(latex)}||)</marimo-tex>'


LETTERS = {
    "constant C": r"C",
    "test MSE": r"\mathcal{E}",
    "bias": r"\mathcal{B}",
    "variance": r"\mathcal{V}",
    "train MSE": r"\mathcal{E}_\mathrm{tr}",
    "overfitting coefficient": r"\mathcal{E}_0",
    "learnability of the target": r"\mathcal{L}(f)",
}


def numbers(answers: list[Answer]) -> str:
    """C and the statistics, a column for each kernel.

    Each value carries its name in ``data-number``.
    """
    several = [f"({position + 1})" for position in range(len(answers))]
    heads = ("", *(several if len(answers) > 1 else ["theory"]))
    rows = [_row("constant C", [answer.constant for answer in answers])]
    for name in answers[0].statistics:
        rows.append(
            _row(name, [f"{answer.statistics[name]:.6g}" for answer in answers])
        )
    return _table(heads, rows)


def levels(answers: list[Answer]) -> str:
    """Eigenvalues and learnabilities by level, two columns for each kernel."""
    several = len(answers) > 1
    heads = [tex("k"), tex("g_k")]
    for position in range(len(answers)):
        mark = f"^{{({position + 1})}}" if several else ""
        heads += [tex(rf"\lambda_k{mark}"), tex(rf"\mathcal{{L}}_k{mark}")]
    by_level = [{x.level: x for x in answer.levels} for answer in answers]
    rows: list[tuple[str, ...]] = []
    for k in sorted(set().union(*by_level)):
        found = [levels.get(k) for levels in by_level]
        cells = [str(k), next(x.multiplicity for x in found if x is not None)]
        for x in found:
            known = x is not None
            cells.append(f"<code>{x.eigenvalue}</code>" if known else "–")
            cells.append(f"<code>{x.learnability:.6f}</code>" if known else "–")
        rows.append(tuple(cells))
    return _table(tuple(heads), rows)


def kernels(answers: list[Answer]) -> str:
    """The names of several kernels, by number."""
    if len(answers) == 1:
        return ""
    names = "".join(
        f"<li><code>{escape(answer.question.kernel)}</code></li>" for answer in answers
    )
    return f'<ol class="kernels">{names}</ol>'


def measured(answers: list[Answer], found: list[Seen | str]) -> str:
    """What the simulation says, in Markdown, and how far the theory is from it."""
    lines = []
    for position, (answer, seen) in enumerate(zip(answers, found, strict=True)):
        start = f"({position + 1}) " if len(answers) > 1 else ""
        if isinstance(seen, str):
            lines.append(f"{start}No simulation: {escape(seen)}.")
            continue
        parts = []
        for name, (value, error) in seen.means.items():
            theory = answer.statistics[name]
            gap = (
                f", {(value - theory) / error:+.1f} standard errors off"
                if error
                else ""
            )
            parts.append(
                f"{name} **{value:.4f} ± {error:.4f}** (theory {theory:.4f}{gap})"
            )
        lines.append(
            f"{start}Measured on {seen.trials} random data sets: {'; '.join(parts)}."
        )
    return "\n\n".join(lines)


def _row(name: str, values: list[str]) -> tuple[str, ...]:
    letter = f" {tex(LETTERS[name])}" if name in LETTERS else ""
    label = escape(name.removesuffix(" C")) + letter
    cells = [
        f'<code data-number="{escape(name)}">{escape(value)}</code>' for value in values
    ]
    return (label, *cells)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'
