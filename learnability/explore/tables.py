"""The explorer's numbers, as HTML and as sentences."""

from html import escape

from learnability.explore.question import Answer
from verify.regression import Measured

CELL = "padding: 0.1rem 1rem 0.1rem 0; text-align: left;"
STATISTICS = {
    "test MSE": "test_mse",
    "bias": "bias",
    "variance": "variance",
    "train MSE": "train_mse",
    "overfitting coefficient": "E0",
    "learnability of the target": "target_learnability",
}


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    def line(cells: tuple[str, ...], tag: str) -> str:
        made = "".join(f'<{tag} style="{CELL}">{cell}</{tag}>' for cell in cells)
        return f"<tr>{made}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<table>{line(heads, 'th')}{body}</table>"


def numbers(answer: Answer) -> str:
    """C and the statistics; each value carries its name in ``data-number``."""
    values = {"constant C": str(answer.constant)}
    for name, attribute in STATISTICS.items():
        values[name] = f"{getattr(answer.prediction, attribute).item():.6g}"
    rows: list[tuple[str, ...]] = [
        (escape(name), f'<code data-number="{escape(name)}">{escape(value)}</code>')
        for name, value in values.items()
    ]
    return _table(("", "theory"), rows)


def levels(answer: Answer) -> str:
    """Eigenvalues and learnabilities by level."""
    rows: list[tuple[str, ...]] = []
    for k in answer.learned:
        level = answer.spectrum.level(k)
        value = f"<code>{level.eigenvalue.decimal(6)[0]}</code>"
        learned = f"<code>{answer.learnability[k]:.6f}</code>"
        rows.append((str(k), str(level.multiplicity), value, learned))
    return _table(("k", "multiplicity", "eigenvalue λ", "learnability L"), rows)


def measured(answer: Answer, found: Measured) -> str:
    """What the simulation says, in Markdown, and how far the theory is from it."""
    parts = []
    for name, statistic, attribute in (
        ("test MSE", "test_mse", "test_mse"),
        ("learnability", "learnability", "target_learnability"),
    ):
        mean = found.mean(statistic)
        value, error = mean.value, mean.error
        theory = float(getattr(answer.prediction, attribute).item())
        gap = f", {mean.z(theory):+.1f} standard errors off" if error else ""
        parts.append(f"{name} **{value:.4f} ± {error:.4f}** (theory {theory:.4f}{gap})")
    return f"Measured on {found.trials} random data sets: {'; '.join(parts)}."
