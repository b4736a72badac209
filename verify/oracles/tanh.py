"""Nets of tanh, where the oracle integrates with few nodes: its values beside proved ones.

tanh has no dual in elementary functions. neural-tangents takes Gauss-Hermite quadrature in two
dimensions with as many nodes as it is told, and no error estimate. Here the dual is
Σ a_n² cⁿ with a_n integrated rigorously (FLINT), the rest of the series bounded by
|c|^(N+1) times what is missing from E tanh².
"""

import csv
import hashlib
import io
import tomllib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flint import arb, fmpq

from numerics.numbers.precision import working_precision
from verify.oracles.hermite import TanhDuals
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

FOLDER = Path(__file__).parent.parent / "references" / "neural_tangents"
TABLE, SIDECAR = FOLDER / "tanh.csv", FOLDER / "tanh.toml"
WEIGHTS, BIAS = fmpq(9, 4), fmpq(1, 100)
DIMENSION = 8
DEPTHS = (1, 4)
NODES = (25, 40, 128)
BITS = 128


@lru_cache(maxsize=8)
def _layers(depth: int) -> list[tuple[arb, TanhDuals]]:
    variance, layers = arb(WEIGHTS + BIAS), []
    for _ in range(depth):
        layer = TanhDuals(variance)
        layers.append((variance, layer))
        variance = arb(WEIGHTS) * layer.dual(arb(1)) + arb(BIAS)
    return layers


def proved(depth: int, t: fmpq) -> tuple[arb, arb]:
    """Enclosures of NNGP and NTK of a tanh net, σ_w² = 9/4, σ_b² = 1/100, at a cosine.

    Examples
    --------
    >>> nngp, ntk = proved(1, fmpq(1, 2))
    >>> float(nngp.rad()) < 1e-15, float(ntk.rad()) < 1e-10
    (True, True)
    """
    with working_precision(BITS):
        s = arb(WEIGHTS * t + BIAS)
        theta = s
        layers = _layers(depth)
        for place, (variance, layer) in enumerate(layers):
            c = arb(1) if t == 1 else s / variance
            last = place == len(layers) - 1
            w, b = (arb(1), arb(0)) if last else (arb(WEIGHTS), arb(BIAS))
            s = w * layer.dual(c) + b
            theta = s + w * theta * layer.slope_dual(c)
        return s, theta


def cosines() -> list[fmpq]:
    """The cosines of the 8-cube, but for −1: there the series proves few digits."""
    return [1 - fmpq(2 * m, DIMENSION) for m in range(DIMENSION)]


def question() -> list[dict[str, Any]]:
    """The jobs: corners of the cube at every distance from the first."""
    inputs = [[-1.0] * m + [1.0] * (DIMENSION - m) for m in range(DIMENSION)]
    return [
        {
            "activation": "tanh_by_quadrature",
            "numbers": [float(nodes)],
            "depth": depth,
            "weight_variance": 2.25,
            "bias_variance": 0.01,
            "inputs": inputs,
        }
        for depth in DEPTHS
        for nodes in NODES
    ]


def rows(answers: list[dict[str, Any]]) -> list[dict[str, str]]:
    """One row for each depth, number of nodes, family and distance."""
    found = []
    for job, answer in zip(question(), answers, strict=True):
        for m, t in enumerate(cosines()):
            pair = dict(zip(("nngp", "ntk"), proved(job["depth"], t), strict=True))
            for family, truth in pair.items():
                theirs = float(answer[family][0][m])
                gap = arb(theirs) - truth
                found.append(
                    {
                        "depth": str(job["depth"]),
                        "nodes": str(int(job["numbers"][0])),
                        "family": family,
                        "t": str(t),
                        "oracle": repr(theirs),
                        "proved": truth.str(20, radius=True),
                        "difference": gap.str(2, radius=False),
                    }
                )
    return found


def write(versions: dict[str, str], answers: list[dict[str, Any]]) -> None:
    """Put the table and its sidecar in place of what is there."""
    listed = rows(answers)
    memory = io.StringIO()
    writer = csv.DictWriter(memory, list(listed[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    text = memory.getvalue()
    TABLE.write_text(text, encoding="utf-8")
    lines = [
        "# tanh nets on the 8-cube: the oracle's quadrature beside proved values.",
        "# Made by: python -m verify.oracles.frozen",
        'oracle = "neural_tangents"',
        f'date = "{datetime.now(UTC).date().isoformat()}"',
        f'table_sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"',
        "",
        "[versions]",
        *(f'{name} = "{value}"' for name, value in versions.items()),
    ]
    SIDECAR.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read() -> list[dict[str, str]]:
    """The frozen rows."""
    with TABLE.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def intact() -> bool:
    """Whether the table is the one that the sidecar describes."""
    kept = tomllib.loads(SIDECAR.read_text(encoding="utf-8"))
    text = TABLE.read_text(encoding="utf-8")
    return kept["table_sha256"] == hashlib.sha256(text.encode()).hexdigest()


def weakness() -> Report:
    """How wrong the oracle's quadrature of tanh is, from the frozen table."""
    worst = {nodes: 0.0 for nodes in NODES}
    listed = read()
    for row in listed:
        nodes = int(row["nodes"])
        worst[nodes] = max(worst[nodes], abs(float(row["difference"])))
    said = ", ".join(f"{gap:.1e} with {nodes} nodes" for nodes, gap in worst.items())
    known = worst[25] > 1e-4 and worst[25] > worst[40] > worst[128]
    return Report(
        "the oracle's tanh, by quadrature, is off by what is documented: no reference",
        Verdict.CONFIRMED if known and intact() else Verdict.REFUTED,
        len(listed),
        name="oracle/tanh",
        effect=f"largest error against proved values: {said}",
    )
