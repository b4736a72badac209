"""The error table: how far the theory is off, over all stored experiments, with causes.

``python -m learnability.error_table results`` reads every stored run in that folder and
writes ``results/errors.csv``, all rows, and ``docs/errors.md``, the largest ones of each.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from learnability.reproduction.reproduce import MEASUREMENTS, SPECIFICATION
from verify.experiments import ErrorRow, Experiment, Measurements, from_json
from verify.storage.files import write_atomically

SHOWN = 5
COLUMNS = (
    "experiment",
    "comparison",
    "quantity",
    "target",
    "at",
    "error",
    "standard_error",
    "data_sets",
)
INTRODUCTION = """\
# How far the theory is off

Measured errors of the theory in every experiment whose run is kept in `results/`: kernel
regression minus theory, and nets minus kernel regression on the same data sets. MSE is
relative. Standard errors are over data sets; no row is chosen by its size before it is
measured, and all rows are in `results/errors.csv`.

Causes that are known apart stand beside each error:

- *spectrum*: what a theory with a cut spectrum, or one for inputs of another norm, adds;
- *finite domain*: what the formula for n of M distinct points changes (with a ridge);
- *constant mode*: φ₀ = 1 on every data set, so that its own share of C does not
  fluctuate; L₀ = λ₀/(λ₀ + C₋₀), with C₋₀ from the other modes;
- *stop rule*: the infinitely wide net under the nets' own stopping rule, minus kernel
  regression;
- *width bound*: max(0.4 ρ^0.4, 1.5/√width) with ρ = yᵀK⁻¹y/width, the size that the
  deviation of one net may have, not its value;
- *stability*: 2·lr·λ_max/n; above 2 the linearized net diverges, and nets leave the
  kernel's regime before they converge.

What none of them explains is left to finite n and to eigenfunctions that are not
Gaussian. On the circle that is most of it: with Gaussian features of the same spectrum
the theory is right to 0.01, and the true modes of one dimension are off by up to 0.1.

This page is made by `python -m learnability.error_table results docs/errors.md`.
"""


def stored_runs(folder: Path) -> list[tuple[str, Experiment, Measurements]]:
    """Every run in a folder of results: its folder's name, experiment and measurements.

    Raises
    ------
    OutOfDomain
        When a stored file is of another version or damaged; it is named.
    """
    found = []
    for path in sorted(folder.glob(f"*/{SPECIFICATION}")):
        experiment = from_json(path.read_text("utf-8"), str(path))
        table = path.parent / MEASUREMENTS
        measured = Measurements.from_csv(table.read_text("utf-8"), str(table))
        found.append((path.parent.name, experiment, measured))
    return found


def as_csv(rows: Sequence[tuple[str, ErrorRow]]) -> str:
    """All rows, with a column for every cause."""
    causes = list(dict.fromkeys(c for _, row in rows for c in row.shares))
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    writer.writerow([*COLUMNS, *(c.replace(" ", "_") for c in causes)])
    for name, row in rows:
        shares = [f"{row.shares[c]:.3g}" if c in row.shares else "" for c in causes]
        number = (f"{row.error.mean:.5g}", f"{row.error.error:.2g}", row.error.samples)
        place = (name, row.comparison, row.quantity, row.target, row.at)
        writer.writerow([*place, *number, *shares])
    return memory.getvalue()


def as_page(rows: Sequence[tuple[str, ErrorRow]], titles: dict[str, str]) -> str:
    """The page: for each experiment the largest errors of each comparison."""
    lines = [INTRODUCTION]
    for name, title in titles.items():
        own = [row for label, row in rows if label == name and row.error.samples > 1]
        if not own:
            continue
        lines += [f"## {name}", "", f"{title}.", ""]
        for key in dict.fromkeys((r.comparison, r.quantity) for r in own):
            chosen = [r for r in own if (r.comparison, r.quantity) == key]
            chosen.sort(key=lambda r: -abs(r.error.mean))
            lines += [*_largest(chosen, *key), ""]
    return "\n".join(lines).rstrip() + "\n"


def _largest(rows: list[ErrorRow], comparison: str, quantity: str) -> list[str]:
    head = f"{comparison}, {quantity}: the largest of {len(rows)}"
    lines = [head, "", "| target | at | error | known causes |", "|---|---|---|---|"]
    for row in rows[:SHOWN]:
        causes = ", ".join(f"{c} {value:.2g}" for c, value in row.shares.items())
        error = f"{row.error.mean:+.4f} ± {row.error.error:.1g}"
        lines.append(f"| {row.target} | {row.at} | {error} | {causes} |")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Write the table and the page.

    Parameters
    ----------
    arguments
        The folder of results, and where the page goes (docs/errors.md by default).
    """
    folder = Path(arguments[0] if arguments else "results")
    page = Path(arguments[1] if len(arguments) > 1 else "docs/errors.md")
    rows: list[tuple[str, ErrorRow]] = []
    titles: dict[str, Any] = {}
    for name, experiment, measured in stored_runs(folder):
        titles[name] = experiment.title
        rows += [(name, row) for row in experiment.examine(measured).errors]
    write_atomically(folder / "errors.csv", as_csv(rows).encode())
    write_atomically(page, as_page(rows, titles).encode())
    print(f"{len(rows)} rows in {folder / 'errors.csv'}, the largest in {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
