"""The oracle's answers, kept as decimal text beside versions, hashes and a date.

``python -m verify.oracles.frozen`` asks the live oracle again and rewrites the tables;
``verify oracle`` says whether frozen and live agree.
"""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.oracles.cases import Case, cases, inputs
from verify.oracles.environment import Environment, OracleUnavailable, requirements
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

FOLDER = Path(__file__).parent.parent / "references" / "neural_tangents"
TABLE = FOLDER / "kernels.csv"
SIDECAR = FOLDER / "kernels.toml"
SCRIPT = Path(__file__).with_name("process.py")
COMMAND = "python -m verify.oracles.frozen"
Floats = NDArray[np.float64]
Kept = dict[tuple[str, str], Floats]


def question(listed: Iterable[Case] | None = None) -> list[dict[str, Any]]:
    """Every job of the comparison."""
    x = inputs()
    return [case.job(x) for case in (cases() if listed is None else listed)]


def sha256(text: str) -> str:
    """The hash that sidecars hold."""
    return hashlib.sha256(text.encode()).hexdigest()


def gather(answers: Iterable[dict[str, Any]], listed: list[Case]) -> Kept:
    """Kernel matrices by case and family.

    Raises
    ------
    OracleUnavailable
        When the oracle failed at a case, or stopped early.
    """
    kept: Kept = {}
    for case, answer in zip(listed, answers, strict=False):
        if "error" in answer:
            raise OracleUnavailable(
                f"the oracle failed at {case.name}: {answer['error']}"
            )
        for family in case.families:
            kept[case.name, family] = np.array(answer[family], dtype=np.float64)
    missing = [c.name for c in listed if (c.name, c.families[0]) not in kept]
    if missing:
        raise OracleUnavailable(f"the oracle stopped before {missing[0]}")
    return kept


def as_table(kept: Kept) -> str:
    """CSV text: the lower triangle of every matrix, floats as their shortest decimals."""
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    writer.writerow(["net", "family", "row", "column", "value"])
    for (name, family), matrix in kept.items():
        for row in range(len(matrix)):
            for column in range(row + 1):
                value = repr(float(matrix[row, column]))
                writer.writerow([name, family, row, column, value])
    return memory.getvalue()


def read(path: Path = TABLE) -> Kept:
    """The frozen matrices.

    Examples
    --------
    >>> read()["relu:depth=1,weight_variance=2,bias_variance=0", "ntk"].shape
    (8, 8)
    """
    size = len(inputs())
    kept: Kept = {}
    with path.open(newline="", encoding="utf-8") as handle:
        for line in csv.DictReader(handle):
            key = line["net"], line["family"]
            matrix = kept.setdefault(key, np.full((size, size), np.nan))
            row, column = int(line["row"]), int(line["column"])
            matrix[row, column] = matrix[column, row] = float(line["value"])
    return kept


def sidecar(path: Path = SIDECAR) -> dict[str, Any]:
    """Versions, hashes and date of the frozen table."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def stale() -> str:
    """Why the frozen table no longer answers the question of this code, or nothing."""
    kept = sidecar()
    now = {
        "script_sha256": sha256(SCRIPT.read_text(encoding="utf-8")),
        "inputs_sha256": sha256(json.dumps(question(), sort_keys=True)),
        "table_sha256": sha256(TABLE.read_text(encoding="utf-8")),
        "requirements_sha256": sha256(requirements()),
    }
    changed = [name for name, value in now.items() if kept.get(name) != value]
    return f"{', '.join(changed)} differ; run {COMMAND}" if changed else ""


def agree(live: Kept, frozen: Kept) -> Report:
    """Whether the frozen table is what the live oracle says now, to 16 units of rounding."""
    worst, where, entries = 0.0, "", 0
    for key in sorted(set(live) | set(frozen)):
        if key not in live or key not in frozen:
            worst, where = np.inf, f"{':'.join(key)} is in one of them only"
            break
        one, other = live[key], frozen[key]
        entries += one.size
        same = np.isnan(one) == np.isnan(other)
        unit = np.sqrt(np.outer(np.diag(one), np.diag(one)))
        unit = np.where(np.isfinite(unit) & (unit > 0), unit, np.abs(one))
        with np.errstate(invalid="ignore"):  # 0/0 where the oracle has an exact 0
            gaps = np.abs(one - other) / unit
        gap = float(np.nanmax(gaps, initial=0.0)) if same.all() else np.inf
        if gap > worst:
            worst, where = gap, ":".join(key)
    allowed = 16 * float(np.finfo(np.float64).eps)
    # the cusp of a kink magnifies rounding, which another processor may do otherwise
    cusp = 64 * float(np.sqrt(np.finfo(np.float64).eps))
    kinked = any(where.startswith(c.name) and c.activation.kinked for c in cases())
    fine = worst <= (cusp if kinked else allowed)
    return Report(
        "the frozen table is what the oracle says now",
        Verdict.CONFIRMED if fine else Verdict.REFUTED,
        entries,
        name="oracle/frozen-and-live",
        effect=f"largest |ΔK|/√(KK′) {worst:.1e}" + (f" ({where})" if worst else ""),
        reason="" if fine else f"to make it anew: {COMMAND}",
    )


def write(versions: dict[str, str], kept: Kept) -> None:
    """Put table and sidecar in place of what is there."""
    table = as_table(kept)
    FOLDER.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(table, encoding="utf-8")
    lines = [
        "# The oracle's answers to the nets of verify/oracles/cases.py.",
        f"# Made by: {COMMAND}",
        'oracle = "neural_tangents"',
        f'date = "{datetime.now(UTC).date().isoformat()}"',
        'arithmetic = "float64"',
        f'script_sha256 = "{sha256(SCRIPT.read_text(encoding="utf-8"))}"',
        f'inputs_sha256 = "{sha256(json.dumps(question(), sort_keys=True))}"',
        f'requirements_sha256 = "{sha256(requirements())}"',
        f'table_sha256 = "{sha256(table)}"',
        "",
        "[versions]",
        *(f'{name} = "{value}"' for name, value in versions.items()),
    ]
    SIDECAR.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Ask the live oracle and rewrite the frozen tables."""
    import sys

    from verify.oracles import tanh

    where = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    environment = Environment(where) if where else Environment.default()
    environment.build(lambda done, total, what: print(f"{done}/{total} {what}"))
    listed = cases()
    answers = environment.ask([*question(listed), *tanh.question()])
    versions = next(answers)["versions"]
    kept = gather((next(answers) for _ in listed), listed)
    write(versions, kept)
    tanh.write(versions, list(answers))
    print(f"{len(kept)} matrices in {TABLE}")


if __name__ == "__main__":
    main()
